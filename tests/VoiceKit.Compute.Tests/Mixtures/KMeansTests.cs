using VoiceKit.Mixtures;
using VoiceKit.Numerics;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Mixtures;

public class KMeansTests
{
    [Fact]
    public void Cluster_WellSeparatedGroups_FindsThem()
    {
        // Frame t belongs to group t mod 4, around the corner of a square.
        var noise = RandomMatrices.Vector(800, 1);
        var frames = new Frames(400, 2, [.. Enumerable.Range(0, 800).Select(i => (20 * (i % 2 == 0 ? i / 2 % 2 : i / 4 % 2)) + noise[i])]);
        for (var seed = 0; seed < 10; seed++)
        {
            var labels = KMeans.Cluster(frames, 4, seed);
            Assert.Equal(4, labels[..4].Distinct().Count());
            Assert.All(labels.Select((label, t) => (label, t)), item => Assert.Equal(labels[item.t % 4], item.label));
        }
    }

    [Fact]
    public void Cluster_SameSeed_GivesTheSameLabels()
    {
        var frames = new Frames(300, 3, RandomMatrices.Vector(900, 2));
        Assert.Equal(KMeans.Cluster(frames, 7, 3), KMeans.Cluster(frames, 7, 3));
        Assert.NotEqual(KMeans.Cluster(frames, 7, 3), KMeans.Cluster(frames, 7, 4));
    }

    [Fact]
    public void Cluster_UntilNothingMoves_PutsEachFrameToTheNearestMean()
    {
        var frames = new Frames(300, 1, RandomMatrices.Vector(300, 2));
        var labels = KMeans.Cluster(frames, 5, 0, 1000);
        var means = Enumerable
            .Range(0, 5)
            .Select(c => Enumerable.Range(0, 300).Where(t => labels[t] == c).Average(t => frames[t][0]))
            .ToArray();
        for (var t = 0; t < 300; t++)
            Assert.Equal(means.Min(mean => Math.Abs(mean - frames[t][0])), Math.Abs(means[labels[t]] - frames[t][0]), 1e-12);
    }

    [Fact]
    public void Cluster_AsManyClustersAsFrames_GivesEachItsOwn() =>
        Assert.Equal(6, KMeans.Cluster(new Frames(6, 1, [5, 1, 9, 3, 7, 2]), 6).Distinct().Count());

    [Fact]
    public void Cluster_EqualFrames_Ends() => Assert.Single(KMeans.Cluster(new FrameBuffer(10, 2), 3).Distinct());

    [Fact]
    public void Cluster_ImpossibleCounts_Throws()
    {
        Assert.Throws<ArgumentException>(() => KMeans.Cluster(new FrameBuffer(2, 1), 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => KMeans.Cluster(new FrameBuffer(2, 1), 0));
    }
}
