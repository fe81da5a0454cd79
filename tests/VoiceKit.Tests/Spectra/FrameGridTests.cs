using VoiceKit.Spectra;

namespace VoiceKit.Tests.Spectra;

public class FrameGridTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(79, 1)]
    [InlineData(80, 2)]
    [InlineData(81, 2)]
    [InlineData(159, 2)]
    [InlineData(160, 3)]
    [InlineData(16000, 201)]
    public void FrameCount_CentredFrames_CountsCentresUpToTheEnd(int sampleCount, int expected) =>
        Assert.Equal(expected, new FrameGrid(16000, 80, 400).FrameCount(sampleCount));

    [Fact]
    public void TimeAndSample_OfAFrame_LeadBackToTheFrame()
    {
        var grid = new FrameGrid(22050, 256, 1024);
        for (var t = 0; t < 1000; t++)
        {
            Assert.Equal(t, grid.FrameAt(grid.CenterSample(t)));
            Assert.Equal(t, grid.FrameAtTime(grid.Time(t)));
            Assert.Equal(t, grid.FrameAt(grid.CenterSample(t) + 127));
            Assert.Equal(t + 1, grid.FrameAt(grid.CenterSample(t) + 128));
        }
    }

    [Fact]
    public void StartSample_FirstFrame_LiesHalfAFrameBeforeTheSignal()
    {
        var grid = new FrameGrid(16000, 80, 400);
        Assert.Equal(-200, grid.StartSample(0));
        Assert.Equal(-120, grid.StartSample(1));
        Assert.Equal(TimeSpan.FromMilliseconds(5), grid.FramePeriod);
        Assert.Equal(0.01, grid.Time(2), 1e-15);
    }

    [Fact]
    public void Members_BadArguments_Throw()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new FrameGrid(0, 80, 400));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FrameGrid(16000, 0, 400));
        Assert.Throws<ArgumentOutOfRangeException>(() => new FrameGrid(16000, 80, 0));
        var grid = new FrameGrid(16000, 80, 400);
        Assert.Throws<ArgumentOutOfRangeException>(() => grid.FrameCount(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => grid.FrameAt(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => grid.FrameAtTime(double.NaN));
    }
}
