using VoiceKit.Pictures;

namespace VoiceKit.Tests.Pictures;

public class AxisTests
{
    [Theory]
    [InlineData(0, 8000, 6, "0 2000 4000 6000 8000")]
    [InlineData(0, 1, 6, "0.0 0.2 0.4 0.6 0.8 1.0")]
    [InlineData(-0.5, 0.5, 3, "-0.5 0.0 0.5")]
    [InlineData(0.7, 0.72, 5, "0.700 0.705 0.710 0.715 0.720")]
    [InlineData(-73, 12, 5, "-60 -40 -20 0")]
    [InlineData(0, 3e9, 4, "0 1e9 2e9 3e9")]
    [InlineData(0, 3e-9, 4, "0e0 1e-9 2e-9 3e-9")]
    public void For_Range_GivesRoundNumbers(double minimum, double maximum, int count, string expected)
    {
        var ticks = AxisTicks.For(new(minimum, maximum), count);
        Assert.Equal(expected, string.Join(' ', ticks.Values.Select(ticks.Label)));
    }

    [Fact]
    public void For_RandomRanges_StaysInsideAndNeverTooMany()
    {
        var random = new Random(3);
        for (var i = 0; i < 2000; i++)
        {
            var minimum = (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-200, 200));
            var range = new AxisRange(minimum, minimum + (Math.Abs(minimum) * random.NextDouble()) + (Math.Abs(minimum) * 1e-6));
            var count = random.Next(1, 12);
            var ticks = AxisTicks.For(range, count);
            Assert.True(ticks.Values.Count <= count);
            var tolerance = range.Length * 1e-6;
            Assert.All(ticks.Values, tick => Assert.InRange(tick, range.Minimum - tolerance, range.Maximum + tolerance));
            Assert.Contains(Math.Round(ticks.Step / Math.Pow(10, Math.Floor(Math.Log10(ticks.Step) + 1e-9)), 6), new[] { 1.0, 2.0, 5.0 });
            if (count >= 4)
                Assert.True(ticks.Values.Count >= 1);
        }
    }

    [Theory]
    [InlineData(0.0, double.Epsilon)]
    [InlineData(-4e307, 4e307)]
    [InlineData(1e16, 1.0000000000000002e16)]
    public void For_ExtremeRange_GivesFewFiniteTicksInside(double minimum, double maximum)
    {
        var ticks = AxisTicks.For(new(minimum, maximum), 5);
        Assert.InRange(ticks.Values.Count, 0, 5);
        Assert.All(ticks.Values, tick => Assert.InRange(tick, minimum, maximum));
        Assert.Equal(ticks.Values.Order(), ticks.Values);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(double.NaN, 1)]
    [InlineData(0, double.PositiveInfinity)]
    [InlineData(double.MinValue, double.MaxValue)]
    public void Constructor_NotARange_Throws(double minimum, double maximum) =>
        Assert.Throws<ArgumentException>(() => new AxisRange(minimum, maximum));

    [Fact]
    public void Covering_Values_HoldsThemAll()
    {
        Assert.Equal(new(0, 1), AxisRange.Covering([]));
        Assert.Equal(new(0, 1), AxisRange.Covering([double.NaN, double.PositiveInfinity]));
        Assert.Equal(new(-2, 3), AxisRange.Covering([3, double.NaN, -2, double.NegativeInfinity]));
        Assert.Equal(new(-1, 1), AxisRange.Covering([0, 0]));
        Assert.Equal(new(4.5, 5.5), AxisRange.Covering([5]));
        Assert.Equal(new(-1, 11), AxisRange.Covering([0, 10], 0.1));
        foreach (var value in new[] { double.Epsilon, -double.Epsilon, 1e-310, double.MaxValue, double.MinValue })
            Assert.True(AxisRange.Covering([value]).Length > 0);
        Assert.True(AxisRange.Covering([double.MinValue, double.MaxValue], 0.06).Length > 0);
    }
}
