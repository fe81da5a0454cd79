using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using VoiceKit.Files;

namespace VoiceKit.Corpora;

/// <summary>
/// The JSON object on one line of a manifest; whatever is not as it should be ends in an exception that names file and line.
/// </summary>
internal readonly struct JsonLine(TextLines lines, JsonElement element)
{
    /// <summary>Reads the next line that is not blank.</summary>
    /// <param name="lines">The file.</param>
    /// <returns>The object, which the caller disposes; null at the file's end.</returns>
    /// <exception cref="BadFileException">The line holds no JSON object.</exception>
    public static JsonDocument? Next(TextLines lines)
    {
        while (lines.TryRead(out var line))
        {
            if (line.Span.IndexOfAnyExcept((byte)' ', (byte)'\t') < 0)
                continue;
            JsonDocument document;
            try
            {
                document = JsonDocument.Parse(line);
            }
            catch (JsonException exception)
            {
                throw lines.Bad($"this is no JSON object: {CorpusId.Shortened(exception.Message)}", exception);
            }

            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return document;
            document.Dispose();
            throw lines.Bad("this is no JSON object");
        }

        return null;
    }

    /// <summary>A text that must be there.</summary>
    public string Text(string name) => OptionalText(name) ?? throw lines.Bad($"\"{name}\" is missing");

    /// <summary>A text; null where it is missing or null.</summary>
    public string? OptionalText(string name)
    {
        if (Value(name) is not { } value)
            return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException exception)
        {
            // Another type, bytes that are no UTF-8, or half of a surrogate pair.
            throw lines.Bad($"\"{name}\" is no text", exception);
        }
    }

    /// <summary>
    /// The name of a file or a recording, which must be there. Bytes that are no UTF-8 become U+FFFD: such a name fails alone, when it is
    /// opened.
    /// </summary>
    public string Name(string name)
    {
        if (Value(name) is not { ValueKind: JsonValueKind.String } value)
            return Text(name);
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            var bytes = JsonMarshal.GetRawUtf8Value(value);
            return Utf8.IsValid(bytes) ? Text(name) : Encoding.UTF8.GetString(bytes).Trim('"');
        }
    }

    /// <summary>The number of a channel, counted from 0; null where it is missing.</summary>
    public int? Channel(string name) =>
        OptionalNumber(name) switch
        {
            null => null,
            >= 0 and <= ushort.MaxValue and var number when Math.Truncate(number) == number => (int)number,
            _ => throw lines.Bad($"\"{name}\" is no channel"),
        };

    /// <summary>The numbers of channels, counted from 0: one or a list; null where they are missing.</summary>
    public IReadOnlyList<int>? Channels(string name)
    {
        switch (Value(name))
        {
            case null:
                return null;
            case { ValueKind: JsonValueKind.Number }:
                return [Channel(name)!.Value];
            case { ValueKind: JsonValueKind.Array } list:
                var numbers = new List<int>();
                foreach (var item in list.EnumerateArray())
                    numbers.Add(
                        item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out var number) && number is >= 0 and <= ushort.MaxValue
                            ? number
                            : throw lines.Bad($"\"{name}\" holds what is no channel")
                    );
                return numbers;
            default:
                throw lines.Bad($"\"{name}\" is neither a number nor a list");
        }
    }

    /// <summary>A number above 0; null where it is missing or null.</summary>
    public double? OptionalPositive(string name) =>
        OptionalNumber(name) switch
        {
            null => null,
            > 0 and var number => number,
            var number => throw lines.Bad(System.FormattableString.Invariant($"\"{name}\" is {number}; it must be above 0")),
        };

    /// <summary>A number that must be there.</summary>
    public double Number(string name) => OptionalNumber(name) ?? throw lines.Bad($"\"{name}\" is missing");

    /// <summary>A finite number; null where it is missing or null.</summary>
    public double? OptionalNumber(string name) =>
        Value(name) switch
        {
            null => null,
            { ValueKind: JsonValueKind.Number } value when value.TryGetDouble(out var number) && double.IsFinite(number) => number,
            _ => throw lines.Bad($"\"{name}\" is no number"),
        };

    /// <summary>A value of any type; null where it is missing or null.</summary>
    public JsonElement? Value(string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}

/// <summary>
/// Writes JSON objects, one a line. Line breaks, quotes and controls in texts are escaped; half of a surrogate pair becomes U+FFFD.
/// </summary>
/// <param name="stream">Where to; it stays open.</param>
internal sealed class JsonLineWriter(Stream stream) : IDisposable
{
    private const int FlushSize = 1 << 16;
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly MemoryStream buffer = new();
    private Utf8JsonWriter? json;

    /// <summary>Writes one line.</summary>
    public void Write(Action<Utf8JsonWriter> members)
    {
        json ??= new Utf8JsonWriter(buffer, Plain);
        json.Reset();
        json.WriteStartObject();
        members(json);
        json.WriteEndObject();
        json.Flush();
        buffer.WriteByte((byte)'\n');
        if (buffer.Length >= FlushSize)
            Flush();
    }

    /// <summary>Hands all lines on to the stream.</summary>
    public void Flush()
    {
        buffer.WriteTo(stream);
        buffer.SetLength(0);
    }

    /// <summary>Ends without writing what was not flushed.</summary>
    public void Dispose() => json?.Dispose();
}
