using System.Globalization;
using VoiceKit.Audio;
using VoiceKit.Batches;
using VoiceKit.Corpora;
using VoiceKit.Numerics;

namespace VoiceKit.Cli;

/// <summary>Does the same to one file or to many, without a journal; one that fails does not stop the others.</summary>
internal static class WorkRunner
{
    /// <summary>
    /// Runs the work, says what was written, and returns the exit code: a single item's own error, or 1 when some of many failed.
    /// </summary>
    /// <param name="console">Where progress goes.</param>
    /// <param name="items">What to work on; the outputs of several are in one folder.</param>
    /// <param name="jobs">How many items are worked on at a time.</param>
    /// <param name="work">Works on one item.</param>
    public static int Run(CommandConsole console, IReadOnlyList<WorkItem> items, int jobs, RecordingWork work)
    {
        if (items.Count == 1)
            return RunSingle(console, items[0], jobs, work);
        var folder = Path.GetDirectoryName(items[0].Output)!;
        var end = BatchRunner.RunOnce(
            folder,
            [.. items.Select(item => new CorpusItem(Path.GetFileNameWithoutExtension(item.Output), item.Input))],
            work,
            new BatchOptions { Jobs = Math.Max(1, jobs) },
            RunWords.Events(console) with
            {
                Warned = (item, warnings) =>
                {
                    foreach (var warning in warnings)
                        console.Warn($"{item.Path}: {warning}");
                },
            },
            console.Cancellation
        );
        console.Say(
            $"{end.Done} of {end.Total} files done{(end.Failed > 0 ? $", {end.Failed} failed" : "")}; they are in {folder}/ "
                + $"({Size(items.Sum(item => File.Exists(item.Output) ? new FileInfo(item.Output).Length : 0))})"
        );
        return end.Failed == 0 ? ExitCode.Done : ExitCode.SomeFailed;
    }

    private static int RunSingle(CommandConsole console, WorkItem item, int jobs, RecordingWork work)
    {
        using var limit = ParallelLimit.Enter(Math.Max(1, jobs));
        var output = new SingleOutput(console, item);
        using var input = RecordingInput.Open(
            Path.GetFileNameWithoutExtension(item.Input),
            item.Input,
            () => AudioInput.Open(item.Input),
            output
        );

        // A recording that is worked on whole has no progress to show.
        var progress = RecordingPieces.IsWhole(input.Stream) ? null : console.ProgressOf($"working on {Path.GetFileName(item.Input)}");
        work(input, output, progress, console.Cancellation);
        if (item.Output != WorkItems.Standard)
            console.Say($"wrote {Describe(item.Output)}");
        return ExitCode.Done;
    }

    /// <summary>A file's name and size.</summary>
    public static string Describe(string path) => File.Exists(path) ? $"{path} ({Size(new FileInfo(path).Length)})" : path;

    private static string Size(long bytes) =>
        bytes switch
        {
            < 1000 => string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes"),
            < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:F0} kB"),
            < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:F1} MB"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:F1} GB"),
        };
}

/// <summary>The messages of a run over many recordings.</summary>
internal static class RunWords
{
    /// <summary>Shows the progress, and says what failed.</summary>
    public static BatchEvents Events(CommandConsole console) =>
        new()
        {
            Progress = new SynchronousProgress<BatchProgress>(progress =>
                console.Show(
                    Describe(progress),
                    progress.Total == 0 ? 1 : (double)(progress.Done + progress.Skipped + progress.Failed) / progress.Total,
                    tellsTime: true
                )
            ),
            Failed = reason => console.Say($"failed: {reason}"),
        };

    /// <summary>A number of failures, after a comma; nothing where there are none.</summary>
    public static string Failures(long count) => count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {count} failed");

    /// <summary>A time in its unit.</summary>
    public static string Duration(TimeSpan time) =>
        time.TotalHours >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:F1} h")
        : time.TotalMinutes >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:F1} min")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F1} s");

    private static string Describe(BatchProgress progress) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{progress.Done + progress.Skipped + progress.Failed} of {progress.Total}{Failures(progress.Failed)}{Speed(progress)}"
        );

    private static string Speed(BatchProgress progress) =>
        progress.Remaining is { } left
            ? string.Create(CultureInfo.InvariantCulture, $", {progress.Throughput:F0} x real time, {Duration(left)} left")
            : "";
}

/// <summary>One input with the output that it becomes.</summary>
/// <param name="Input">The path to read, or "-".</param>
/// <param name="Output">The path to write, or "-".</param>
internal sealed record WorkItem(string Input, string Output);

/// <summary>Turns what was typed (files, folders, "-") into pairs of input and output.</summary>
internal static class WorkItems
{
    /// <summary>Standard input or output.</summary>
    public const string Standard = "-";

    /// <summary>Lists the work.</summary>
    /// <param name="inputs">What was typed.</param>
    /// <param name="output">A file for one input file; else a folder.</param>
    /// <param name="extension">The outputs' extension, with its dot.</param>
    public static IReadOnlyList<WorkItem> List(IReadOnlyList<string> inputs, string output, string extension)
    {
        var single = inputs.Count == 1 && !Directory.Exists(inputs[0]);
        if (single && (output == Standard || !IsFolder(output)))
            return KeepInputs([new WorkItem(inputs[0], OutputName.RequireFileOrStandard("-o", output, extension))]);
        if (
            output == Standard
            || (!Directory.Exists(output) && Path.GetExtension(output).Equals(extension, StringComparison.OrdinalIgnoreCase))
        )
            throw new UsageException($"{output}: several inputs need a folder to be written to");
        if (File.Exists(output))
            throw new UsageException($"{output}: a folder is needed here, and this is a file");

        _ = OutputName.RequireFolder("-o", output);
        var files = inputs.SelectMany(Expand).DistinctBy(Path.GetFullPath).ToArray();
        var items = files
            .Select(file => new WorkItem(file, Files.ContainedPath.Of(output, Path.GetFileNameWithoutExtension(file) + extension)))
            .ToArray();
        var clash = items.GroupBy(item => item.Output, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        if (clash is not null)
            throw new UsageException($"{string.Join(" and ", clash.Select(item => item.Input))} would both be written to {clash.Key}");
        return KeepInputs(items);
    }

    private static WorkItem[] KeepInputs(WorkItem[] items)
    {
        var replaced = items.FirstOrDefault(item =>
            item.Input != Standard && Files.ContainedPath.RealPath(item.Input) == Files.ContainedPath.RealPlace(item.Output)
        );
        return replaced is null
            ? items
            : throw new UsageException($"{replaced.Input} would be replaced by its own result: write to another file or folder");
    }

    private static bool IsFolder(string path) => Directory.Exists(path) || path.EndsWith(Path.DirectorySeparatorChar);

    private static IEnumerable<string> Expand(string input)
    {
        if (input == Standard)
            throw new UsageException("- (standard input) must be the only input");
        if (!Directory.Exists(input))
            return [input];
        var files = AudioFile.In(input);
        return files.Count > 0 ? files : throw new Files.BadFileException(input, null, "there is no audio file in this folder");
    }
}
