using VoiceKit.Numerics;
using VoiceKit.Spectra;

namespace VoiceKit.Tests.Spectra;

public class GriffinLimTests
{
    private static readonly ShortTimeFourierTransform Transform = new(new ShortTimeFourierOptions { FrameLength = 512, FrameShift = 128 });

    [Fact]
    public void Estimate_Voice_ConvergesSpectrally()
    {
        var magnitude = Transform.Forward(SpectrumSignals.Glide(16000, 16000)).Magnitude();
        var error = Convergence(magnitude, new GriffinLimOptions { Iterations = 60 });
        // torchaudio 0.13.1 ends between 0.057 and 0.075 on this signal, by its seed.
        Assert.True(error < 0.1, $"spectral convergence {error}");
    }

    [Fact]
    public void Estimate_MomentumAndMoreIterations_LowerTheError()
    {
        var magnitude = Transform.Forward(SpectrumSignals.Noise(8000)).Magnitude();
        var start = Convergence(magnitude, new GriffinLimOptions { Iterations = 0 });
        var plain = Convergence(magnitude, new GriffinLimOptions { Iterations = 32, Momentum = 0 });
        var fast = Convergence(magnitude, new GriffinLimOptions { Iterations = 32 });
        Assert.True(fast < plain && plain < start, $"{fast} < {plain} < {start}");
    }

    [Fact]
    public void Estimate_Silence_IsSilence()
    {
        var result = new GriffinLim(Transform, new GriffinLimOptions()).Estimate(
            new FrameBuffer(Transform.FrameCount(2000), Transform.BinCount),
            2000
        );
        Assert.All(result, value => Assert.Equal(0, value));
    }

    [Fact]
    public void Estimate_SilenceBetweenSounds_HasNoNaN()
    {
        var signal = SpectrumSignals.Glide(8000, 16000);
        Array.Clear(signal, 2000, 4000);
        var result = new GriffinLim(Transform, new GriffinLimOptions()).Estimate(Transform.Forward(signal).Magnitude(), 8000);
        Assert.All(result, value => Assert.True(double.IsFinite(value)));
    }

    [Fact]
    public void Estimate_SameSeed_GivesTheSameBits()
    {
        var magnitude = Transform.Forward(SpectrumSignals.Glide(3000, 16000)).Magnitude();
        var first = new GriffinLim(Transform, new GriffinLimOptions { Seed = 7 }).Estimate(magnitude, 3000);
        var second = new GriffinLim(Transform, new GriffinLimOptions { Seed = 7 }).Estimate(magnitude, 3000);
        var other = new GriffinLim(Transform, new GriffinLimOptions { Seed = 8 }).Estimate(magnitude, 3000);
        Assert.Equal(first, second);
        Assert.NotEqual(first, other);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    public void Estimate_ShortSignals_HasTheLength(int length) =>
        Assert.Equal(
            length,
            new GriffinLim(Transform, new GriffinLimOptions())
                .Estimate(Transform.Forward(SpectrumSignals.Noise(length)).Magnitude(), length)
                .Length
        );

    [Fact]
    public void Members_BadArguments_Throw()
    {
        var sparse = new ShortTimeFourierTransform(new ShortTimeFourierOptions { FrameLength = 512, FrameShift = 257 });
        Assert.Throws<ArgumentException>(() => new GriffinLim(sparse, new GriffinLimOptions()));
        Assert.Throws<ArgumentException>(() => new GriffinLim(Transform, new GriffinLimOptions { Iterations = -1 }));
        Assert.Throws<ArgumentException>(() => new GriffinLim(Transform, new GriffinLimOptions { Momentum = 1 }));
        Assert.Throws<ArgumentException>(() => new GriffinLim(Transform, new GriffinLimOptions()).Estimate(new FrameBuffer(3, 257), 2000));
    }

    // || |STFT(x)| - S || / || S ||
    private static double Convergence(Frames magnitude, GriffinLimOptions options)
    {
        var length = (magnitude.Count - 1) * 128;
        var rebuilt = Transform.Forward(new GriffinLim(Transform, options).Estimate(magnitude, length)).Magnitude();
        var (error, norm) = (0.0, 0.0);
        for (var i = 0; i < magnitude.Values.Length; i++)
        {
            error += Math.Pow(rebuilt.Values[i] - magnitude.Values[i], 2);
            norm += Math.Pow(magnitude.Values[i], 2);
        }

        return Math.Sqrt(error / norm);
    }
}
