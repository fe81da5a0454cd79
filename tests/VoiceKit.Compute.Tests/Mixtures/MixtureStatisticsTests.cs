using VoiceKit.Mixtures;
using VoiceKit.Numerics;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Mixtures;

public class MixtureStatisticsTests
{
    private const int MixtureCount = 3;
    private const int Dimension = 5;

    private static readonly GaussianMixture Mixture = DrawnClusters.Random(MixtureCount, Dimension, CovarianceStructure.Full, 2);
    private static readonly Frames Frames = DrawnClusters.Draw(Mixture, 700);

    [Theory]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(350)]
    public void Add_StatisticsOfTwoParts_GivesThoseOfTheWhole(int split)
    {
        var whole = MixtureStatistics.Collect(Mixture, Frames);
        var sum = MixtureStatistics.Collect(Mixture, Frames.Slice(0, split));
        sum.Add(MixtureStatistics.Collect(Mixture, Frames.Slice(split, Frames.Count - split)));

        Assert.Equal(whole.FrameCount, sum.FrameCount);
        AssertNear([whole.LogLikelihood], [sum.LogLikelihood]);
        AssertNear(whole.Occupancies, sum.Occupancies);
        AssertNear(whole.First.Values, sum.First.Values);
        for (var m = 0; m < MixtureCount; m++)
            AssertNear(Lower(whole, m), Lower(sum, m));
    }

    [Fact]
    public void Collect_EveryFrameCount_EqualsTheSumsOfTheDefinition()
    {
        foreach (var count in Enumerable.Range(1, 40).Append(257).Append(Frames.Count))
        {
            var part = Frames.Slice(Frames.Count - count, count);
            var statistics = MixtureStatistics.Collect(Mixture, part);
            var (posteriors, logLikelihood) = Mixture.Posteriors(part);
            Assert.Equal(logLikelihood * count, statistics.LogLikelihood, 1e-9);
            for (var m = 0; m < MixtureCount; m++)
            {
                double occupancy = 0,
                    first = 0,
                    second = 0;
                for (var t = 0; t < count; t++)
                {
                    occupancy += posteriors[t][m];
                    first += posteriors[t][m] * (part[t][1] - Mixture.Means[m][1]);
                    second += posteriors[t][m] * (part[t][4] - Mixture.Means[m][4]) * (part[t][3] - Mixture.Means[m][3]);
                }

                // Posteriors below 1e-7 are left out.
                var tolerance = 1e-5 * Math.Max(1, count / 100.0);
                Assert.Equal(occupancy, statistics.Occupancies[m], tolerance);
                Assert.Equal(first, statistics.First[m][1], tolerance);
                Assert.Equal(second, statistics.Second(m)[(4 * Dimension) + 3], tolerance);
            }
        }
    }

    private static double[] Lower(MixtureStatistics statistics, int m)
    {
        var second = statistics.Second(m).ToArray();
        return [.. second.Where((_, k) => k % Dimension <= k / Dimension)];
    }

    private static void AssertNear(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual) =>
        Assert.All(
            expected.ToArray().Zip(actual.ToArray()),
            pair => Assert.Equal(pair.First, pair.Second, 1e-9 * Math.Max(1, Math.Abs(pair.First)))
        );
}
