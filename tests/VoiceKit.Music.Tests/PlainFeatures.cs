using VoiceKit.Music;

namespace VoiceKit.Tests.Music;

/// <summary>The features of a roll, computed from what sounds, note by note.</summary>
/// <param name="roll">The roll.</param>
/// <param name="layout">Its grid.</param>
internal sealed class PlainFeatures(PianoRoll roll, SnippetLayout layout)
{
    private static readonly (int Least, int Most)[] Leaps = [(1, 2), (-2, -1), (3, 5), (-5, -3)];

    /// <summary>Every second step of a beat, or all where their number is odd.</summary>
    private int Every => layout.StepsPerBeat % 2 == 0 ? 2 : 1;

    /// <summary>All features, beat by beat.</summary>
    public IReadOnlyList<double> All() => [.. Enumerable.Range(0, layout.BeatCount).SelectMany(Beat)];

    private IEnumerable<double> Beat(int beat)
    {
        int[] steps = [.. Enumerable.Range(beat * layout.StepsPerBeat, layout.StepsPerBeat)];
        int[] sampled = [.. steps.Where(step => step % Every == 0)];
        int[] voices = [.. Enumerable.Range(0, layout.VoiceCount)];
        IEnumerable<double> EachVoice(int[] of, Func<int, int, IEnumerable<double>> features) =>
            of.SelectMany(step => voices.SelectMany(voice => features(step, voice)));
        var features = EachVoice(steps, (step, voice) => [roll[step, voice] == PianoRoll.Hold ? 0 : 1])
            .Concat(EachVoice(steps, (step, voice) => [Height(step, voice)]))
            .Concat(EachVoice(steps, (step, voice) => [step == 0 ? 0 : 3 * (Height(step, voice) - Height(step - 1, voice))]))
            .Concat(EachVoice(sampled, (step, voice) => Pitches().Select(pitch => Is(roll.PitchAt(step, voice) == pitch))))
            .Concat(EachVoice(sampled, Melody))
            .Concat(
                sampled.SelectMany(step => Classes().Select(pitchClass => voices.Sum(voice => Is(ClassAt(step, voice) == pitchClass))))
            );
        foreach (var high in voices)
        {
            foreach (var low in voices[(high + 1)..])
                features = features.Concat(
                    sampled.SelectMany(step => Classes().Select(interval => Is(IntervalAt(step, high, low) == interval)))
                );
        }

        return features;
    }

    private static double Is(bool condition) => condition ? 1 : 0;

    private static IEnumerable<int> Classes() => Enumerable.Range(0, 12);

    private IEnumerable<int> Pitches() => Enumerable.Range(layout.Range.Lowest, layout.Range.Count);

    private double Height(int step, int voice) => roll.PitchAt(step, voice) is >= 0 and var pitch ? (pitch - 60) / 12.0 : 0;

    private int? ClassAt(int step, int voice) => roll.PitchAt(step, voice) is >= 0 and var pitch ? pitch % 12 : null;

    private int? IntervalAt(int step, int high, int low) => (ClassAt(step, high) - ClassAt(step, low) + 12) % 12;

    private IEnumerable<double> Melody(int step, int voice)
    {
        var before = step < Every ? -1 : roll.PitchAt(step - Every, voice);
        var now = roll.PitchAt(step, voice);
        return Leaps.Select(leap => Is(before >= 0 && now >= 0 && now - before >= leap.Least && now - before <= leap.Most));
    }
}
