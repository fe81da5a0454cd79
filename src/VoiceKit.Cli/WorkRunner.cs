using System.Globalization;

namespace VoiceKit.Cli;

/// <summary>Does the same to many files; one that fails does not stop the others.</summary>
internal static class WorkRunner
{
    /// <summary>Runs the work, says what was written, and returns the exit code: a single item's own error, or 1 when some of many failed.</summary>
    /// <param name="console">Where progress goes.</param>
    /// <param name="items">What to work on.</param>
    /// <param name="jobs">How many items are worked on at a time.</param>
    /// <param name="work">Works on one item and returns what it wrote.</param>
    public static int Run(CommandConsole console, IReadOnlyList<WorkItem> items, int jobs, Func<WorkItem, string> work)
    {
        if (items.Count == 1)
        {
            var written = work(items[0]);
            if (items[0].Output != WorkItems.Standard)
                console.Say($"wrote {written}");
            return ExitCode.Done;
        }

        var (done, failed) = (0, 0);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, jobs), CancellationToken = console.Cancellation };
        Parallel.ForEach(items, options, item =>
        {
            try
            {
                _ = work(item);
            }
            catch (Exception exception) when (exception is not OperationCanceledException && CommandLine.Judge(exception).Code != ExitCode.Bug)
            {
                Interlocked.Increment(ref failed);
                console.Say($"failed: {CommandLine.Judge(exception).Message}");
            }

            console.Progress($"{Interlocked.Increment(ref done)} of {items.Count} files", (double)done / items.Count);
        });
        var folder = Path.GetDirectoryName(items[0].Output) ?? "";
        console.Say($"{items.Count - failed} of {items.Count} files done{(failed > 0 ? $", {failed} failed" : "")}; they are in {folder}/ ({Size(items.Sum(item => File.Exists(item.Output) ? new FileInfo(item.Output).Length : 0))})");
        return failed == 0 ? ExitCode.Done : ExitCode.SomeFailed;
    }

    /// <summary>A file's name and size.</summary>
    public static string Describe(string path) => File.Exists(path) ? $"{path} ({Size(new FileInfo(path).Length)})" : path;

    private static string Size(long bytes) => bytes switch
    {
        < 1000 => string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:F0} kB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:F1} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:F1} GB"),
    };
}
