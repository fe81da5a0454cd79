using VoiceKit.Audio;
using VoiceKit.Files;

namespace VoiceKit.Cli;

/// <summary>A recording that a verb works on, opened, with a word on what is odd about it.</summary>
internal sealed class AudioInput : IDisposable
{
    private AudioInput(AudioReader stream, SignalReport signal) => (Stream, Signal) = (stream, signal);

    /// <summary>Gets the sound, at least one sample.</summary>
    public AudioReader Stream { get; }

    /// <summary>Gets what was measured in it.</summary>
    public SignalReport Signal { get; }

    /// <summary>Opens a file, or standard input for "-", and warns of what was found.</summary>
    /// <exception cref="BadFileException">It cannot be decoded, or is empty.</exception>
    public static AudioInput Open(CommandConsole console, string path)
    {
        var copy = path == WorkItems.Standard ? CopyOfStandardInput() : null;
        AudioReader? stream = null;
        try
        {
            stream = copy is null ? AudioFile.Open(path) : WaveFile.Open(copy, "standard input");
            if (stream.Length == 0)
                throw new BadFileException(path, null, "the recording is empty");
            var signal = SignalMeter.Measure(stream).Report();
            foreach (var warning in stream.Warnings.Concat(signal.Warnings))
                console.Warn($"{path}: {warning}");
            return new AudioInput(stream, signal);
        }
        catch
        {
            stream?.Dispose();
            copy?.Dispose();
            throw;
        }
    }

    public void Dispose() => Stream.Dispose();

    /// <summary>Shows the progress within a recording that is worked on in pieces; of others there is none to show.</summary>
    public static Action<double>? ProgressOf(CommandConsole console, AudioReader stream, string stage) =>
        RecordingPieces.IsWhole(stream) ? null : share => console.Progress(stage, share);

    /// <summary>An existing folder for what is set aside while an output is made: beside the output, where there is room for it.</summary>
    public static string TemporaryFolder(string output)
    {
        if (output == WorkItems.Standard || output.StartsWith("/dev/", StringComparison.Ordinal))
            return Path.GetTempPath();
        var folder = Path.GetDirectoryName(Path.GetFullPath(output))!;
        Directory.CreateDirectory(folder);
        return folder;
    }

    /// <summary>Checks samples and writes them as a WAV file, to standard output for "-".</summary>
    public static void Write(CommandConsole console, string path, SampleSpool spool, bool isInputSilent, WaveEncoding encoding)
    {
        console.Cancellation.ThrowIfCancellationRequested();
        foreach (var warning in OutputLevel.Protect(spool, isInputSilent))
            console.Warn($"{path}: {warning}");
        if (path == WorkItems.Standard)
        {
            using var stream = StandardStreams.OpenOutput();
            WaveFile.Write(stream, spool, encoding);
        }
        else
        {
            AtomicFile.Write(path, stream => WaveFile.Write(stream, spool, encoding));
        }
    }

    /// <summary>What comes from a pipe cannot be read twice, and may be long.</summary>
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
