namespace VoiceKit.Music;

/// <summary>What every rendered sound gets last: no DC, an end that fades, one level.</summary>
internal static class OutputShape
{
    /// <summary>The peak of what is rendered: -3 dB of full scale.</summary>
    public const double Peak = 0.7079;

    /// <summary>What never gets above this, -120 dB of full scale, is silence: libfluidsynth's reverb keeps a noise floor of its own.</summary>
    private const double Silence = 1e-6;

    private const double HighPassHertz = 12;
    private const double LongestFade = 0.8;
    private const double ShortestFade = 0.01;

    /// <summary>Takes out DC, fades the tail and sets the peak to <see cref="Peak"/>; silence stays silence.</summary>
    public static void Finish(Span<double> samples, RenderOptions options)
    {
        RemoveConstant(samples, options.SampleRate);
        FadeOut(samples, (int)(Math.Clamp(0.6 * options.Tail.TotalSeconds, ShortestFade, LongestFade) * options.SampleRate));
        var peak = 0.0;
        foreach (var sample in samples)
            peak = Math.Max(peak, Math.Abs(sample));
        if (peak < Silence)
        {
            samples.Clear();
            return;
        }

        var gain = Peak / peak;
        foreach (ref var sample in samples)
            sample *= gain;
    }

    // A high pass of first order.
    private static void RemoveConstant(Span<double> samples, int sampleRate)
    {
        var pole = Math.Exp(-2 * Math.PI * HighPassHertz / sampleRate);
        var (before, output) = (0.0, 0.0);
        foreach (ref var sample in samples)
        {
            output = sample - before + (pole * output);
            before = sample;
            sample = output;
        }
    }

    private static void FadeOut(Span<double> samples, int length)
    {
        var part = samples[^Math.Min(length, samples.Length)..];
        for (var i = 0; i < part.Length; i++)
        {
            var left = (double)(part.Length - 1 - i) / part.Length;
            part[i] *= left * left * (3 - (2 * left));
        }
    }
}
