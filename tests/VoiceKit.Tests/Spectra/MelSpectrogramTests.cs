using VoiceKit.Audio;
using VoiceKit.Spectra;

namespace VoiceKit.Tests.Spectra;

public class MelSpectrogramTests
{
    private static readonly ShortTimeFourierOptions Transform = new() { FrameLength = 400, FrameShift = 160 };
    private static readonly MelFilterbankOptions Filterbank = new() { FilterCount = 40 };

    [Fact]
    public void Compute_AnySignal_EqualsTheStepsOneByOne()
    {
        var signal = SpectrumSignals.Glide(5000, 16000);
        var mel = new MelSpectrogram(16000, new MelSpectrogramOptions { Transform = Transform, Filterbank = Filterbank });
        var result = mel.Compute(new Waveform(signal, 16000));
        var expected = new MelFilterbank(16000, 512, Filterbank).Apply(new ShortTimeFourierTransform(Transform).Forward(signal).Power());
        Assert.Equal(expected.Count, result.Count);
        Assert.Equal(expected.Values.ToArray(), result.Values.ToArray());
    }

    [Fact]
    public void Compute_Logarithm_IsFlooredOnSilence()
    {
        var mel = new MelSpectrogram(
            16000,
            new MelSpectrogramOptions
            {
                Transform = Transform,
                Filterbank = Filterbank,
                Logarithm = true,
                Floor = 1e-5,
            }
        );
        Assert.All(mel.Compute(new double[1000]).Values.ToArray(), value => Assert.Equal(Math.Log(1e-5), value, 1e-12));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(159, 1)]
    [InlineData(160, 2)]
    public void Compute_ShortSignals_HasTheFramesOfTheGrid(int length, int expected)
    {
        var mel = new MelSpectrogram(16000, new MelSpectrogramOptions { Transform = Transform, Filterbank = Filterbank });
        Assert.Equal(expected, mel.Compute(new double[length]).Count);
        Assert.Equal(expected, mel.Grid.FrameCount(length));
    }

    [Fact]
    public void Members_BadArguments_Throw()
    {
        Assert.Throws<ArgumentException>(() => new MelSpectrogram(16000, new MelSpectrogramOptions { Floor = 0 }));
        var mel = new MelSpectrogram(16000, new MelSpectrogramOptions());
        Assert.Throws<ArgumentException>(() => mel.Compute(new Waveform([1, 2], 8000)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(22)]
    public void MelFrequencyCepstrum_AnySignal_EqualsTheFormula(int lifter)
    {
        var signal = SpectrumSignals.Noise(3000);
        var options = new MelSpectrogramOptions { Transform = Transform, Filterbank = Filterbank };
        var logarithms = new MelSpectrogram(16000, options with { Logarithm = true }).Compute(signal);
        var result = new MelFrequencyCepstrum(
            16000,
            new MelFrequencyCepstrumOptions
            {
                Spectrogram = options,
                CoefficientCount = 20,
                Lifter = lifter,
            }
        ).Compute(signal);
        Assert.Equal((logarithms.Count, 20), (result.Count, result.Dimension));
        for (var t = 0; t < result.Count; t++)
        {
            for (var k = 0; k < 20; k++)
            {
                var sum = 0.0;
                for (var m = 0; m < 40; m++)
                    sum += logarithms[t][m] * Math.Cos(Math.PI * k * (m + 0.5) / 40);
                sum *= k == 0 ? Math.Sqrt(1.0 / 40) : Math.Sqrt(2.0 / 40);
                sum *= lifter == 0 ? 1 : 1 + (11 * Math.Sin(Math.PI * k / 22));
                Assert.Equal(sum, result[t][k], 1e-11);
            }
        }
    }

    [Fact]
    public void MelFrequencyCepstrum_AllCoefficients_KeepTheEnergy()
    {
        // The transform is orthonormal.
        var signal = SpectrumSignals.Noise(3000);
        var options = new MelSpectrogramOptions { Transform = Transform, Filterbank = Filterbank };
        var logarithms = new MelSpectrogram(16000, options with { Logarithm = true }).Compute(signal);
        var result = new MelFrequencyCepstrum(
            16000,
            new MelFrequencyCepstrumOptions { Spectrogram = options, CoefficientCount = 40 }
        ).Compute(new Waveform(signal, 16000));
        for (var t = 0; t < result.Count; t++)
            Assert.Equal(logarithms[t].ToArray().Sum(x => x * x), result[t].ToArray().Sum(x => x * x), 1e-8);
    }

    [Fact]
    public void MelFrequencyCepstrum_BadArguments_Throws()
    {
        Assert.Throws<ArgumentException>(() => new MelFrequencyCepstrum(16000, new MelFrequencyCepstrumOptions { CoefficientCount = 0 }));
        Assert.Throws<ArgumentException>(() => new MelFrequencyCepstrum(16000, new MelFrequencyCepstrumOptions { CoefficientCount = 81 }));
        Assert.Throws<ArgumentException>(() => new MelFrequencyCepstrum(16000, new MelFrequencyCepstrumOptions { Lifter = -1 }));
    }
}
