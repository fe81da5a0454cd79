using VoiceKit.Devices;
using VoiceKit.Mixtures;
using VoiceKit.Numerics;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Gpu;

/// <summary>Expectation steps of the simulator, and of each GPU that is there, beside the CPU's.</summary>
public class GpuExpectationTests
{
    public static TheoryData<string, (int MixtureCount, int Dimension)> Sizes =>
        TestDevices.WithGpus<(int MixtureCount, int Dimension)>(
            [(1, 1), (1, 2), (3, 2), (3, 5), (1, 9), (3, 16), (2, 17)],
            size => size.Dimension > 5
        );

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Collect_EachSizeAndStructure_EqualsTheCpu(string name, (int MixtureCount, int Dimension) size)
    {
        using var device = TestDevices.Create(name);
        foreach (var structure in Enum.GetValues<CovarianceStructure>())
        {
            if (structure == CovarianceStructure.BlockDiagonal && size.Dimension % 2 != 0)
                continue;
            var mixture = DrawnClusters.Random(size.MixtureCount, size.Dimension, structure, 3);
            var all = DrawnClusters.Draw(mixture, 30);
            foreach (var frameCount in new[] { 1, 2, 17 })
            {
                var frames = all.Slice(all.Count - frameCount, frameCount);
                AssertNear(
                    MixtureStatistics.Collect(mixture, frames),
                    device.BeginExpectation(frames).Collect(mixture),
                    $"{structure} {size.MixtureCount} x {size.Dimension}, {frameCount} frames"
                );
            }
        }
    }

    [Theory]
    [MemberData(nameof(TestDevices.Gpus), MemberType = typeof(TestDevices))]
    public void Collect_FramesFarFromEachMixture_EqualsTheCpu(string name)
    {
        using var device = TestDevices.Create(name);
        var mixture = new GaussianMixture(
            [0.5, 0.5, 0],
            new Frames(3, 2, [-150, 0, 150, 1, 0, 0]),
            [
                [1, 0.5, 0.5, 1],
                [2, 0, 0, 2],
                [1, 0, 0, 1],
            ],
            CovarianceStructure.Full
        );

        // Log-densities about -1e4; -1e6 where both are as likely, so that the posteriors are shared; and one frame within a mixture.
        var frames = new Frames(5, 2, [0, 0, 1, 2, -1, 3, -150, 1500, 150, 1]);
        var expected = MixtureStatistics.Collect(mixture, frames);
        Assert.InRange(expected.LogLikelihood, -1e8, -3e4);
        AssertNear(expected, device.BeginExpectation(frames).Collect(mixture), "far");
    }

    [Fact]
    public void BeginExpectation_DeviceWithoutDoublePrecision_IsRefused()
    {
        using var device = GpuTestDevices.CreateSingleSimulator();
        Assert.False(device.HasDoublePrecision);
        var exception = Assert.Throws<DeviceException>(() => device.BeginExpectation(new Frames(1, 1, [0])));
        Assert.Contains("has no double precision", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(TestDevices.Gpus), MemberType = typeof(TestDevices))]
    public void Collect_Again_GivesTheSameBits(string name)
    {
        using var device = TestDevices.Create(name);
        var mixture = DrawnClusters.Random(3, 5, CovarianceStructure.Full, 1);
        var step = device.BeginExpectation(DrawnClusters.Draw(mixture, 50));
        var (first, second) = (step.Collect(mixture), step.Collect(mixture));
        Assert.Equal(first.LogLikelihood, second.LogLikelihood);
        Assert.Equal(first.Occupancies.ToArray(), second.Occupancies.ToArray());
        Assert.Equal(first.First.Values.ToArray(), second.First.Values.ToArray());
        for (var m = 0; m < 3; m++)
            Assert.Equal(first.Second(m).ToArray(), second.Second(m).ToArray());
    }

    [Theory]
    [MemberData(nameof(TestDevices.Gpus), MemberType = typeof(TestDevices))]
    public void Fit_SmallSet_EqualsTheCpu(string name)
    {
        using var device = TestDevices.Create(name);
        var frames = DrawnClusters.Draw(DrawnClusters.Random(2, 3, CovarianceStructure.Full, 5), 60);
        var options = new MixtureOptions
        {
            MixtureCount = 2,
            Iterations = 4,
            Tolerance = 0,
            CovariancePriorCount = 2,
        };
        var expected = ExpectationMaximization.Fit(frames, options);
        var actual = ExpectationMaximization.Fit(frames, options, device.BeginExpectation(frames));
        AssertNear(expected.Weights, actual.Weights, 1e-6, "weights");
        AssertNear(expected.Means.Values, actual.Means.Values, 1e-6, "means");
        for (var m = 0; m < 2; m++)
            AssertNear(expected.Covariance(m), actual.Covariance(m), 1e-6, $"covariance {m}");
    }

    [Fact]
    [Trait(SlowTests.Category, SlowTests.Slow)]
    public void Collect_LargeGroups_EqualsTheCpu()
    {
        using var device = GpuTestDevices.CreateWideSimulator();
        var mixture = DrawnClusters.Random(1, 66, CovarianceStructure.Full, 1);
        var frames = DrawnClusters.Draw(mixture, 65);
        AssertNear(MixtureStatistics.Collect(mixture, frames), device.BeginExpectation(frames).Collect(mixture), "groups of 256");
    }

    [Fact]
    public void Collect_NoFrames_GivesZeros()
    {
        using var device = GpuTestDevices.CreateSimulator();
        var mixture = DrawnClusters.Random(2, 3, CovarianceStructure.Full, 1);
        var statistics = device.BeginExpectation(new FrameBuffer(0, 3)).Collect(mixture);
        Assert.Equal(0, statistics.FrameCount);
        Assert.Equal(0, statistics.LogLikelihood);
        Assert.Equal([0, 0], statistics.Occupancies.ToArray());
    }

    [Fact]
    public void Collect_MixtureThatDoesNotFit_IsRefused()
    {
        using var device = GpuTestDevices.CreateSimulator();
        var step = device.BeginExpectation(new FrameBuffer(4, 3));
        Assert.Throws<ArgumentException>(() => step.Collect(DrawnClusters.Random(2, 2, CovarianceStructure.Full, 1)));
        var flat = new GaussianMixture([1], new FrameBuffer(1, 3), [new double[9]], CovarianceStructure.Full);
        Assert.Throws<ArithmeticException>(() => step.Collect(flat));
    }

    [Fact]
    public void BeginExpectation_FramesOfAnotherFit_GivesTheFirstOnesMemoryBack()
    {
        using var device = GpuTestDevices.CreateSimulator();
        var mixture = DrawnClusters.Random(1, 3, CovarianceStructure.Full, 1);
        var first = device.BeginExpectation(new FrameBuffer(1000, 3));
        var before = device.Pool.AllocationCount;
        device.BeginExpectation(new FrameBuffer(990, 3));
        Assert.Equal(before, device.Pool.AllocationCount);
        Assert.Throws<ObjectDisposedException>(() => first.Collect(mixture));
    }

    private static void AssertNear(MixtureStatistics expected, MixtureStatistics actual, string what)
    {
        var dimension = expected.First.Dimension;
        Assert.Equal(expected.FrameCount, actual.FrameCount);
        AssertNear([expected.LogLikelihood], [actual.LogLikelihood], 1e-9, what + ": log-likelihood");
        AssertNear(expected.Occupancies, actual.Occupancies, 1e-9, what + ": occupancies");
        AssertNear(expected.First.Values, actual.First.Values, 1e-9, what + ": first");
        for (var m = 0; m < expected.Occupancies.Length; m++)
            AssertNear(Lower(expected.Second(m), dimension), Lower(actual.Second(m), dimension), 1e-9, $"{what}: second {m}");
    }

    private static double[] Lower(ReadOnlySpan<double> square, int dimension) =>
        [.. square.ToArray().Where((_, k) => k % dimension <= k / dimension)];

    /// <summary>Within a share of the largest number.</summary>
    private static void AssertNear(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, double share, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        var bound = share * expected.ToArray().Max(Math.Abs);
        for (var i = 0; i < expected.Length; i++)
        {
            if (!(Math.Abs(expected[i] - actual[i]) <= bound))
                Assert.Fail($"{what}, element {i}: {actual[i]:R}, not {expected[i]:R}");
        }
    }
}
