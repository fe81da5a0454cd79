using VoiceKit.Aperiodicity;
using VoiceKit.Cepstra;
using VoiceKit.Features;
using VoiceKit.Numerics;

namespace VoiceKit.Synthesis;

/// <summary>Gives the synthesizer the spectra of the frames that it is at.</summary>
internal interface ISpectrumSource
{
    /// <summary>The number of frames T.</summary>
    int Count { get; }

    /// <summary>The power envelope of frame <paramref name="t"/>, [N / 2 + 1].</summary>
    ReadOnlySpan<double> Envelope(int t);

    /// <summary>The aperiodicity 0 .. 1 of frame <paramref name="t"/>, [N / 2 + 1].</summary>
    ReadOnlySpan<double> Aperiodicity(int t);
}

/// <summary>Spectra that are there in full.</summary>
internal sealed class StoredSpectra(Frames envelopes, Frames aperiodicity) : ISpectrumSource
{
    public int Count => envelopes.Count;

    public ReadOnlySpan<double> Envelope(int t) => envelopes[t];

    public ReadOnlySpan<double> Aperiodicity(int t) => aperiodicity[t];
}

/// <summary>Spectra decoded from features a few frames at a time: whole spectra of a long recording would not fit in memory.</summary>
internal sealed class DecodedSpectra(SpeechFeatures features, MelCepstrum melCepstrum) : ISpectrumSource
{
    private const int PieceFrames = 256;
    private readonly BandAperiodicity bands = new(features.SampleRate, melCepstrum.FftLength);
    private Frames envelopes = new(0, 1);
    private Frames aperiodicity = new(0, 1);
    private int first;

    public int Count => features.Count;

    public ReadOnlySpan<double> Envelope(int t)
    {
        Decode(t);
        return envelopes[t - first];
    }

    public ReadOnlySpan<double> Aperiodicity(int t)
    {
        Decode(t);
        return aperiodicity[t - first];
    }

    private void Decode(int t)
    {
        if (t >= first && t < first + envelopes.Count)
            return;

        // Neighbours are asked for together: a piece starts one frame early so that a border does not decode twice.
        first = Math.Max(0, t - 1);
        var count = Math.Min(PieceFrames, Count - first);
        envelopes = melCepstrum.ToEnvelope(features.MelCepstrum.Slice(first, count));
        aperiodicity = bands.Decode(features.Aperiodicity.Slice(first, count));
    }
}
