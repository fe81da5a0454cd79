using VoiceKit.Music;

namespace VoiceKit.Tests.TestKit;

/// <summary>Rolls for tests.</summary>
internal static class Rolls
{
    /// <summary>A roll of voices in which each number is a note of four steps; -1 is a rest.</summary>
    public static PianoRoll Quarters(params int[][] voices)
    {
        var states = new byte[4 * voices[0].Length * voices.Length];
        for (var voice = 0; voice < voices.Length; voice++)
        {
            for (var step = 0; step < 4 * voices[0].Length; step++)
            {
                var pitch = voices[voice][step / 4];
                states[(step * voices.Length) + voice] = (byte)(
                    pitch < 0 ? PianoRoll.Rest
                    : step % 4 > 0 ? PianoRoll.Hold
                    : PitchRange.Choir.StateOf(pitch)
                );
            }
        }

        return new PianoRoll(PitchRange.Choir, voices.Length, 4, states);
    }

    /// <summary>Four voices that each keep to a range of their own, without crossing, with notes of 1 .. 8 steps and some rests.</summary>
    public static PianoRoll Choir(int seed, int stepCount)
    {
        var random = new Random(seed);
        var states = new byte[stepCount * 4];
        for (var voice = 0; voice < 4; voice++)
        {
            var (lowest, step) = (70 - (10 * voice), 0);
            var pitch = lowest + 4;
            while (step < stepCount)
            {
                pitch = Math.Clamp(pitch + random.Next(-2, 3), lowest, lowest + 9);
                var end = Math.Min(stepCount, step + random.Next(1, 9));
                var rest = random.Next(12) == 0 && end < stepCount;
                states[(step * 4) + voice] = (byte)(rest ? PianoRoll.Rest : PitchRange.Choir.StateOf(pitch));
                for (step++; step < end; step++)
                    states[(step * 4) + voice] = (byte)(rest ? PianoRoll.Rest : PianoRoll.Hold);
            }
        }

        return new PianoRoll(PitchRange.Choir, 4, 4, states);
    }

    /// <summary>The score with all notes on one track and channel.</summary>
    public static MidiScore Merged(MidiScore score) =>
        score with
        {
            Notes = [.. score.Notes.Select(note => note with { Track = 0, Channel = 0 })],
        };
}
