using VoiceKit.Music;

namespace VoiceKit.Tests.Music;

/// <summary>Small scores from a linear congruential generator; tools/make_score_metrics.py makes the same ones.</summary>
internal static class CongruentialScores
{
    public static MidiScore Named(string name) =>
        name switch
        {
            "dense" => Make(1, 400, 480, 14, 36, 46, 80),
            "sparse" => Make(2, 24, 96, 13, 60, 24, 40),
            "short" => Make(3, 30, 220, 3, 0, 128, 60),
            "film" => Make(4, 200, -25, 9, 48, 25, 120),
            "single" => Make(5, 1, 480, 4, 60, 1, 1),
            "unison" => Make(6, 40, 480, 8, 67, 1, 10),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
        };

    public static MidiScore OfNotes(TickDivision division, IEnumerable<NoteEvent> notes, params TimeSignature[] metres) =>
        new(1, 1, division, [.. notes.OrderBy(note => note.Start).ThenBy(note => note.End).ThenBy(note => note.Pitch)], [], metres, [], []);

    private static MidiScore Make(uint seed, int count, int division, int bars, int low, int pitches, int longest)
    {
        var state = seed;
        int Next(int limit)
        {
            state = unchecked((state * 1664525) + 1013904223);
            return (int)((state >> 16) % limit);
        }

        var quarter = division > 0 ? division : -division * 20;
        var notes = new List<NoteEvent>();
        for (var i = 0; i < count; i++)
        {
            var start = Next(bars * 4 * quarter);
            var length = Next(1 + (longest * quarter / 20));
            var pitch = low + Next(pitches);
            notes.Add(new NoteEvent(start, start + length, pitch, 80, count > 1 ? 7 + Next(4) : 0, 0));
        }

        return OfNotes(division > 0 ? TickDivision.Quarter(division) : TickDivision.Film(-division, 40), notes);
    }
}
