using VoiceKit.Conversion;
using VoiceKit.Features;
using VoiceKit.Files;
using VoiceKit.Mixtures;
using VoiceKit.Numerics;
using VoiceKit.Pitch;

namespace VoiceKit.Tests;

/// <summary>Values do not change with what they were made of, and cannot be made wrong.</summary>
public class ValueTests
{
    [Fact]
    public void GlobalVariance_MadeOfAnArray_DoesNotChangeWithIt()
    {
        double[] mean = [1, 2];
        var variance = new GlobalVariance(mean, [3, 4]);
        mean[0] = 9;
        Assert.Equal([1, 2], variance.Mean);
        Assert.Throws<NotSupportedException>(() => ((IList<double>)variance.Mean)[0] = 9);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(-1, 1)]
    [InlineData(double.NaN, 1)]
    [InlineData(double.PositiveInfinity, 1)]
    public void GlobalVariance_OfOtherLengthOrNoVariance_IsRefused(double mean, int count) =>
        Assert.Throws<ArgumentException>(() => new GlobalVariance([mean], new double[count]));

    [Fact]
    public void WarpingPath_MadeOfAnArray_DoesNotChangeWithIt()
    {
        int[] source = [0, 1, 1];
        var path = new WarpingPath(source, [0, 0, 1], 0.5);
        source[2] = 7;
        Assert.Equal([0, 1, 1], path.Source);
        Assert.Equal((3, 0.5), (path.Count, path.MeanCost));
    }

    [Fact]
    public void WarpingPath_ThatFallsOrHasOtherLengths_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new WarpingPath([0, 1], [0], 0));
        Assert.Throws<ArgumentException>(() => new WarpingPath([0, 1], [1, 0], 0));
        Assert.Throws<ArgumentException>(() => new WarpingPath([1, 0], [0, 1], 0));
    }

    [Fact]
    public void GaussianMixture_MadeOfArrays_DoesNotChangeWithThem()
    {
        double[] weights = [1];
        double[][] covariances =
        [
            [2],
        ];
        var means = new FrameBuffer(1, 1);
        var mixture = new GaussianMixture(weights, means, covariances, CovarianceStructure.Full);
        (weights[0], covariances[0][0], means[0][0]) = (5, 5, 5);
        Assert.Equal((1, 2, 0), (mixture.Weights[0], mixture.Covariance(0)[0], mixture.Means[0][0]));
    }

    [Fact]
    public void NamedTensor_MadeOfAnArray_DoesNotChangeWithIt()
    {
        double[] values = [1, 2];
        var (tensor, array) = (new NamedTensor([2], values), new NpyArray([2], values));
        values[0] = 9;
        Assert.Equal([1, 2], tensor.Values);
        Assert.Equal([1, 2], array.Values);
        Assert.Throws<ArgumentException>(() => new NamedTensor([3], values));
        Assert.Throws<ArgumentException>(() => NamedTensor.Wrap([1, 1], values));
        Assert.Throws<ArgumentException>(() => new NpyArray([], values));
    }

    [Fact]
    public void SpeechAnalysis_MadeOfBuffers_DoesNotChangeWithThem()
    {
        var features = Features(2);
        var (envelope, aperiodicity) = (new FrameBuffer(2, 5), new FrameBuffer(2, 5));
        var analysis = new SpeechAnalysis(features, envelope, aperiodicity);
        (envelope[0][0], aperiodicity[0][0]) = (7, 7);
        Assert.Equal((0, 0), (analysis.Envelope[0][0], analysis.Aperiodicity[0][0]));
        Assert.Throws<ArgumentException>(() => new SpeechAnalysis(features, new FrameBuffer(3, 5), aperiodicity));
        Assert.Throws<ArgumentException>(() => new SpeechAnalysis(features, envelope, new FrameBuffer(2, 4)));
    }

    [Fact]
    public void Frames_CutOrJoined_AreNoBuffers()
    {
        var frames = new Frames(2, 2, [1, 2, 3, 4]);
        Frames[] made = [frames.Columns(0, 1), frames.Rows([1]), frames.Slice(0, 1), Frames.Concatenate([frames, frames])];
        Assert.All(made, item => Assert.IsNotType<FrameBuffer>(item));
    }

    private static SpeechFeatures Features(int count) =>
        new(
            16000,
            new F0Contour(new double[count], TimeSpan.FromMilliseconds(5)),
            new FrameBuffer(count, 3),
            0.4,
            new FrameBuffer(count, 1)
        );
}
