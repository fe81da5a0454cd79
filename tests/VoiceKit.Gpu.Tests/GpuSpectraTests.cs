using VoiceKit.Audio;
using VoiceKit.Gpu;
using VoiceKit.Numerics;
using VoiceKit.Spectra;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Gpu;

/// <summary>Spectra of the simulator, and of each GPU that is there, beside the CPU's.</summary>
public class GpuSpectraTests
{
    [Theory]
    [MemberData(nameof(TestDevices.Gpus), MemberType = typeof(TestDevices))]
    public void Power_EveryLength_EqualsTheCpu(string name)
    {
        using var device = TestDevices.Create(name);
        foreach (
            var (fft, length, shift, samples) in new[]
            {
                (2, 1, 1, 3),
                (8, 8, 2, 9),
                (8, 5, 3, 1),
                (64, 64, 16, 15),
                (64, 50, 16, 64),
                (256, 256, 100, 300),
                (1024, 1000, 256, 1030),
                (4096, 4096, 500, 499),
            }
        )
        {
            var options = new ShortTimeFourierOptions
            {
                FftLength = fft,
                FrameLength = length,
                FrameShift = shift,
            };
            var waveform = Noise(samples);
            var spectra = new ShortTimeFourierTransform(options).Forward(waveform.Samples);
            AssertNear(
                spectra.Power(),
                new GpuSpectra((GpuDevice)device).Power(waveform, options),
                $"{fft}, {length}, {shift}, {samples} samples"
            );
        }
    }

    [Theory]
    [MemberData(nameof(TestDevices.Gpus), MemberType = typeof(TestDevices))]
    public void Mel_PowersAndLogarithms_EqualTheCpu(string name)
    {
        using var device = TestDevices.Create(name);
        foreach (var logarithm in new[] { false, true })
        {
            var options = new MelSpectrogramOptions
            {
                Transform = new ShortTimeFourierOptions { FrameLength = 256, FrameShift = 64 },
                Filterbank = new MelFilterbankOptions { FilterCount = 7 },
                Logarithm = logarithm,
            };
            var waveform = Noise(200);
            AssertNear(
                new MelSpectrogram(16000, options).Compute(waveform),
                new GpuSpectra((GpuDevice)device).Mel(waveform, options),
                $"logarithm: {logarithm}"
            );
        }
    }

    [Fact]
    public void Power_LargeGroups_EqualsTheCpu()
    {
        using var device = GpuTestDevices.CreateWideSimulator();
        var options = new ShortTimeFourierOptions { FrameLength = 1024, FrameShift = 300 };
        var waveform = Noise(301);
        AssertNear(
            new ShortTimeFourierTransform(options).Forward(waveform.Samples).Power(),
            new GpuSpectra(device).Power(waveform, options),
            "groups of 256"
        );
    }

    [Fact]
    public void Power_NoSamplesOrTooLong_IsEmptyOrRefused()
    {
        using var device = GpuTestDevices.CreateSimulator();
        var spectra = new GpuSpectra(device);
        Assert.Equal(0, spectra.Power(new Waveform([], 16000), new ShortTimeFourierOptions()).Count);
        Assert.Throws<ArgumentException>(() =>
            spectra.Power(Noise(10), new ShortTimeFourierOptions { FftLength = 2 * GpuSpectra.LongestTransform })
        );
    }

    private static Waveform Noise(int samples) => new(SmallModels.Normal(samples, 1, samples).Values.ToArray(), 16000);

    private static void AssertNear(Frames expected, Frames actual, string what)
    {
        Assert.Equal((expected.Count, expected.Dimension), (actual.Count, actual.Dimension));
        var bound = 1e-4 * expected.Values.ToArray().Max(Math.Abs);
        for (var i = 0; i < expected.Values.Length; i++)
        {
            if (!(Math.Abs(expected.Values[i] - actual.Values[i]) <= bound))
                Assert.Fail($"{what}, element {i}: {actual.Values[i]:R}, not {expected.Values[i]:R}");
        }
    }
}
