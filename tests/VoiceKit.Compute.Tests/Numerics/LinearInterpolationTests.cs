using VoiceKit.Numerics;

namespace VoiceKit.Tests.Numerics;

public class LinearInterpolationTests
{
    [Fact]
    public void AtFrames_BeyondBothEnds_ExtendsTheOuterPieces()
    {
        var destination = new double[6];
        LinearInterpolation.AtFrames([1, 2, 4], [10, 20, 0], 1, destination);
        Assert.Equal([0.0, 10, 20, 10, 0, -10], destination);
    }

    [Fact]
    public void AtFrames_StepBetweenPoints_LiesOnTheLines()
    {
        var destination = new double[5];
        LinearInterpolation.AtFrames([0, 1], [3, 5], 0.25, destination);
        Assert.Equal([3.0, 3.5, 4, 4.5, 5], destination);
    }

    [Fact]
    public void AtFrames_WideSteps_SkipPieces()
    {
        var destination = new double[3];
        LinearInterpolation.AtFrames([0, 1, 2, 3, 10], [0, 1, 0, 1, 8], 4, destination);
        Assert.Equal([0.0, 2, 6], destination);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    [InlineData(2, 3)]
    public void AtFrames_NoCurve_Throws(int xs, int ys) =>
        Assert.Throws<ArgumentException>(() => LinearInterpolation.AtFrames(new double[xs], new double[ys], 1, new double[1]));
}
