using VoiceKit.Files;
using VoiceKit.Mixtures;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Mixtures;

public class MixtureStatisticsFileTests
{
    private static readonly GaussianMixture Mixture = DrawnClusters.Random(3, 5, CovarianceStructure.Full, 2);
    private static readonly MixtureStatistics Statistics = MixtureStatistics.Collect(Mixture, DrawnClusters.Draw(Mixture, 400));

    public static readonly TheoryData<string, double[]> BadNumbers = new()
    {
        { "totals", [400] },
        { "totals", [-1, 0] },
        { "totals", [0.5, 0] },
        { "totals", [1e300, 0] },
        { "totals", [399, -1] },
        { "totals", [400, double.NaN] },
        { "occupancies", [400, 0, double.PositiveInfinity] },
        { "occupancies", [500, 0, -100] },
        { "occupancies", [200, 200] },
        { "first", [1, 2, 3] },
        { "second", [1, 2, 3] },
    };

    [Fact]
    public void Read_WrittenStatistics_UpdateToTheSameBits()
    {
        using var folder = new ScratchFolder();
        MixtureStatisticsFile.Write(folder["s"], Statistics, new Dictionary<string, string> { ["block"] = "7" });
        var (again, labels) = MixtureStatisticsFile.Read(folder["s"]);
        Assert.Equal("7", labels["block"]);
        Assert.Equal((Statistics.FrameCount, Statistics.LogLikelihood), (again.FrameCount, again.LogLikelihood));
        var (expected, actual) = (Update(Statistics), Update(again));
        Assert.Equal(expected.Weights.ToArray(), actual.Weights.ToArray());
        Assert.Equal(expected.Means.Values.ToArray(), actual.Means.Values.ToArray());
        for (var m = 0; m < Mixture.MixtureCount; m++)
            Assert.Equal(expected.Covariance(m).ToArray(), actual.Covariance(m).ToArray());
    }

    [Fact]
    public void Read_TruncatedAnywhere_ThrowsBadFile()
    {
        using var folder = new ScratchFolder();
        MixtureStatisticsFile.Write(folder["s"], Statistics);
        var bytes = File.ReadAllBytes(folder["s"]);
        for (var length = 0; length < bytes.Length; length += 7)
        {
            var path = folder.Write("short", bytes[..length]);
            Assert.Equal(path, Assert.Throws<BadFileException>(() => MixtureStatisticsFile.Read(path)).Path);
        }
    }

    [Theory]
    [MemberData(nameof(BadNumbers))]
    public void Read_NumbersThatAreNoStatistics_ThrowsBadFile(string name, double[] values) =>
        AssertBad(file =>
            file.Tensors.ToDictionary(item => item.Key, item => item.Key == name ? new NamedTensor([values.Length], values) : item.Value)
        );

    [Theory]
    [InlineData("totals")]
    [InlineData("occupancies")]
    [InlineData("first")]
    [InlineData("second")]
    public void Read_MissingArray_ThrowsBadFile(string name) =>
        AssertBad(file => file.Tensors.Where(item => item.Key != name).ToDictionary(item => item.Key, item => item.Value));

    [Trait(SlowTests.Category, SlowTests.Slow)]
    [Fact]
    public void Read_AModel_ThrowsBadFile()
    {
        using var folder = new VoiceFolder();
        Assert.Contains(
            "not a file of mixture statistics",
            Assert.Throws<BadFileException>(() => MixtureStatisticsFile.Read(folder.Model)).Message,
            StringComparison.Ordinal
        );
    }

    private static GaussianMixture Update(MixtureStatistics statistics) =>
        ExpectationMaximization.Update(Mixture, statistics, new MixtureOptions { MixtureCount = 3 }, new double[5]);

    private static void AssertBad(Func<SafetensorsFile, Dictionary<string, NamedTensor>> change)
    {
        using var folder = new ScratchFolder();
        MixtureStatisticsFile.Write(folder["s"], Statistics);
        var file = SafetensorsFile.Read(folder["s"]);
        AtomicFile.Write(folder["changed"], (file with { Tensors = change(file) }).Write);
        Assert.Equal(folder["changed"], Assert.Throws<BadFileException>(() => MixtureStatisticsFile.Read(folder["changed"])).Path);
    }
}
