using System.Text.Json;
using VoiceKit.Files;

namespace VoiceKit.Music;

/// <summary>The result of reading one file of music.</summary>
/// <param name="Path">The file.</param>
/// <param name="WindowCount">The windows that it gave.</param>
/// <param name="Problem">Why it gave none, or what was odd; null where nothing was.</param>
public sealed record MusicFileReport(string Path, int WindowCount, string? Problem);

/// <summary>Music to train on: windows in C major and A minor, and what became of each file.</summary>
/// <param name="Windows">The windows.</param>
/// <param name="Reports">One for each file.</param>
public sealed record TrainingMusic(IReadOnlyList<PianoRoll> Windows, IReadOnlyList<MusicFileReport> Reports);

/// <summary>Reads music to train on from a folder, or from a file of chorales.</summary>
public static class MusicFolder
{
    private static readonly string[] Endings = [".mid", ".midi"];

    /// <summary>The MIDI files below a folder, in the order of their names. Links to folders are not followed.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static IReadOnlyList<string> Files(string folder)
    {
        if (!Directory.Exists(folder))
            throw File.Exists(folder)
                ? new BadFileException(folder, null, "this is a file; a folder was expected")
                : new DirectoryNotFoundException($"{folder}: there is no such folder");
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            AttributesToSkip = 0,
            IgnoreInaccessible = false,
        };
        var everything = new System.IO.Enumeration.FileSystemEnumerable<string>(
            folder,
            (ref System.IO.Enumeration.FileSystemEntry entry) => entry.ToFullPath(),
            options
        )
        {
            ShouldIncludePredicate = (ref System.IO.Enumeration.FileSystemEntry entry) =>
                !entry.IsDirectory && Endings.Contains(Path.GetExtension(entry.FileName).ToString(), StringComparer.OrdinalIgnoreCase),
            ShouldRecursePredicate = (ref System.IO.Enumeration.FileSystemEntry entry) =>
                (entry.Attributes & FileAttributes.ReparsePoint) == 0,
        };
        return [.. everything.Order(StringComparer.Ordinal)];
    }

    /// <summary>
    /// Reads every MIDI file below a folder, or a file of chorales (.json) without its test split, and cuts it into windows.
    /// </summary>
    /// <param name="path">The folder or file.</param>
    /// <param name="layout">The windows' grid.</param>
    /// <param name="progress">Called with the share that is done.</param>
    /// <exception cref="BadFileException">There is no music to train on.</exception>
    public static TrainingMusic Read(string path, SnippetLayout layout, IProgress<double>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(layout);
        layout.Validate();
        return path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? ReadChorales(path, layout) : ReadFolder(path, layout, progress);
    }

    /// <summary>A score as the pieces that windows are cut from: in the layout's voices, brought to C major or A minor.</summary>
    /// <param name="roll">The piano-roll.</param>
    public static PianoRoll Normalised(PianoRoll roll) => roll.Transpose(KeyEstimator.Estimate(roll).TranspositionToC);

    private static TrainingMusic ReadChorales(string path, SnippetLayout layout)
    {
        if (layout.StepsPerBeat != 4 || layout.VoiceCount != 4)
            throw new BadFileException(
                path,
                null,
                "a file of chorales has four voices on a grid of sixteenths, and no other can be made of it"
            );
        var splits = ChoraleFile.Read(path, layout.Range);
        var windows = Windows(splits.Train.Concat(splits.Valid), layout);
        return windows.Count > 0
            ? new TrainingMusic(windows, [new MusicFileReport(path, windows.Count, null)])
            : throw new BadFileException(path, null, "none of its pieces is as long as a snippet");
    }

    private static TrainingMusic ReadFolder(string folder, SnippetLayout layout, IProgress<double>? progress)
    {
        var files = Files(folder);
        if (files.Count == 0)
            throw new BadFileException(folder, null, "there is no MIDI file (.mid, .midi) in this folder");
        var (windows, reports) = (new List<PianoRoll>(), new List<MusicFileReport>());
        foreach (var file in files)
        {
            var (found, problem) = ReadFile(file, layout);
            windows.AddRange(found);
            reports.Add(new MusicFileReport(file, found.Count, problem));
            progress?.Report((double)reports.Count / files.Count);
        }

        return windows.Count > 0
            ? new TrainingMusic(windows, reports)
            : throw new BadFileException(
                folder,
                null,
                $"none of its {files.Count} MIDI files can be trained on; the first, {Path.GetFileName(files[0])}: {reports[0].Problem}"
            );
    }

    private static (IReadOnlyList<PianoRoll> Windows, string? Problem) ReadFile(string file, SnippetLayout layout)
    {
        try
        {
            var score = MidiFile.Read(file);
            var options = new VoiceSplitterOptions
            {
                VoiceCount = layout.VoiceCount,
                StepsPerQuarter = layout.StepsPerBeat,
                Range = layout.Range,
            };
            var pieces = score.Pieces().Select(piece => VoiceSplitter.Split(piece, options)).ToArray();
            var fitting = pieces.Where(piece => piece.StepsPerBar == layout.StepsPerBar).ToArray();
            var windows = Windows(fitting.Select(piece => piece.Roll), layout);
            return (windows, windows.Count > 0 ? Warning(fitting, score) : Refusal(pieces, fitting, layout));
        }
        catch (Exception exception)
            when (exception is BadFileException or UnusableDataException or IOException or UnauthorizedAccessException)
        {
            // The path is said with the report.
            return ([], exception.PlainMessage().Replace(file + ": ", "", StringComparison.Ordinal));
        }
    }

    private static string? Warning(SplitScore[] pieces, MidiScore score)
    {
        var dropped = pieces.Sum(piece => piece.Dropped);
        var warnings = dropped > 0 ? score.Warnings.Append($"{dropped} of {score.Notes.Count} notes found no voice") : score.Warnings;
        return warnings.Any() ? string.Join("; ", warnings) : null;
    }

    private static string Refusal(SplitScore[] pieces, SplitScore[] fitting, SnippetLayout layout) =>
        (pieces.All(piece => piece.Roll.StepCount == 0), fitting.Length) switch
        {
            (true, _) => "there are no notes in it",
            (_, 0) => $"its bars have {pieces[0].StepsPerBar} steps, not {layout.StepsPerBar}",
            _ => $"it is shorter than {layout.BarCount} bars, or mostly silent",
        };

    private static IReadOnlyList<PianoRoll> Windows(IEnumerable<PianoRoll> pieces, SnippetLayout layout) =>
        TrainingWindows.Cut(pieces.Select(Normalised), layout.StepCount, layout.StepsPerBar);
}

/// <summary>The pieces of a corpus of chorales by split.</summary>
/// <param name="Train">Those to learn from.</param>
/// <param name="Valid">Those to choose by.</param>
/// <param name="Test">Those to report on.</param>
public sealed record ChoraleSplits(IReadOnlyList<PianoRoll> Train, IReadOnlyList<PianoRoll> Valid, IReadOnlyList<PianoRoll> Test);

/// <summary>
/// Reads chorales in the form in which Bach's circulate for machine learning (Boulanger-Lewandowski et al. 2012, at a sixteenth a step): a
/// JSON object with "train", "valid" and "test", each an array of pieces, each an array of steps, each an array of one MIDI pitch a voice,
/// the highest voice first; -1 or null is a rest. The files do not tell a repeated note from a held one: a note starts where the pitch
/// changes.
/// </summary>
public static class ChoraleFile
{
    private const int StepsPerQuarter = 4;

    /// <summary>Reads a file. A split that is missing is empty.</summary>
    /// <param name="path">The file.</param>
    /// <param name="range">The pitches of the rolls, <see cref="PitchRange.Choir"/> by default; those outside move by octaves.</param>
    /// <exception cref="BadFileException">The file is no JSON, or holds no chorales.</exception>
    public static ChoraleSplits Read(string path, PitchRange? range = null)
    {
        using var stream = InputFile.Open(path);
        try
        {
            using var json = JsonDocument.Parse(stream);
            var root = json.RootElement;
            if (!root.EnumerateObject().Any(split => split.Name is "train" or "valid" or "test"))
                throw new InvalidDataException("it has none of train, valid and test");
            IReadOnlyList<PianoRoll> Split(string name) =>
                root.TryGetProperty(name, out var pieces)
                    ? [.. pieces.EnumerateArray().Select(piece => Roll(piece, range ?? PitchRange.Choir))]
                    : [];
            return new ChoraleSplits(Split("train"), Split("valid"), Split("test"));
        }
        catch (Exception exception)
            when (exception is InvalidDataException or JsonException or InvalidOperationException or FormatException)
        {
            throw new BadFileException(path, null, $"this is no file of chorales: {exception.Message}", exception);
        }
    }

    private static PianoRoll Roll(JsonElement piece, PitchRange range)
    {
        var steps = piece.EnumerateArray().Select(step => step.EnumerateArray().Select(Pitch).ToArray()).ToArray();
        if (steps.Length == 0 || steps[0].Length == 0)
            throw new InvalidDataException("a piece has no step or no voice");
        var voiceCount = steps[0].Length;
        var states = new byte[steps.Length * voiceCount];
        for (var step = 0; step < steps.Length; step++)
        {
            if (steps[step].Length != voiceCount)
                throw new InvalidDataException(
                    $"a piece has {voiceCount} voices in its first step and {steps[step].Length} in step {step}"
                );
            for (var voice = 0; voice < voiceCount; voice++)
            {
                var pitch = steps[step][voice];
                var goesOn = step > 0 && steps[step - 1][voice] == pitch;
                states[(step * voiceCount) + voice] = (byte)(
                    pitch < 0 ? PianoRoll.Rest
                    : goesOn ? PianoRoll.Hold
                    : range.StateOf(pitch)
                );
            }
        }

        return new PianoRoll(range, voiceCount, StepsPerQuarter, states);
    }

    private static int Pitch(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null)
            return -1;
        var pitch = value.GetDouble();
        return pitch is >= -1 and <= 127 && pitch == Math.Floor(pitch)
            ? (int)pitch
            : throw new InvalidDataException($"{value} is no MIDI pitch");
    }
}
