using VoiceKit.Audio;
using VoiceKit.Cepstra;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Cepstra;

public class CheapTrickTests
{
    [Theory]
    [InlineData(8000, 100)]
    [InlineData(8000, 250)]
    [InlineData(16000, 100)]
    [InlineData(16000, 250)]
    [InlineData(48000, 100)]
    [InlineData(48000, 250)]
    public void Estimate_PulsesThroughAnAllPoleFilter_IsItsResponse(int sampleRate, int f0)
    {
        // Two resonances of 150 Hz width. A pulse of height 1 each period has the power f0 / rate a sample.
        double[] poles = [700, 1800];
        var period = sampleRate / f0;
        var samples = new double[sampleRate / 2];
        for (var n = 0; n < samples.Length; n += period)
            samples[n] = 1;
        foreach (var pole in poles)
            Resonate(samples, pole, sampleRate);
        var waveform = new Waveform(samples, sampleRate);
        var cheapTrick = new CheapTrick(sampleRate);
        var envelope = cheapTrick.Estimate(waveform, Tones.Constant(f0, waveform));

        var errors = new List<double>();
        for (var t = 30; t < 70; t++)
        {
            for (var k = 0; k < envelope.Dimension; k++)
            {
                var frequency = (double)k * sampleRate / cheapTrick.FftLength;
                if (frequency < f0 || frequency > sampleRate / 2.2)
                    continue;
                var expected = (double)f0 / sampleRate * poles.Aggregate(1.0, (power, pole) => power * Power(frequency, pole, sampleRate));
                errors.Add(10 * Math.Log10(envelope[t][k] / expected));
            }
        }

        Assert.InRange(errors.Average(), -0.5, 0.5);
        Assert.InRange(errors.Average(Math.Abs), 0, f0 == 100 ? 0.5 : 1.5);
    }

    [Theory]
    [InlineData(8000)]
    [InlineData(48000)]
    public void Estimate_WhiteNoise_IsFlatAtItsVariance(int sampleRate)
    {
        var noise = Tones.Noise(sampleRate, 2, 0.1);
        var envelope = new CheapTrick(sampleRate).Estimate(noise, Tones.Constant(0, noise));
        double Level(int from, int to) =>
            10 * Math.Log10(Enumerable.Range(0, envelope.Count).Average(t => envelope[t][from..to].ToArray().Average()));
        var bins = envelope.Dimension;
        Assert.InRange(Level(bins / 10, bins * 9 / 10), -21, -19);
        Assert.InRange(Level(bins / 10, bins / 2) - Level(bins / 2, bins * 9 / 10), -0.5, 0.5);
    }

    [Fact]
    public void Estimate_InPieces_IsTheWhole()
    {
        var tone = Tones.PulseTrain(150, 16000, 0.5);
        var contour = Tones.Constant(150, tone);
        var whole = new CheapTrick(16000).Estimate(tone, contour);
        var piece = new CheapTrick(16000).Estimate(tone, contour, 40, 20);

        // The safeguard noise far below the signal starts anew with each piece.
        var errors = whole.Slice(40, 20).Values.ToArray().Zip(piece.Values.ToArray(), (w, p) => Math.Abs(10 * Math.Log10(p / w)));
        Assert.InRange(errors.Max(), 0, 0.01);
    }

    [Theory]
    [InlineData(8000, 71, 512)]
    [InlineData(16000, 71, 1024)]
    [InlineData(44100, 71, 2048)]
    [InlineData(48000, 71, 2048)]
    [InlineData(16000, 40, 2048)]
    public void FftLengthFor_UsualRates_HoldsThreePeriods(int sampleRate, double floor, int expected) =>
        Assert.Equal(expected, CheapTrick.FftLengthFor(sampleRate, floor));

    private static void Resonate(double[] samples, double pole, int sampleRate)
    {
        var (a1, a2) = Coefficients(pole, sampleRate);
        double y1 = 0,
            y2 = 0;
        for (var n = 0; n < samples.Length; n++)
            (samples[n], y1, y2) = (samples[n] - (a1 * y1) - (a2 * y2), samples[n] - (a1 * y1) - (a2 * y2), y1);
    }

    private static double Power(double frequency, double pole, int sampleRate)
    {
        var (a1, a2) = Coefficients(pole, sampleRate);
        var z = System.Numerics.Complex.FromPolarCoordinates(1, -2 * Math.PI * frequency / sampleRate);
        var denominator = System.Numerics.Complex.Abs(1 + (a1 * z) + (a2 * z * z));
        return 1 / (denominator * denominator);
    }

    private static (double A1, double A2) Coefficients(double pole, int sampleRate)
    {
        var radius = Math.Exp(-Math.PI * 150 / sampleRate);
        return (-2 * radius * Math.Cos(2 * Math.PI * pole / sampleRate), radius * radius);
    }
}
