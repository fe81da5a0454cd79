using System.Text.Json;
using VoiceKit.Files;

namespace VoiceKit.Corpora;

/// <summary>The JSON object on one line of a manifest; whatever is not as it should be ends in an exception that names file and line.</summary>
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

    /// <summary>A number that must be there.</summary>
    public double Number(string name) => OptionalNumber(name) ?? throw lines.Bad($"\"{name}\" is missing");

    /// <summary>A finite number; null where it is missing or null.</summary>
    public double? OptionalNumber(string name) => Value(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value when value.TryGetDouble(out var number) && double.IsFinite(number) => number,
        _ => throw lines.Bad($"\"{name}\" is no number"),
    };

    /// <summary>A value of any type; null where it is missing or null.</summary>
    public JsonElement? Value(string name) => element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
