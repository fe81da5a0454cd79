using System.Text.Json;
using VoiceKit.Files;

namespace VoiceKit.Music;

/// <summary>The pieces of a corpus of chorales by split.</summary>
/// <param name="Train">Those to learn from.</param>
/// <param name="Valid">Those to choose by.</param>
/// <param name="Test">Those to report on.</param>
public sealed record ChoraleSplits(IReadOnlyList<PianoRoll> Train, IReadOnlyList<PianoRoll> Valid, IReadOnlyList<PianoRoll> Test);

/// <summary>
/// Reads chorales in the form in which Bach's circulate for machine learning (Boulanger-Lewandowski et al. 2012, at a sixteenth a step): a
/// JSON object with "train", "valid" and "test", each an array of pieces, each an array of steps, each an array of one MIDI pitch a voice,
/// the highest voice first; -1 or null is a rest. The files do not tell a repeated note from a held one: a note starts where the pitch changes.
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
            IReadOnlyList<PianoRoll> Split(string name) => root.TryGetProperty(name, out var pieces)
                ? [.. pieces.EnumerateArray().Select(piece => Roll(piece, range ?? PitchRange.Choir))] : [];
            return new ChoraleSplits(Split("train"), Split("valid"), Split("test"));
        }
        catch (Exception exception) when (exception is InvalidDataException or JsonException or InvalidOperationException or FormatException)
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
                throw new InvalidDataException($"a piece has {voiceCount} voices in its first step and {steps[step].Length} in step {step}");
            for (var voice = 0; voice < voiceCount; voice++)
            {
                var pitch = steps[step][voice];
                var goesOn = step > 0 && steps[step - 1][voice] == pitch;
                states[(step * voiceCount) + voice] = (byte)(pitch < 0 ? PianoRoll.Rest : goesOn ? PianoRoll.Hold : range.StateOf(pitch));
            }
        }

        return new PianoRoll(range, voiceCount, StepsPerQuarter, states);
    }

    private static int Pitch(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null)
            return -1;
        var pitch = value.GetDouble();
        return pitch is >= -1 and <= 127 && pitch == Math.Floor(pitch) ? (int)pitch : throw new InvalidDataException($"{value} is no MIDI pitch");
    }
}
