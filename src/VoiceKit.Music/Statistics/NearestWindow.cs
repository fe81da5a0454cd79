using System.Numerics;
using VoiceKit.Numerics;

namespace VoiceKit.Music;

/// <summary>The place in a set of pieces that is most like a snippet.</summary>
/// <param name="Similarity">The Jaccard similarity: pitches that sound in both over pitches that sound in one of them, over all steps; 0 ..
/// 1.</param>
/// <param name="Piece">The index of the piece; -1 where nothing is shared with any.</param>
/// <param name="FirstStep">The step of the piece that the window starts at.</param>
/// <param name="Semitones">By how much the snippet was transposed to find it, -6 .. +6.</param>
internal readonly record struct WindowMatch(double Similarity, int Piece, int FirstStep, int Semitones);

/// <summary>
/// Searches pieces for the window that is most like a snippet: a generator that has learned its training set by heart shows here.
/// </summary>
internal sealed class NearestWindow
{
    private const int MaxTransposition = 6;

    private readonly ulong[][] pieces;
    private readonly int[][] soundingBefore;
    private readonly int lowest;
    private readonly int wordsPerStep;
    private readonly int hop;
    private readonly int[] transpositions;

    /// <summary>Prepares a search.</summary>
    /// <param name="pieces">The pieces; those shorter than a snippet are never found.</param>
    /// <param name="hop">The steps between the starts of windows, 1 or more.</param>
    /// <param name="transpose">Whether a snippet is searched for in other keys, -6 .. +6 semitones away, too.</param>
    public NearestWindow(IReadOnlyList<NoteGrid> pieces, int hop, bool transpose)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        ArgumentOutOfRangeException.ThrowIfLessThan(hop, 1);
        this.hop = hop;

        // Only pitches of the pieces can be in both. Those of voices span less than 64, so that a step is one word.
        var all = pieces.SelectMany(piece => piece.Sounding.ToArray()).Aggregate(UInt128.Zero, (union, bits) => union | bits);
        lowest = all == UInt128.Zero ? 0 : (int)UInt128.TrailingZeroCount(all);
        wordsPerStep = all >> lowest <= ulong.MaxValue ? 1 : 2;
        this.pieces = [.. pieces.Select(piece => Words(piece.Sounding))];
        soundingBefore = [.. pieces.Select(SoundingBefore)];
        var reach = transpose ? MaxTransposition : 0;
        transpositions = [.. Enumerable.Range(-reach, (2 * reach) + 1).OrderBy(Math.Abs)];
    }

    /// <summary>Finds the most similar window for each snippet, on all cores.</summary>
    public IReadOnlyList<WindowMatch> FindAll(IReadOnlyList<NoteGrid> snippets)
    {
        ArgumentNullException.ThrowIfNull(snippets);
        return [.. snippets.InParallel().Select(Find)];
    }

    /// <summary>Finds the most similar window; of equals that which needs the least transposition, then the first.</summary>
    public WindowMatch Find(NoteGrid snippet)
    {
        ArgumentNullException.ThrowIfNull(snippet);
        var best = new WindowMatch(0, -1, 0, 0);
        foreach (var semitones in transpositions)
        {
            UInt128[] shifted = [.. snippet.Sounding.ToArray().Select(bits => semitones < 0 ? bits >> -semitones : bits << semitones)];
            var (words, count) = (Words(shifted), Count(shifted));
            for (var piece = 0; piece < pieces.Length; piece++)
                best = Search(words, count, piece, semitones, best);
        }

        return best;
    }

    private WindowMatch Search(ulong[] snippet, int count, int piece, int semitones, WindowMatch best)
    {
        var before = soundingBefore[piece];
        var stepCount = snippet.Length / wordsPerStep;
        for (var start = 0; start + stepCount < before.Length; start += hop)
        {
            var windowCount = before[start + stepCount] - before[start];

            // At best the smaller set of pitches lies within the larger: most windows need no look.
            var (smaller, larger) = (Math.Min(count, windowCount), Math.Max(count, windowCount));
            if (smaller <= best.Similarity * larger)
                continue;
            var window = pieces[piece].AsSpan(start * wordsPerStep, snippet.Length);
            var both = 0;
            for (var i = 0; i < snippet.Length; i++)
                both += BitOperations.PopCount(snippet[i] & window[i]);
            var similarity = both / (double)(count + windowCount - both);
            if (similarity > best.Similarity)
                best = new WindowMatch(similarity, piece, start, semitones);
        }

        return best;
    }

    private ulong[] Words(ReadOnlySpan<UInt128> bits)
    {
        var words = new ulong[bits.Length * wordsPerStep];
        for (var step = 0; step < bits.Length; step++)
        {
            var shifted = bits[step] >> lowest;
            words[step * wordsPerStep] = (ulong)(shifted & ulong.MaxValue);
            if (wordsPerStep == 2)
                words[(step * 2) + 1] = (ulong)(shifted >> 64);
        }

        return words;
    }

    private static int[] SoundingBefore(NoteGrid piece)
    {
        var sums = new int[piece.StepCount + 1];
        for (var step = 0; step < piece.StepCount; step++)
            sums[step + 1] = sums[step] + Count(piece.Sounding.Slice(step, 1));
        return sums;
    }

    private static int Count(ReadOnlySpan<UInt128> bits)
    {
        var count = 0;
        foreach (var step in bits)
            count += (int)UInt128.PopCount(step);
        return count;
    }
}
