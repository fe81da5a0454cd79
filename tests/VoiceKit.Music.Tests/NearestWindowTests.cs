using VoiceKit.Music;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Music;

public class NearestWindowTests
{
    private static readonly PianoRoll[] Pieces = [Rolls.Choir(1, 128), Rolls.Choir(2, 20), Rolls.Choir(3, 160)];

    [Fact]
    public void Find_PartOfAPiece_IsFoundWhole()
    {
        var search = new NearestWindow([.. Pieces.Select(NoteGrid.FromRoll)], 4, transpose: false);
        Assert.Equal(new WindowMatch(1, 2, 36, 0), search.Find(NoteGrid.FromRoll(Pieces[2].Slice(36, 32))));
        Assert.True(search.Find(NoteGrid.FromRoll(Pieces[2].Slice(37, 32))).Similarity < 1);
    }

    [Fact]
    public void Find_TransposedPart_NeedsTransposition()
    {
        var snippet = NoteGrid.FromRoll(Rolls.Quarters([60, 64, 67, 65]));
        NoteGrid[] pieces = [NoteGrid.FromRoll(Rolls.Quarters([50, 65, 69, 72, 70, 60]))];
        Assert.True(new NearestWindow(pieces, 1, transpose: false).Find(snippet).Similarity < 0.5);
        Assert.Equal(new WindowMatch(1, 0, 4, 5), new NearestWindow(pieces, 1, transpose: true).Find(snippet));
    }

    [Fact]
    public void FindAll_RandomSnippets_AreThoseOfAPlainSearch()
    {
        NoteGrid[] pieces = [.. Pieces.Select(NoteGrid.FromRoll)];
        NoteGrid[] snippets = [.. Enumerable.Range(10, 6).Select(seed => NoteGrid.FromRoll(Rolls.Choir(seed, 32)))];
        var matches = new NearestWindow(pieces, 4, transpose: false).FindAll(snippets);
        for (var i = 0; i < snippets.Length; i++)
        {
            var best = pieces
                .SelectMany(piece =>
                    Enumerable
                        .Range(0, piece.StepCount)
                        .Where(start => start % 4 == 0 && start + 32 <= piece.StepCount)
                        .Select(start => Jaccard(snippets[i].Sounding, piece.Sounding.Slice(start, 32)))
                )
                .Max();
            Assert.Equal(best, matches[i].Similarity);
        }
    }

    [Fact]
    public void Find_PitchesFarApart_AreAllCompared()
    {
        NoteGrid Grid(params int[] pitches) =>
            NoteGrid.FromScore(
                CongruentialScores.OfNotes(TickDivision.Quarter(480), pitches.Select(pitch => new NoteEvent(0, 480, pitch, 80, 0, 0))),
                4
            );
        Assert.Equal(new WindowMatch(2 / 3.0, 0, 0, 0), new NearestWindow([Grid(1, 60, 127)], 1, transpose: false).Find(Grid(1, 127)));
        Assert.Equal(new WindowMatch(0.5, 0, 0, 0), new NearestWindow([Grid(60, 70)], 1, transpose: false).Find(Grid(60, 70, 0, 127)));
    }

    [Fact]
    public void Find_NothingInCommon_IsNowhere()
    {
        var silence = NoteGrid.FromRoll(Rolls.Quarters([-1, -1]));
        Assert.Equal(new WindowMatch(0, -1, 0, 0), new NearestWindow([silence], 1, transpose: true).Find(silence));
        Assert.Equal(new WindowMatch(0, -1, 0, 0), new NearestWindow([], 1, transpose: true).Find(silence));
    }

    private static double Jaccard(ReadOnlySpan<UInt128> x, ReadOnlySpan<UInt128> y)
    {
        var (both, either) = (0, 0);
        for (var i = 0; i < x.Length; i++)
        {
            both += (int)UInt128.PopCount(x[i] & y[i]);
            either += (int)UInt128.PopCount(x[i] | y[i]);
        }

        return both / (double)either;
    }
}
