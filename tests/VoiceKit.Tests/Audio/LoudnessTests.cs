using VoiceKit.Audio;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Audio;

public class LoudnessTests
{
    [Fact]
    public void KWeighting_At48kHz_HasThePublishedCoefficients()
    {
        var weighting = new KWeighting(48000);
        double[] published =
        [
            1.53512485958697,
            -2.69169618940638,
            1.19839281085285,
            -1.69065929318241,
            0.73248077421585,
            1,
            -2,
            1,
            -1.99004745483398,
            0.99007225036621,
        ];
        double[] actual =
        [
            weighting.Shelf.B0,
            weighting.Shelf.B1,
            weighting.Shelf.B2,
            weighting.Shelf.A1,
            weighting.Shelf.A2,
            weighting.HighPass.B0,
            weighting.HighPass.B1,
            weighting.HighPass.B2,
            weighting.HighPass.A1,
            weighting.HighPass.A2,
        ];
        for (var i = 0; i < published.Length; i++)
            Assert.Equal(published[i], actual[i], 1e-12);
    }

    [Fact]
    public void KWeighting_At44100Hz_IsNearTheKnownFilter()
    {
        // Shelf and poles that other meters, which derive them from fitted frequencies and qualities, use at 44.1 kHz.
        var weighting = new KWeighting(44100);
        Assert.Equal(1.5308412300503478, weighting.Shelf.B0, 2e-3);
        Assert.Equal(-1.6636551132560202, weighting.Shelf.A1, 2e-3);
        Assert.Equal(-1.9891696736297957, weighting.HighPass.A1, 1e-6);
        Assert.Equal(0.9891990357870394, weighting.HighPass.A2, 1e-6);
    }

    [Fact]
    public void Integrated_FullScaleSine_IsTheDefinition() => Assert.Equal(-3.01, Loudness.Integrated(Tone(48000, (0, 5))), 0.02);

    [Theory]
    [InlineData(8000)]
    [InlineData(11025)]
    [InlineData(16000)]
    [InlineData(22050)]
    [InlineData(32000)]
    [InlineData(44100)]
    [InlineData(96000)]
    [InlineData(192000)]
    public void Integrated_AnyRate_GivesWhat48kHzGives(int rate)
    {
        Assert.Equal(Loudness.Integrated(Tone(48000, (-20, 3))), Loudness.Integrated(Tone(rate, (-20, 3))), 0.02);
        var speech = Signals.Harmonic(120, 8000, 3);
        Assert.Equal(Loudness.Integrated(Resampler.Resample(speech, 48000)), Loudness.Integrated(Resampler.Resample(speech, rate)), 0.1);
    }

    // EBU Tech 3341, table 1, cases 1 .. 5: tones of 1 kHz in two channels, as peak level in dBFS and seconds.
    [Theory]
    [InlineData(-23, new double[] { -23, 20 })]
    [InlineData(-33, new double[] { -33, 20 })]
    [InlineData(-23, new double[] { -36, 10, -23, 60, -36, 10 })]
    [InlineData(-23, new double[] { -72, 10, -36, 10, -23, 60, -36, 10, -72, 10 })]
    [InlineData(-23, new double[] { -26, 20, -20, 20.1, -26, 20 })]
    public void Integrated_CaseOfTech3341_IsWithinATenth(double expected, double[] levelsAndSeconds)
    {
        var tone = Tone(48000, [.. levelsAndSeconds.Chunk(2).Select(part => (part[0], part[1]))]);
        Assert.Equal(expected, Loudness.Integrated([tone, tone]), 0.1);
    }

    [Fact]
    public void Integrated_HalfTheAmplitude_IsSixDecibelsLess()
    {
        var noise = Signals.Noise(16000, 3);
        Assert.Equal(
            Loudness.Integrated(noise) + (20 * Math.Log10(0.5)),
            Loudness.Integrated(new Waveform([.. noise.Samples.ToArray().Select(x => x / 2)], 16000)),
            1e-9
        );
    }

    [Theory]
    [InlineData(0.03)]
    [InlineData(0.35)]
    [InlineData(0.399)]
    [InlineData(0.4)]
    public void Integrated_ShorterThanABlock_IsOneBlock(double seconds) =>
        Assert.Equal(-20 - 3.01, Loudness.Integrated(Tone(48000, (-20, seconds))), seconds < 0.1 ? 1 : 0.1);

    [Fact]
    public void Integrated_BelowTheGate_IsNegativeInfinity()
    {
        Assert.Equal(double.NegativeInfinity, Loudness.Integrated(new Waveform([], 16000)));
        Assert.Equal(double.NegativeInfinity, Loudness.Integrated(new Waveform(new double[16000], 16000)));
        Assert.Equal(double.NegativeInfinity, Loudness.Integrated(Tone(48000, (-70, 2))));
        Assert.Equal(-68.01, Loudness.Integrated(Tone(48000, (-65, 2))), 0.05);
    }

    [Fact]
    public void Integrated_OddSignals_EndInANumber()
    {
        foreach (var name in Signals.OddNames.Select(row => row.Data))
            Assert.False(double.IsNaN(Loudness.Integrated(Signals.Odd(name))), name);
        for (var rate = 1; rate < 200; rate++)
            Assert.False(double.IsNaN(Loudness.Integrated(Signals.Noise(rate, 30))), $"{rate} Hz");
        Assert.Equal(double.PositiveInfinity, Loudness.Integrated(new Waveform([1e300, -1e300], 16000)));
    }

    [Fact]
    public void Integrated_ChannelsThatDiffer_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => Loudness.Integrated([]));
        Assert.Throws<ArgumentException>(() => Loudness.Integrated([new Waveform(new double[9], 8000), new Waveform(new double[8], 8000)]));
        Assert.Throws<ArgumentException>(() => Loudness.Integrated([new Waveform(new double[9], 8000), new Waveform(new double[9], 8001)]));
    }

    private static Waveform Tone(int rate, params (double Level, double Seconds)[] parts)
    {
        var samples = parts.SelectMany(part => Enumerable.Repeat(Math.Pow(10, part.Level / 20), (int)Math.Round(rate * part.Seconds)));
        return new Waveform([.. samples.Select((amplitude, i) => amplitude * Math.Sin(2 * Math.PI * 997 * i / rate))], rate);
    }
}
