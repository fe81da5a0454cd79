using VoiceKit.Audio;
using VoiceKit.Numerics;
using VoiceKit.Pitch;

namespace VoiceKit.Tests.TestKit;

/// <summary>Signals whose pitch and spectrum are known.</summary>
internal static class Tones
{
    /// <summary>The frame period of all contours here.</summary>
    public static TimeSpan FramePeriod { get; } = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// A band-limited pulse train: all harmonics below half of the rate, of equal amplitude; its peaks are near <paramref name="peak"/>.
    /// </summary>
    public static Waveform PulseTrain(double f0, int sampleRate, double seconds, double peak = 0.5) =>
        PulseTrain(_ => f0, sampleRate, seconds, peak);

    /// <summary>A band-limited pulse train whose F0 in Hz is a function of time in seconds.</summary>
    public static Waveform PulseTrain(Func<double, double> f0, int sampleRate, double seconds, double peak = 0.5)
    {
        var samples = new double[(int)(seconds * sampleRate)];
        var phase = 0.0;
        for (var n = 0; n < samples.Length; n++)
        {
            var now = f0((double)n / sampleRate);
            phase = (phase + (2 * Math.PI * now / sampleRate)) % (2 * Math.PI);
            var harmonics = Math.Floor(0.49 * sampleRate / now);

            // cos x + cos 2x + ... + cos Hx, in closed form.
            var half = Math.Sin(phase / 2);
            var sum = Math.Abs(half) < 1e-9 ? harmonics : (Math.Sin((harmonics + 0.5) * phase) / (2 * half)) - 0.5;
            samples[n] = peak * sum / harmonics;
        }

        return new Waveform(samples, sampleRate);
    }

    /// <summary>White noise of normal distribution.</summary>
    public static Waveform Noise(int sampleRate, double seconds, double deviation = 0.1)
    {
        var noise = new NormalNoise();
        return new Waveform([.. Enumerable.Range(0, (int)(seconds * sampleRate)).Select(_ => deviation * noise.Next())], sampleRate);
    }

    /// <summary>A contour of one F0 for all frames of a signal.</summary>
    public static F0Contour Constant(double f0, Waveform waveform)
    {
        var values = new double[F0Contour.FrameCount(waveform.Length, waveform.SampleRate, FramePeriod)];
        Array.Fill(values, f0);
        return new F0Contour(values, FramePeriod);
    }

    /// <summary>The value at a place of the sorted values, 0 = least .. 1 = largest.</summary>
    public static double Quantile(this IEnumerable<double> values, double place)
    {
        var sorted = values.Order().ToArray();
        return sorted[(int)Math.Round(place * (sorted.Length - 1))];
    }
}
