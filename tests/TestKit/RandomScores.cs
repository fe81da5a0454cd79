using VoiceKit.Music;

namespace VoiceKit.Tests.TestKit;

/// <summary>Random scores as a reader gives them: all lists in order, and on one key the first note that starts ends first.</summary>
internal static class RandomScores
{
    public static MidiScore Create(Random random, int format = 1)
    {
        var trackCount = random.Next(1, 5);
        var notes = new List<NoteEvent>();
        for (var track = 0; track < trackCount; track++)
        {
            // Few keys and ticks: notes overlap, touch, and have no length.
            foreach (var (channel, pitch) in (ReadOnlySpan<(int, int)>)[(0, 0), (0, 60), (9, 60), (15, 127)])
                notes.AddRange(OnOneKey(random, channel, pitch, track));
        }

        long Tick() => random.Next(4) == 0 ? random.Next(100_000) : random.Next(8);
        int Piece() => format == 2 ? random.Next(trackCount) : 0;
        return new MidiScore(
            format,
            trackCount,
            Division(random),
            [.. notes.OrderBy(note => (note.Start, note.End, note.Pitch, note.Velocity, note.Channel, note.Track))],
            Some(random, () => new TempoChange(Tick(), random.Next(1, 1 << 24)) { Track = Piece() }, item => (item.Tick, item.Track)),
            Some(
                random,
                () => new TimeSignature(Tick(), random.Next(1, 256), 1 << random.Next(11)) { Track = Piece() },
                item => (item.Tick, item.Track)
            ),
            Some(
                random,
                () => new ProgramChange(Tick(), random.Next(16), random.Next(128), random.Next(trackCount)),
                item => (item.Tick, item.Track)
            ),
            []
        );
    }

    private static TickDivision Division(Random random) =>
        random.Next(3) == 0
            ? TickDivision.Film(new[] { 24, 25, 29, 30 }[random.Next(4)], random.Next(1, 256))
            : TickDivision.Quarter(random.Next(1, 32768));

    private static T[] Some<T>(Random random, Func<T> create, Func<T, (long, int)> order) =>
        [.. Enumerable.Range(0, random.Next(5)).Select(_ => create()).OrderBy(order)];

    private static IEnumerable<NoteEvent> OnOneKey(Random random, int channel, int pitch, int track)
    {
        long start = random.Next(3);
        var end = start;
        for (var left = random.Next(6); left > 0; left--)
        {
            yield return new NoteEvent(start, end = Math.Max(start, end) + random.Next(3), pitch, random.Next(1, 128), channel, track);
            start += random.Next(3) * (random.Next(10) == 0 ? 5000 : 1);
        }
    }
}
