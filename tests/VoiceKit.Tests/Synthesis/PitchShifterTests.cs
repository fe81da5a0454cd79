using VoiceKit.Audio;
using VoiceKit.Pitch;
using VoiceKit.Synthesis;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Synthesis;

public class PitchShifterTests
{
    private const int Rate = 16000;
    private static readonly TimeSpan FramePeriod = TimeSpan.FromMilliseconds(5);

    [Theory]
    [InlineData(0.8, 2)]
    [InlineData(1, 0.5)]
    [InlineData(1.3, 2.5)]
    [InlineData(1.8, 3.5)]
    public void Shift_Vowel_HasTheNewF0AndTheOldEnvelopeAndPower(double ratio, double tolerance)
    {
        var vowel = Vowel(120);
        var shifted = PitchShifter.Shift(vowel, Constant(120), Constant(120 * ratio));
        Assert.Equal((vowel.Length, Rate), (shifted.Length, shifted.SampleRate));
        var contour = new Dio(new DioOptions { Range = new F0Range(60, 400) }).Estimate(shifted).Values[40..160].ToArray();
        Assert.All(contour, f0 => Assert.Equal(120 * ratio, f0, 0.01 * 120 * ratio));
        Assert.InRange(SignalCheck.Inspect(shifted).LevelDb - SignalCheck.Inspect(vowel).LevelDb, -tolerance, tolerance);

        // The peaks of the envelope stay where they are: resampling would move them with F0.
        foreach (var (low, high) in new[] { (500.0, 900.0), (1300.0, 1700.0), (2500.0, 3500.0) })
            Assert.InRange(BandDecibels(shifted, low, high) - BandDecibels(vowel, low, high), -tolerance, tolerance);
    }

    [Fact]
    public void Shift_UnvoicedPart_StaysAsItIs()
    {
        var noise = Tones.Noise(Rate, 1, 0.1);
        var values = new double[201];
        values.AsSpan(80, 40).Fill(120);
        var higher = Array.ConvertAll(values, f0 => 1.5 * f0);
        var shifted = PitchShifter.Shift(noise, new F0Contour(values, FramePeriod), new F0Contour(higher, FramePeriod));
        Assert.Equal(noise.Samples[..6000].ToArray(), shifted.Samples[..6000].ToArray());
        Assert.Equal(noise.Samples[10000..].ToArray(), shifted.Samples[10000..].ToArray());
        Assert.NotEqual(noise.Samples[7000..9000].ToArray(), shifted.Samples[7000..9000].ToArray());
        Assert.InRange(shifted.Samples.ToArray().Max(Math.Abs), 0, 1.5 * noise.Samples.ToArray().Max(Math.Abs));
    }

    [Fact]
    public void Shift_LowVoiceThatEndsBeforeTheRecording_IsFinite()
    {
        // A quarter of a long period can reach past the last voiced frame, where there is no F0.
        var vowel = Vowel(45);
        for (var voiced = 100; voiced < 109; voiced++)
        {
            var values = new double[201];
            values.AsSpan(20, voiced - 20).Fill(45);
            for (var ratio = 1.02; ratio < 1.4; ratio += 0.02)
            {
                var higher = new F0Contour(Array.ConvertAll(values, value => ratio * value), FramePeriod);
                var shifted = PitchShifter.Shift(vowel, new F0Contour(values, FramePeriod), higher);
                Assert.True(shifted.Samples.ToArray().Max(Math.Abs) < 3);
            }
        }
    }

    [Fact]
    public void Shift_TargetUnvoicedWhereTheSourceIsNot_IsRefused() =>
        Assert.Throws<ArgumentException>(() => PitchShifter.Shift(Vowel(100), Constant(100), Constant(0)));

    [Fact]
    public void Shift_OddInput_IsFiniteAndAsLong()
    {
        foreach (var length in new[] { 0, 1, 100, 8000 })
        {
            var silence = new Waveform(new double[length], Rate);
            Assert.Equal(new double[length], PitchShifter.Shift(silence, Constant(120), Constant(200)).Samples.ToArray());
        }

        Assert.Throws<ArgumentException>(() => PitchShifter.Shift(Vowel(120), Constant(120), new F0Contour([100], FramePeriod)));
    }

    private static F0Contour Constant(double f0) => new([.. Enumerable.Repeat(f0, 201)], FramePeriod);

    /// <summary>Pulses through two resonances, at 700 and 1500 Hz.</summary>
    private static Waveform Vowel(double f0)
    {
        var samples = Tones.PulseTrain(f0, Rate, 1).Samples.ToArray();
        foreach (var resonance in new[] { 700.0, 1500.0 })
        {
            var radius = Math.Exp(-Math.PI * 150 / Rate);
            var (a, b) = (2 * radius * Math.Cos(2 * Math.PI * resonance / Rate), -radius * radius);
            for (var i = 0; i < samples.Length; i++)
                samples[i] = (0.3 * samples[i]) + (i > 0 ? a * samples[i - 1] : 0) + (i > 1 ? b * samples[i - 2] : 0);
        }

        return new Waveform(samples, Rate);
    }

    private static double BandDecibels(Waveform waveform, double low, double high)
    {
        const int length = 8192;
        var fft = new Numerics.RealFft(length);
        var windowed = new double[length];
        for (var i = 0; i < length; i++)
            windowed[i] = waveform.Samples[4000 + i] * (0.5 - (0.5 * Math.Cos(2 * Math.PI * i / length)));
        var (real, imaginary) = (new double[fft.BinCount], new double[fft.BinCount]);
        fft.Forward(windowed, real, imaginary);
        var sum = 0.0;
        for (var k = (int)(low * length / Rate); k < (int)(high * length / Rate); k++)
            sum += (real[k] * real[k]) + (imaginary[k] * imaginary[k]);
        return 10 * Math.Log10(sum);
    }
}
