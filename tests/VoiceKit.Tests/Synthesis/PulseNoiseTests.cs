using VoiceKit.Audio;
using VoiceKit.Cepstra;
using VoiceKit.Features;
using VoiceKit.Numerics;
using VoiceKit.Pitch;
using VoiceKit.Synthesis;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Synthesis;

/// <summary>The synthesizer of pulses and noise, on spectra whose sound is known.</summary>
public class PulseNoiseTests
{
    private const int Rate = 16000;
    private const int Length = 1024;
    private const int Bins = (Length / 2) + 1;
    private const int Count = 400;

    [Fact]
    public void Synthesize_FlatAndUnvoiced_IsWhiteNoiseOfPowerOne()
    {
        var samples = Synthesize(0, _ => 1, 1);
        Assert.InRange(Decibels(samples), -0.4, 0.4);
        foreach (var (low, high) in new[] { (100, 1000), (1000, 4000), (4000, 7900) })
            Assert.InRange(BandDecibels(samples, low, high) - (10 * Math.Log10((high - low) / 8000.0)), -0.6, 0.6);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(110)]
    [InlineData(400)]
    public void Synthesize_FlatAndVoiced_IsPulsesOfPowerOneAtTheF0(double f0)
    {
        var samples = Synthesize(f0, _ => 1, 0);
        Assert.InRange(Decibels(samples), -0.6, 0.3);
        var contour = new Dio(new DioOptions { Range = new F0Range(50, 500) }).Estimate(new Waveform(samples, Rate));
        var voiced = contour.Values[50..350].ToArray();
        Assert.All(voiced, value => Assert.Equal(f0, value, f0 * 0.002));
    }

    [Fact]
    public void Synthesize_HalfAperiodic_HasPulsesAndNoiseOfTheirPowers()
    {
        // Aperiodicity is an amplitude: with .6 the noise has .36 of the power; it is what lies between the harmonics.
        var samples = Synthesize(200, _ => 1, 0.6);
        Assert.InRange(Decibels(samples), -0.5, 0.5);
        var spectrum = Spectrum(samples);
        double harmonics = 0,
            all = 0;
        for (var k = 0; k < spectrum.Length; k++)
        {
            var hertz = k * (double)Rate / 2 / (spectrum.Length - 1);
            if (Math.Abs(hertz - (200 * Math.Round(hertz / 200))) < 6)
                harmonics += spectrum[k];
            all += spectrum[k];
        }

        // A band of 12 in 200 Hz holds .06 of the noise too; the noise's swell adds a little at the harmonics.
        Assert.InRange(harmonics / all, 0.6, 0.72);
    }

    [Theory]
    [InlineData(90)]
    [InlineData(250)]
    public void Synthesize_NothingAbove4kHz_LeavesNothingThere(double f0)
    {
        // A response that is cut off, or wraps around, would leave its trace everywhere.
        var samples = Synthesize(f0, hertz => Math.Pow(10, -10 * Math.Clamp((hertz - 3000) / 1500, 0, 1)), 0.1);
        Assert.InRange(BandDecibels(samples, 5000, 8000) - Decibels(samples), -200, -75);
    }

    [Fact]
    public void Synthesize_Voiced_HasNoOffset()
    {
        var samples = Synthesize(100, _ => 1, 0.1);
        Assert.InRange(Math.Abs(samples[1000..^1000].Average()), 0, 0.02);
    }

    [Fact]
    public void Synthesize_DecodedOnTheWay_EqualsDecodedBefore()
    {
        var features = new FeatureExtractor().Extract(Golden.Input("rms_02"));
        var melCepstrum = new MelCepstrum(Length, 24, features.Alpha);
        var stored = new PulseNoiseSynthesizer(Rate, Length).Synthesize(
            features.F0,
            melCepstrum.ToEnvelope(features.MelCepstrum),
            new BandAperiodicity(Rate, Length).Decode(features.Aperiodicity)
        );
        var decoded = new PulseNoiseSynthesizer(Rate, Length).Synthesize(features.F0, new DecodedSpectra(features, melCepstrum));
        Assert.Equal(stored.Samples.ToArray(), decoded);
    }

    [Fact]
    public void Synthesize_PartsThatDoNotFit_AreRefused()
    {
        var contour = new F0Contour(new double[3], TimeSpan.FromMilliseconds(5));
        var synthesizer = new PulseNoiseSynthesizer(Rate, Length);
        var frames = new FrameBuffer(3, Bins);
        Assert.Throws<ArgumentException>(() => synthesizer.Synthesize(contour, frames, new FrameBuffer(2, Bins)));
        Assert.Throws<ArgumentException>(() => synthesizer.Synthesize(contour, new FrameBuffer(3, 5), new FrameBuffer(3, 5)));
        Assert.Throws<ArgumentException>(() =>
            synthesizer.Synthesize(new F0Contour([], TimeSpan.FromMilliseconds(5)), new FrameBuffer(0, Bins), new FrameBuffer(0, Bins))
        );
    }

    private static double[] Synthesize(double f0, Func<double, double> power, double aperiodicity)
    {
        var (envelopes, noise) = (new FrameBuffer(Count, Bins), new FrameBuffer(Count, Bins));
        for (var t = 0; t < Count; t++)
        {
            for (var k = 0; k < Bins; k++)
                (envelopes[t][k], noise[t][k]) = (power(k * (double)Rate / Length), aperiodicity);
        }

        var contour = new F0Contour([.. Enumerable.Repeat(f0, Count)], TimeSpan.FromMilliseconds(5));
        return new PulseNoiseSynthesizer(Rate, Length).Synthesize(contour, envelopes, noise).Samples.ToArray();
    }

    private static double Decibels(double[] samples) => 10 * Math.Log10(samples[1000..^1000].Average(x => x * x));

    private static double BandDecibels(double[] samples, double low, double high)
    {
        var spectrum = Spectrum(samples);
        var sum = 0.0;
        for (var k = 0; k < spectrum.Length; k++)
        {
            if (k * (double)Rate / 2 / (spectrum.Length - 1) is var hertz && hertz >= low && hertz < high)
                sum += spectrum[k];
        }

        return 10 * Math.Log10(sum);
    }

    /// <summary>The power in each bin of the middle of a signal, under a window; all add up to its power.</summary>
    private static double[] Spectrum(double[] samples)
    {
        const int length = 16384;
        var fft = new RealFft(length);
        var windowed = new double[length];
        var norm = 0.0;
        for (var i = 0; i < length; i++)
        {
            var weight = 0.42 - (0.5 * Math.Cos(2 * Math.PI * i / length)) + (0.08 * Math.Cos(4 * Math.PI * i / length));
            windowed[i] = weight * samples[2000 + i];
            norm += weight * weight;
        }

        var (real, imaginary) = (new double[fft.BinCount], new double[fft.BinCount]);
        fft.Forward(windowed, real, imaginary);
        return [.. real.Zip(imaginary, (re, im) => 2 * ((re * re) + (im * im)) / length / norm)];
    }
}
