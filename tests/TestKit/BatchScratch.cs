using VoiceKit.Audio;
using VoiceKit.Batches;
using VoiceKit.Corpora;

namespace VoiceKit.Tests.TestKit;

/// <summary>A folder with a small corpus in "in" and the batches that write to "out", gone after the test.</summary>
internal sealed class BatchScratch : IDisposable
{
    private readonly ScratchFolder scratch = new();

    public BatchScratch(params string[] names)
    {
        Directory.CreateDirectory(Input);
        foreach (var name in names)
            Sound(name);
    }

    public string Input => scratch["in"];

    public string Output => scratch["out"];

    public string this[string name] => scratch[name];

    /// <summary>Writes a short recording below "in".</summary>
    public string Sound(string name, int length = 400, int seed = 0)
    {
        var path = Path.Combine(Input, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var random = new Random(seed);
        WaveFile.Write(path, new Waveform([.. Enumerable.Range(0, length).Select(_ => (0.4 * random.NextDouble()) - 0.2)], 16000));
        return path;
    }

    /// <summary>Runs a task over the corpus.</summary>
    public BatchProgress Run(
        BatchTask task,
        Shard? shard = null,
        BatchOptions? options = null,
        IEnumerable<CorpusItem>? items = null,
        CancellationToken cancellation = default
    )
    {
        using var folder = BatchFolder.Open(Output, shard ?? Shard.Whole);
        var listed = BatchItems.Write(folder, items ?? CorpusFolder.List(Input), task);
        return BatchRunner.Run(folder, listed, task, options ?? new BatchOptions { Jobs = 2 }, cancellation: cancellation);
    }

    /// <summary>The outputs below "out", without what VoiceKit notes.</summary>
    public string[] Outputs => FilesBelow(Output).Where(name => !name.StartsWith(".voicekit", StringComparison.Ordinal)).ToArray();

    /// <summary>Temporary files that were left behind.</summary>
    public string[] Leftovers => FilesBelow(Output).Where(name => name.EndsWith(".tmp", StringComparison.Ordinal)).ToArray();

    /// <summary>The lines of the journal of a part.</summary>
    public string[] JournalLines(string suffix = "") => File.ReadAllLines(JournalPath(suffix));

    public string JournalPath(string suffix = "") => Path.Combine(Output, ".voicekit", $"journal{suffix}.jsonl");

    public void Dispose() => scratch.Dispose();

    private static IEnumerable<string> FilesBelow(string folder) =>
        Directory.Exists(folder)
            ? Directory
                .EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
                .Select(path => Path.GetRelativePath(folder, path))
                .Order(StringComparer.Ordinal)
            : [];
}
