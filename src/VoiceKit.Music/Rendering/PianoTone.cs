namespace VoiceKit.Music;

/// <summary>
/// A piano-like note. Its partials lie where stiff strings have them, f_k = k f_0 sqrt(1 + B k^2) (Fletcher, "Normal vibration frequencies
/// of a stiff piano string", 1964); their decay rates rise with the square of frequency (Chaigne and Askenfelt, "Numerical
/// simulations of piano strings I", 1994); each dies away in two stages, as the strings of a note are coupled (Weinreich,
/// "Coupled piano strings", 1977). Harder blows are brighter.
/// </summary>
internal static class PianoTone
{
    private const int MaxPartials = 44;

    // Where the hammer strikes, as a share of the string: partials with a node there are weak.
    private const double StrikePoint = 1 / 7.4;

    // The second stage of decay: its share of the amplitude, its rate and its mistuning relative to the first.
    private const double AfterSoundRatio = 0.22;
    private const double AfterSoundRate = 0.3;
    private const double AfterSoundDetuning = 1.00025;
    private const int AfterSoundPartials = 12;

    // What frequency adds to the decay rate: 3.2 / s at 2 kHz.
    private const double DecayPerSquaredHertz = 8e-7;
    private const double WeakestRatio = 2e-4;

    /// <summary>The tone of a key.</summary>
    /// <param name="pitch">The MIDI pitch.</param>
    /// <param name="velocity">1 .. 127; amplitude grows with its square, as DLS level 1 and General MIDI recommend.</param>
    /// <param name="sampleRate">The sample rate in Hz.</param>
    public static Tone Of(int pitch, int velocity, int sampleRate)
    {
        var fundamental = Tone.FundamentalOf(pitch);
        var force = velocity / 127.0;
        var stiffness = 7.5e-5 * Math.Pow(2, Math.Max(pitch - 36, -6) / 8.5);
        var cutoff = 500 + (2300 * force) + (0.9 * fundamental);
        var decay = 0.45 * Math.Pow(2, (pitch - 36) / 13.0);
        var limit = Tone.FrequencyLimit(sampleRate);
        var partials = new List<Partial>();
        var squares = 0.0;
        for (var k = 1; k <= MaxPartials; k++)
        {
            // Divided by the first partial's own stretch, so that the note is in tune.
            var frequency = k * fundamental * Math.Sqrt((1 + (stiffness * k * k)) / (1 + stiffness));
            if (frequency >= limit)
                break;
            var strike = 0.12 + (0.88 * Math.Abs(Math.Sin(Math.PI * k * StrikePoint)));
            var amplitude = strike / Math.Pow(k, 0.75) * Math.Exp(-(frequency - fundamental) / cutoff);
            if (k > 1 && amplitude < WeakestRatio)
                continue;
            squares += amplitude * amplitude;
            var rate = decay + (DecayPerSquaredHertz * ((frequency * frequency) - (fundamental * fundamental)));
            var phase = (k * k * 0.318) % 1;
            partials.Add(new(frequency, (1 - AfterSoundRatio) * amplitude, phase, rate));
            if (k <= AfterSoundPartials)
                partials.Add(new(frequency * AfterSoundDetuning, AfterSoundRatio * amplitude, phase, AfterSoundRate * rate));
        }

        // Equal power for all keys, a little less at the top, where the ear is keener.
        var level = force * force * Math.Pow(2, (60 - pitch) / 48.0) / Math.Sqrt(squares);
        return new(
            [.. partials.Select(partial => partial with { Amplitude = level * partial.Amplitude })],
            Attack: 0.002 + (0.004 * Math.Pow(2, (36 - pitch) / 24.0)),
            Release: Math.Clamp(0.26 - (0.002 * (pitch - 36)), 0.12, 0.3)
        );
    }
}
