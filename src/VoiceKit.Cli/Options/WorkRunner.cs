using System.Globalization;
using VoiceKit.Audio;
using VoiceKit.Numerics;

namespace VoiceKit.Cli;

/// <summary>Does the same to many files; one that fails does not stop the others.</summary>
internal static class WorkRunner
{
    /// <summary>
    /// Runs the work, says what was written, and returns the exit code: a single item's own error, or 1 when some of many failed.
    /// </summary>
    /// <param name="console">Where progress goes.</param>
    /// <param name="items">What to work on.</param>
    /// <param name="jobs">How many items are worked on at a time.</param>
    /// <param name="work">Works on one item and returns what it wrote.</param>
    public static int Run(CommandConsole console, IReadOnlyList<WorkItem> items, int jobs, Func<WorkItem, string> work)
    {
        if (items.Count == 1)
        {
            using var limit = ParallelLimit.Enter(Math.Max(1, jobs));
            var written = work(items[0]);
            if (items[0].Output != WorkItems.Standard)
                console.Say($"wrote {written}");
            return ExitCode.Done;
        }

        var (done, failed) = (0, 0);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, jobs), CancellationToken = console.Cancellation };
        Parallel.ForEach(
            items,
            options,
            item =>
            {
                // The items share the cores: each has one.
                using var limit = ParallelLimit.Enter(1);
                try
                {
                    _ = work(item);
                }
                catch (Exception exception)
                    when (exception is not OperationCanceledException && CommandLine.Judge(exception).Code != ExitCode.Bug)
                {
                    Interlocked.Increment(ref failed);
                    console.Say($"failed: {CommandLine.Judge(exception).Message}");
                }

                console.Progress($"{Interlocked.Increment(ref done)} of {items.Count} files", (double)done / items.Count);
            }
        );
        var folder = Path.GetDirectoryName(items[0].Output) ?? "";
        console.Say(
            $"{items.Count - failed} of {items.Count} files done{(failed > 0 ? $", {failed} failed" : "")}; they are in {folder}/ "
                + $"({Size(items.Sum(item => File.Exists(item.Output) ? new FileInfo(item.Output).Length : 0))})"
        );
        return failed == 0 ? ExitCode.Done : ExitCode.SomeFailed;
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
