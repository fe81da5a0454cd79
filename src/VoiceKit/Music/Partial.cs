namespace VoiceKit.Music;

/// <summary>A sinusoid that dies away: Amplitude e^(-Decay t) sin(2 pi (Frequency t + Phase)).</summary>
/// <param name="Frequency">The frequency in Hz.</param>
/// <param name="Amplitude">The amplitude at time 0.</param>
/// <param name="Phase">The phase at time 0, in cycles.</param>
/// <param name="Decay">The decay rate in 1/s; 0 sounds evenly.</param>
internal readonly record struct Partial(double Frequency, double Amplitude, double Phase, double Decay);

/// <summary>Partials under one envelope; a note is one or more of these.</summary>
/// <param name="Partials">The partials.</param>
/// <param name="Attack">How long the envelope rises at the start of the note, in seconds.</param>
/// <param name="Release">How long it falls after the end of the note, in seconds.</param>
internal sealed record Tone(Partial[] Partials, double Attack, double Release)
{
    /// <summary>The share of half the sample rate up to which there are partials: above, resampling and converters would fold them.</summary>
    private const double UsableShare = 0.92;

    private const double HighestFrequency = 16000;

    /// <summary>The frequency below which partials must lie, in Hz.</summary>
    public static double FrequencyLimit(int sampleRate) => Math.Min(HighestFrequency, UsableShare * sampleRate / 2);

    /// <summary>The fundamental of a MIDI pitch in equal temperament, in Hz; pitch 69 has 440 Hz.</summary>
    public static double FundamentalOf(int pitch) => 440 * Math.Pow(2, (pitch - 69) / 12.0);
}
