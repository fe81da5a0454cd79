using System.Text.Json;
using VoiceKit.Corpora;
using VoiceKit.Files;

namespace VoiceKit.Batches;

/// <summary>The progress of a part of a batch.</summary>
/// <param name="Shard">The part.</param>
/// <param name="Items">Its items.</param>
/// <param name="Done">Those noted as done.</param>
/// <param name="Failed">Those noted as failed.</param>
/// <param name="AudioSeconds">How much sound is done, in seconds.</param>
/// <param name="IsRunning">Whether a run is at work on it.</param>
/// <param name="LastFinished">When the last item ended, in UTC; null before the first.</param>
public sealed record BatchPart(
    Shard Shard,
    long Items,
    long Done,
    long Failed,
    double AudioSeconds,
    bool IsRunning,
    DateTime? LastFinished
);

/// <summary>The progress of a batch by its lists and journals; no input or output is looked at.</summary>
/// <param name="Description">What the batch does.</param>
/// <param name="Parts">Its parts that have been listed.</param>
public sealed record BatchStatus(BatchDescription Description, IReadOnlyList<BatchPart> Parts)
{
    /// <summary>Reads how far the batch in an output folder is.</summary>
    /// <param name="path">The output folder.</param>
    /// <param name="failure">Receives the entry of each item that failed.</param>
    /// <exception cref="FileNotFoundException">No batch has been run there.</exception>
    public static BatchStatus Read(string path, Action<JournalEntry>? failure = null)
    {
        var folder = Path.GetFullPath(path);
        var description = BatchDescription.Read(folder);
        using var journal = Journal.ReadAll(BatchFolder.JournalFiles(folder));
        return new BatchStatus(
            description,
            [
                .. BatchFolder
                    .StateFiles(folder, BatchFolder.ItemsKind)
                    .Select(list => Count(folder, list.Shard, list.Path, journal, failure)),
            ]
        );
    }

    private static BatchPart Count(string folder, Shard shard, string list, Journal journal, Action<JournalEntry>? failure)
    {
        var part = new BatchPart(shard, 0, 0, 0, 0, BatchFolder.IsHeld(folder, shard), null);
        foreach (var item in CorpusItemList.Read(list))
        {
            part = part with { Items = part.Items + 1 };
            if (journal.Find(item.Id) is not { } entry)
                continue;
            var last = part.LastFinished > entry.Finished ? part.LastFinished : entry.Finished;
            if (entry.Outcome == BatchOutcome.Failed)
                failure?.Invoke(entry);
            part =
                entry.Outcome == BatchOutcome.Done
                    ? part with
                    {
                        Done = part.Done + 1,
                        AudioSeconds = part.AudioSeconds + entry.AudioSeconds,
                        LastFinished = last,
                    }
                    : part with
                    {
                        Failed = part.Failed + 1,
                        LastFinished = last,
                    };
        }

        return part;
    }
}

/// <summary>The description of a batch: everything besides the inputs that decides the outputs.</summary>
/// <param name="Verb">The task's name.</param>
/// <param name="Version">The version of VoiceKit: another may compute something else from the same parameters.</param>
/// <param name="Parameters">The task's parameters.</param>
/// <param name="Model">The SHA-256 of the model's file; null where none is used.</param>
public sealed record BatchDescription(string Verb, string Version, IReadOnlyDictionary<string, string> Parameters, string? Model)
{
    private const string FileName = "batch.json";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Gets the first 16 hexadecimal digits of the SHA-256 of verb, version and parameters.</summary>
    public string ParametersHash { get; } =
        ContentHash.OfText(
            string.Join(
                '\n',
                Parameters
                    .Select(parameter => $"{parameter.Key}={parameter.Value}")
                    .Order(StringComparer.Ordinal)
                    .Prepend(Version)
                    .Prepend(Verb)
            )
        )[..16];

    /// <summary>Writes the description into the output folder.</summary>
    /// <param name="folder">The output folder.</param>
    public void Write(BatchFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        folder.WriteState(PathIn(folder.Path), stream => JsonSerializer.Serialize(stream, this, Indented));
    }

    /// <summary>Reads the description of the batch that writes to a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="FileNotFoundException">No batch has been run there.</exception>
    /// <exception cref="BadFileException">The description is damaged.</exception>
    public static BatchDescription Read(string folder)
    {
        var path = PathIn(folder);
        if (!File.Exists(path))
            throw new FileNotFoundException(
                $"{folder}: no batch has been run here (there is no {BatchFolder.StateName}/{FileName} in it)",
                path
            );
        try
        {
            using var stream = InputFile.Open(path);
            var description = JsonSerializer.Deserialize<BatchDescription>(stream);
            return description is { Verb: not null, Version: not null, Parameters: not null }
                ? description
                : throw new JsonException("verb, version or parameters are missing");
        }
        catch (Exception exception) when (exception is JsonException or ArgumentNullException)
        {
            throw new BadFileException(path, null, $"the description of the batch is damaged: {exception.Message}", exception);
        }
    }

    private static string PathIn(string folder) => BatchFolder.StatePath(folder, FileName);
}
