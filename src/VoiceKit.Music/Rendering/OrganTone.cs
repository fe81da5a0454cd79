namespace VoiceKit.Music;

/// <summary>
/// A soft organ of three ranks: a principal 8', an octave 4' and a flute 2', a cent or so apart. The upper partials of a flue pipe speak
/// before its fundamental does (Fletcher and Rossing, "The Physics of Musical Instruments", chapter 17), so they have an envelope of their
/// own.
/// </summary>
internal static class OrganTone
{
    private static readonly (double Pitch, double Level, double[] Decibels)[] Ranks =
    [
        (1, 1, [0, -9, -15, -20, -25, -29, -34, -38]),
        (2 * 1.0007, 0.42, [0, -11, -19, -27, -34]),
        (4 * 0.9992, 0.16, [0, -16, -28]),
    ];

    /// <summary>The tones of a key: the fundamental, and all above it; none where the sample rate is too low for the fundamental.</summary>
    /// <param name="pitch">The MIDI pitch.</param>
    /// <param name="velocity">1 .. 127; amplitude grows with it.</param>
    /// <param name="sampleRate">The sample rate in Hz.</param>
    public static Tone[] Of(int pitch, int velocity, int sampleRate)
    {
        var fundamental = Tone.FundamentalOf(pitch);
        var limit = Tone.FrequencyLimit(sampleRate);
        if (fundamental >= limit)
            return [];
        var level = velocity / 127.0 * 0.5 * Math.Pow(2, (60 - pitch) / 40.0);
        var partials = new List<Partial>();
        foreach (var (rankPitch, rankLevel, decibels) in Ranks)
        {
            for (var k = 1; k <= decibels.Length; k++)
            {
                var frequency = k * rankPitch * fundamental;
                var amplitude = level * rankLevel * Math.Pow(10, decibels[k - 1] / 20) * Math.Exp(-frequency / 9000);

                // Schroeder's phases for a low crest factor ("Synthesis of low-peak-factor signals", 1970), nearly.
                if (frequency < limit)
                    partials.Add(new(frequency, amplitude, k * k / 16.0 % 1, 0));
            }
        }

        var slowness = Math.Pow(2, (60 - pitch) / 36.0);
        return
        [
            new([partials[0]], Attack: Math.Clamp(0.055 * slowness, 0.03, 0.12), Release: Math.Clamp(0.09 * slowness, 0.06, 0.16)),
            new([.. partials.Skip(1)], Attack: Math.Clamp(0.035 * slowness, 0.018, 0.08), Release: Math.Clamp(0.07 * slowness, 0.05, 0.12)),
        ];
    }
}
