namespace VoiceKit.Features;

/// <summary>What <see cref="FeatureFile"/> writes.</summary>
public sealed record FeatureFileOptions
{
    /// <summary>The names of all arrays, in the order of the file.</summary>
    public static IReadOnlyList<string> AllFeatures { get; } =
        ["f0", "voiced", "spectral_envelope", "mel_cepstrum", "aperiodicity", "band_aperiodicity", "mel_spectrogram", "mfcc"];

    /// <summary>The arrays to write, of <see cref="AllFeatures"/>; all by default. The numbers sample_rate, frame_period and alpha are always written.</summary>
    public IReadOnlyCollection<string> Features { get; init; } = AllFeatures;

    /// <summary>Whether spectra (spectral_envelope, aperiodicity, mel_spectrogram, mfcc) are float64 as the rest is; else, by default, float32.</summary>
    public bool IsDoublePrecision { get; init; }

    internal bool Wants(string name) => Features.Contains(name);

    internal bool IsSingle(string name) => !IsDoublePrecision && name is ("spectral_envelope" or "aperiodicity" or "mel_spectrogram" or "mfcc");
}
