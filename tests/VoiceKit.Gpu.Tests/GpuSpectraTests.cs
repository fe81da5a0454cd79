using VoiceKit.Devices;
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
    public void PowerSpectra_EveryLength_EqualTheCpu(string name)
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
            var plan = new SpectrumPlan(Window.Hann(length), shift, fft);
            AssertNear(
                CpuSpectra.Compute(plan, Noise(samples)),
                device.PowerSpectra(plan, Noise(samples)),
                $"{fft}, {length}, {shift}, {samples}"
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
            var mel = new MelSpectrogram(
                16000,
                new MelSpectrogramOptions
                {
                    Transform = new ShortTimeFourierOptions { FrameLength = 256, FrameShift = 64 },
                    Filterbank = new MelFilterbankOptions { FilterCount = 7 },
                    Logarithm = logarithm,
                }
            );
            AssertNear(mel.Compute(Noise(200)), mel.Compute(Noise(200), device), $"logarithm: {logarithm}");
        }
    }

    [Theory]
    [MemberData(nameof(TestDevices.Gpus), MemberType = typeof(TestDevices))]
    public void PowerSpectra_ManyPlansAgainAndAgain_EqualTheCpu(string name)
    {
        using var device = TestDevices.Create(name);
        var plans = Enumerable.Range(1, 10).Select(length => new SpectrumPlan(Window.Hann(length), 3, 16)).ToArray();
        foreach (var plan in plans.Concat(plans))
            AssertNear(CpuSpectra.Compute(plan, Noise(20)), device.PowerSpectra(plan, Noise(20)), $"{plan.Window.Length}");
    }

    [Fact]
    public void PowerSpectra_SamePlanAgain_AllocatesNothing()
    {
        using var device = GpuTestDevices.CreateSimulator();
        var plan = new SpectrumPlan(Window.Hann(16), 4, 16);
        device.PowerSpectra(plan, Noise(20));
        var before = device.Pool.AllocationCount;
        device.PowerSpectra(plan, Noise(20));
        Assert.Equal(before, device.Pool.AllocationCount);
    }

    [Fact]
    public void PowerSpectra_LargeGroups_EqualTheCpu()
    {
        using var device = GpuTestDevices.CreateWideSimulator();
        var plan = new SpectrumPlan(Window.Hann(1024), 300, 1024);
        AssertNear(CpuSpectra.Compute(plan, Noise(301)), device.PowerSpectra(plan, Noise(301)), "groups of 256");
    }

    [Fact]
    public void PowerSpectra_NoSamplesOrTooLong_AreEmptyOrRefused()
    {
        using var device = GpuTestDevices.CreateSimulator();
        Assert.Equal(0, device.PowerSpectra(new SpectrumPlan([1, 1], 1, 2), []).Count);
        var plan = new SpectrumPlan([1, 1], 1, 2 * GpuSpectra.MaxTransformLength);
        Assert.Contains(
            "longest on a GPU",
            Assert.Throws<DeviceException>(() => device.PowerSpectra(plan, Noise(10))).Message,
            StringComparison.Ordinal
        );
    }

    private static double[] Noise(int samples) => SmallModels.Normal(samples, 1, samples).Values.ToArray();

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
