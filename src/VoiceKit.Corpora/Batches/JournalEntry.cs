using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using VoiceKit.Corpora;
using VoiceKit.Files;

namespace VoiceKit.Batches;

/// <summary>The outcome of an item.</summary>
public enum BatchOutcome
{
    /// <summary>Its outputs are written.</summary>
    Done,

    /// <summary>It could not be worked on; the reason is noted.</summary>
    Failed,
}

/// <summary>One file that an item became.</summary>
/// <param name="Name">Its path below the output folder, with "/" between folders.</param>
/// <param name="Stamp">Its size and time as they were written.</param>
/// <param name="Hash">The SHA-256 of its bytes.</param>
public sealed record BatchOutput(string Name, FileStamp Stamp, string Hash);

/// <summary>One line of a journal: what was done with an item, and with what.</summary>
public sealed record JournalEntry
{
    /// <summary>Gets or sets the item's name.</summary>
    public required string Id { get; init; }

    /// <summary>Gets or sets the file that was read.</summary>
    public required string Input { get; init; }

    /// <summary>Gets or sets the part of the file, as "start-end" in seconds; null for the whole.</summary>
    public string? Part { get; init; }

    /// <summary>Gets or sets the input's size and time when it was read; null where there was no such file.</summary>
    public FileStamp? InputStamp { get; init; }

    /// <summary>Gets or sets the SHA-256 of the input; null where it could not be read.</summary>
    public string? InputHash { get; init; }

    /// <summary>Gets or sets the hash of verb and parameters, <see cref="BatchDescription.ParametersHash"/>.</summary>
    public required string Parameters { get; init; }

    /// <summary>Gets or sets the SHA-256 of the model; null where none is used.</summary>
    public string? Model { get; init; }

    /// <summary>Gets or sets how it ended.</summary>
    public required BatchOutcome Outcome { get; init; }

    /// <summary>Why it failed; null where it did not.</summary>
    public string? Reason { get; init; }

    /// <summary>Gets or sets what was odd about the recording.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>
    /// Gets or sets notes on what was done to the recording, such as what was cut off; they are not warnings.
    /// </summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Gets or sets the files that it became; none where it failed.</summary>
    public IReadOnlyList<BatchOutput> Outputs { get; init; } = [];

    /// <summary>Gets or sets how long the work took, in seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>Gets or sets how much sound it was, in seconds.</summary>
    public double AudioSeconds { get; init; }

    /// <summary>When it ended, in UTC.</summary>
    public required DateTime Finished { get; init; }
}

/// <summary>A journal entry as a line of JSON. The name comes first, so that an index need not read further.</summary>
internal static class JournalLine
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The entry as UTF-8 with its line break.</summary>
    public static byte[] Write(JournalEntry entry)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            json.WriteString("item", entry.Id);
            json.WriteString("outcome", entry.Outcome == BatchOutcome.Done ? "done" : "failed");
            WriteIf(json, "reason", entry.Reason);
            json.WriteString("input", entry.Input);
            WriteIf(json, "part", entry.Part);
            if (entry.InputStamp is { } stamp)
                WriteStamp(json, stamp);
            WriteIf(json, "sha256", entry.InputHash);
            json.WriteString("parameters", entry.Parameters);
            WriteIf(json, "model", entry.Model);
            json.WriteNumber("seconds", Math.Round(entry.Seconds, 4));
            json.WriteNumber("audio_seconds", Math.Round(entry.AudioSeconds, 4));
            json.WriteString("finished", Time(entry.Finished));
            WriteTexts(json, "warnings", entry.Warnings);
            WriteTexts(json, "notes", entry.Notes);

            json.WriteStartArray("outputs");
            foreach (var output in entry.Outputs)
            {
                json.WriteStartObject();
                json.WriteString("name", output.Name);
                WriteStamp(json, output.Stamp);
                json.WriteString("sha256", output.Hash);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Determines whether a line says that its item failed.</summary>
    public static bool IsFailure(byte[] line) => line.AsSpan().IndexOf("\"outcome\":\"failed\""u8) >= 0;

    /// <summary>The item's name in a line; null where the line is damaged.</summary>
    /// <param name="line">The line, without its line break.</param>
    /// <param name="fault">Why a name in it, of the item or of an output, cannot be that of a file below the output folder; else
    /// null.</param>
    public static string? Id(ReadOnlySpan<byte> line, out string? fault)
    {
        fault = null;
        try
        {
            // A line that was cut by a power failure may begin well: the whole of it must be an object.
            var json = new Utf8JsonReader(line);
            if (
                !json.Read()
                || json.TokenType != JsonTokenType.StartObject
                || !json.Read()
                || !json.ValueTextEquals("item"u8)
                || !json.Read()
            )
                return null;
            var id = json.GetString();
            var found = id is not null && CorpusId.Fault(id) is { } idFault ? $"the item '{CorpusId.Shortened(id)}': {idFault}" : null;
            while (json.Read())
            {
                if (json.TokenType != JsonTokenType.PropertyName || !json.ValueTextEquals("name"u8))
                    continue;
                if (
                    json.Read()
                    && json.TokenType == JsonTokenType.String
                    && json.GetString() is { } name
                    && CorpusId.OutputFault(name) is { } nameFault
                )
                    found ??= $"the output '{CorpusId.Shortened(name)}': {nameFault}";
            }

            fault = found;
            return id;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The entry in a line; null where the line is damaged.</summary>
    public static JournalEntry? Read(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var json = document.RootElement;
            return new JournalEntry
            {
                Id = Text(json, "item")!,
                Outcome = Text(json, "outcome") == "done" ? BatchOutcome.Done : BatchOutcome.Failed,
                Reason = Text(json, "reason"),
                Input = Text(json, "input")!,
                Part = Text(json, "part"),
                InputStamp = json.TryGetProperty("size", out _) ? Stamp(json) : null,
                InputHash = Text(json, "sha256"),
                Parameters = Text(json, "parameters")!,
                Model = Text(json, "model"),
                Seconds = json.GetProperty("seconds").GetDouble(),
                AudioSeconds = json.GetProperty("audio_seconds").GetDouble(),
                Finished = Time(json, "finished"),
                Warnings = Texts(json, "warnings"),
                Notes = Texts(json, "notes"),
                Outputs =
                [
                    .. json.GetProperty("outputs")
                        .EnumerateArray()
                        .Select(item => new BatchOutput(Text(item, "name")!, Stamp(item), Text(item, "sha256")!)),
                ],
            };
        }
        catch (Exception exception)
            when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return null;
        }
    }

    private static void WriteIf(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        if (texts.Count == 0)
            return;
        json.WriteStartArray(name);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static string[] Texts(JsonElement json, string name) =>
        json.TryGetProperty(name, out var texts) ? [.. texts.EnumerateArray().Select(item => item.GetString()!)] : [];

    private static void WriteStamp(Utf8JsonWriter json, FileStamp stamp)
    {
        json.WriteNumber("size", stamp.Size);
        json.WriteString("modified", Time(stamp.Modified));
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static FileStamp Stamp(JsonElement json) => new(json.GetProperty("size").GetInt64(), Time(json, "modified"));

    private static string Time(DateTime time) => time.ToString("O", CultureInfo.InvariantCulture);

    private static DateTime Time(JsonElement json, string name) =>
        DateTime.ParseExact(Text(json, name)!, "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
}
