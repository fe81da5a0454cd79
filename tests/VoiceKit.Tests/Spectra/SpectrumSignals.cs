namespace VoiceKit.Tests.Spectra;

internal static class SpectrumSignals
{
    public static double[] Noise(int length, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => (2 * random.NextDouble()) - 1)];
    }

    /// <summary>Ten harmonics of a gliding tone around 200 Hz, a stand-in for a voice.</summary>
    public static double[] Glide(int length, int sampleRate)
    {
        var signal = new double[length];
        var phase = 0.0;
        for (var n = 0; n < length; n++)
        {
            phase += 2 * Math.PI * (200 + (50 * Math.Sin(2 * Math.PI * n / sampleRate))) / sampleRate;
            for (var h = 1; h <= 10; h++)
                signal[n] += 0.1 / h * Math.Sin(h * phase);
        }

        return signal;
    }
}
