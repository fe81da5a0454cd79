using VoiceKit.Audio;

namespace VoiceKit.Cli;

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
        if (output == Standard || (!Directory.Exists(output) && Path.GetExtension(output).Equals(extension, StringComparison.OrdinalIgnoreCase)))
            throw new UsageException($"{output}: several inputs need a folder to be written to");
        if (File.Exists(output))
            throw new UsageException($"{output}: a folder is needed here, and this is a file");

        _ = OutputName.RequireFolder("-o", output);
        var files = inputs.SelectMany(Expand).DistinctBy(Path.GetFullPath).ToArray();
        var items = files.Select(file => new WorkItem(file, Files.ContainedPath.Of(output, Path.GetFileNameWithoutExtension(file) + extension))).ToArray();
        var clash = items.GroupBy(item => item.Output, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        if (clash is not null)
            throw new UsageException($"{string.Join(" and ", clash.Select(item => item.Input))} would both be written to {clash.Key}");
        return KeepInputs(items);
    }

    private static WorkItem[] KeepInputs(WorkItem[] items)
    {
        var replaced = items.FirstOrDefault(item => item.Input != Standard && Files.ContainedPath.RealPath(item.Input) == Files.ContainedPath.RealPlace(item.Output));
        return replaced is null ? items : throw new UsageException($"{replaced.Input} would be replaced by its own result: write to another file or folder");
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
