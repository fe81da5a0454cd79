namespace VoiceKit.Cli;

/// <summary>Does the same to many files; one that fails does not stop the others.</summary>
internal static class WorkRunner
{
    /// <summary>Runs the work and returns the exit code: a single item's own error, or 1 when some of many failed.</summary>
    public static int Run(CommandConsole console, IReadOnlyList<WorkItem> items, int jobs, Action<WorkItem> work)
    {
        if (items.Count == 1)
        {
            work(items[0]);
            return ExitCode.Done;
        }

        var (done, failed) = (0, 0);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, jobs), CancellationToken = console.Cancellation };
        Parallel.ForEach(items, options, item =>
        {
            try
            {
                work(item);
            }
            catch (Exception exception) when (exception is not OperationCanceledException && CommandLine.Judge(exception).Code != ExitCode.Bug)
            {
                Interlocked.Increment(ref failed);
                console.Say($"failed: {CommandLine.Judge(exception).Message}");
            }

            console.Progress($"{Interlocked.Increment(ref done)} of {items.Count} files", (double)done / items.Count);
        });
        console.Say($"{items.Count - failed} of {items.Count} files done{(failed > 0 ? $", {failed} failed" : "")}");
        return failed == 0 ? ExitCode.Done : ExitCode.SomeFailed;
    }
}
