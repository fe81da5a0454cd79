using VoiceKit.Cepstra;
using VoiceKit.Pitch;

namespace VoiceKit.Features;

/// <summary>The F0 estimators to choose from.</summary>
public enum F0Method
{
    /// <summary><see cref="Harvest"/>: robust, voices more.</summary>
    Harvest,

    /// <summary><see cref="Dio"/> with <see cref="StoneMask"/>: fastest.</summary>
    Dio,
}

/// <summary>The settings of <see cref="FeatureExtractor"/>.</summary>
public sealed record FeatureOptions
{
    /// <summary>The time from one frame to the next; 5 ms by default.</summary>
    public TimeSpan FramePeriod { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>The order of the mel-cepstrum; null (the default) chooses by sample rate: see <see cref="OrderFor"/>.</summary>
    public int? Order { get; init; }

    /// <summary>The all-pass constant; null (the default) chooses by sample rate: see <see cref="FrequencyWarping.AlphaFor"/>.</summary>
    public double? Alpha { get; init; }

    /// <summary>The F0 estimator; Harvest by default.</summary>
    public F0Method F0Method { get; init; } = F0Method.Harvest;

    /// <summary>Where to look for F0; null (the default) finds the range of each recording in a first pass.</summary>
    public F0Range? F0Range { get; init; }

    /// <summary>The usual order at a rate in Hz: 24 up to 16 kHz, 34 up to 24 kHz, 44 above.</summary>
    public static int OrderFor(int sampleRate) => sampleRate <= 16000 ? 24 : sampleRate <= 24000 ? 34 : 44;
}
