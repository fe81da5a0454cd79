using VoiceKit.Audio;
using VoiceKit.Batches;
using VoiceKit.Files;

namespace VoiceKit.Cli;

/// <summary>Opens what a verb reads: a file, or standard input.</summary>
internal static class AudioInput
{
    /// <summary>Opens a file, or standard input for "-".</summary>
    /// <exception cref="BadFileException">It cannot be decoded.</exception>
    public static AudioReader Open(string path)
    {
        if (path != WorkItems.Standard)
            return AudioFile.Open(path);
        var copy = CopyOfStandardInput();
        try
        {
            return WaveFile.Open(copy, "standard input");
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    /// <summary>Copies standard input to a temporary file: a pipe cannot be read twice, and may be long.</summary>
    private static FileStream CopyOfStandardInput()
    {
        var copy = new FileStream(
            Path.Combine(Path.GetTempPath(), $".voicekit-{Path.GetRandomFileName()}.tmp"),
            FileMode.CreateNew,
            FileAccess.ReadWrite,
            FileShare.None,
            1 << 16,
            FileOptions.DeleteOnClose
        );
        using var input = StandardStreams.OpenInput();
        input.CopyTo(copy);
        copy.Position = 0;
        return copy;
    }
}

/// <summary>The output of a single recording: a file, or standard output for "-". Warnings are said as they come.</summary>
internal sealed class SingleOutput(CommandConsole console, WorkItem item) : RecordingOutputs
{
    /// <summary>Gets a folder beside the output, where there is room for it.</summary>
    public override string TemporaryFolder
    {
        get
        {
            if (item.Output == WorkItems.Standard || item.Output.StartsWith("/dev/", StringComparison.Ordinal))
                return Path.GetTempPath();
            var folder = Path.GetDirectoryName(Path.GetFullPath(item.Output))!;
            Directory.CreateDirectory(folder);
            return folder;
        }
    }

    public override void Warn(IEnumerable<string> texts)
    {
        var said = texts.ToArray();
        base.Warn(said);
        foreach (var text in said)
            console.Warn($"{item.Input}: {text}");
    }

    /// <summary>Writes the output; its name was given whole.</summary>
    public override void Write(string suffix, Action<Stream> write)
    {
        console.Cancellation.ThrowIfCancellationRequested();
        if (item.Output != WorkItems.Standard)
        {
            AtomicFile.Write(item.Output, write);
            return;
        }

        using var output = StandardStreams.OpenOutput();
        write(output);
    }
}

/// <summary>Checks the names that outputs are to get: a format that cannot be written must not be promised by a name.</summary>
internal static class OutputName
{
    private static readonly string[] KnownEndings =
    [
        .. AudioFile.Extensions,
        ".m4a",
        ".aac",
        ".wma",
        ".npz",
        ".npy",
        ".csv",
        ".tsv",
        ".json",
        ".jsonl",
        ".png",
        ".jpg",
        ".jpeg",
        ".svg",
        ".pdf",
        ".txt",
        ".html",
        ".mid",
        ".midi",
        ".safetensors",
        ".h5",
        ".mat",
        ".pkl",
        ".gz",
        ".bz2",
        ".xz",
        ".zip",
        ".tar",
    ];

    /// <summary>
    /// Makes sure that a file's name has an ending that is written, or none; devices have any. Standard output is no file: see
    /// <see cref="RequireFileOrStandard"/>.
    /// </summary>
    /// <param name="option">The option that gave the name.</param>
    /// <param name="path">The name.</param>
    /// <param name="endings">The endings that are written, with their dots.</param>
    /// <exception cref="UsageException">It has another.</exception>
    public static string RequireFile(string option, string path, params string[] endings)
    {
        if (path == WorkItems.Standard)
            throw new UsageException($"{option} -: this is not written to standard output; give the name of a file");
        var ending = Path.GetExtension(path);
        if (
            ending.Length == 0
            || path.StartsWith("/dev/", StringComparison.Ordinal)
            || endings.Any(known => path.EndsWith(known, StringComparison.OrdinalIgnoreCase))
        )
            return path;
        throw new UsageException(
            $"{option} {path}: {ending} cannot be written; "
                + $"{(endings.Length == 1 ? $"it is {endings[0]}" : $"there are {string.Join(", ", endings)}")}"
        );
    }

    /// <summary>As <see cref="RequireFile"/>, where "-" stands for standard output.</summary>
    /// <param name="option">The option that gave the name.</param>
    /// <param name="path">The name, or "-".</param>
    /// <param name="endings">The endings that are written, with their dots.</param>
    /// <exception cref="UsageException">It has another.</exception>
    public static string RequireFileOrStandard(string option, string path, params string[] endings) =>
        path == WorkItems.Standard ? path : RequireFile(option, path, endings);

    /// <summary>Makes sure that a folder that is to be made has not the name of a file.</summary>
    /// <param name="option">The option that gave the name.</param>
    /// <param name="path">The name.</param>
    /// <exception cref="UsageException">It has.</exception>
    public static string RequireFolder(string option, string path) =>
        !Directory.Exists(path) && KnownEndings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase)
            ? throw new UsageException(
                $"{option} {path}: a folder is made here, and this is the name of a file; leave out {Path.GetExtension(path)}"
            )
            : path;
}
