using VoiceKit.Music;

namespace VoiceKit.Tests.Music;

public class TempoMapTests
{
    [Fact]
    public void SecondsAt_NoTempo_Is120QuartersAMinute() => Assert.Equal(0.5, Map(480).SecondsAt(480));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(480, 0.5)]
    [InlineData(960, 1)]
    [InlineData(1440, 2)]
    [InlineData(1920, 3)]
    [InlineData(2400, 3.25)]
    [InlineData(48_000, 27)]
    public void SecondsAt_SeveralTempos_AddsUp(long tick, double seconds)
    {
        // Half a second a quarter note, from tick 960 on a whole one, from 1920 on a quarter of one; the first of two at one tick has no
        // effect.
        var map = Map(480, new(960, 1_000_000), new(1920, 3), new TempoChange(1920, 250_000));
        Assert.Equal(seconds, map.SecondsAt(tick));
        Assert.Equal(tick, map.TickAt(seconds));
    }

    [Fact]
    public void TickAt_BetweenTicks_IsTheNearest()
    {
        var map = Map(1, new TempoChange(0, 1_000_000));
        Assert.Equal([0, 1, 1], new[] { 0.49, 0.51, 1.49 }.Select(map.TickAt));
        Assert.Equal(long.MaxValue, map.TickAt(1e300));
    }

    [Fact]
    public void TickAt_SecondsAtARandomTick_IsThatTick()
    {
        var random = new Random(3);
        for (var i = 0; i < 200; i++)
        {
            var tempos = Enumerable.Range(0, 20).Select(_ => new TempoChange(random.Next(100_000), random.Next(1, 1 << 24))).ToArray();
            var map = Map(random.Next(1, 32768), tempos);
            var ticks = Enumerable.Range(0, 100).Select(_ => (long)random.Next(120_000)).Order().ToArray();
            Assert.Equal(ticks, ticks.Select(tick => map.TickAt(map.SecondsAt(tick))));
        }
    }

    [Fact]
    public void SecondsAt_FilmFrames_IgnoresTempo()
    {
        var score = Score(TickDivision.Film(25, 40), new TempoChange(0, 1));
        Assert.Equal(1.5, new TempoMap(score).SecondsAt(1500));
        Assert.Equal(1500, new TempoMap(score).TickAt(1.5));
        Assert.Equal(1.001, new TempoMap(Score(TickDivision.Film(29, 1))).SecondsAt(30), 1e-12);
    }

    [Fact]
    public void TempoMap_SenselessArguments_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => Map(480, new TempoChange(0, 0)));
        Assert.Throws<ArgumentException>(() => Map(480, new TempoChange(-1, 1)));
        Assert.Throws<ArgumentException>(() => new TempoMap(Score(default)));
        Assert.Throws<ArgumentException>(() => new TempoMap(Score(TickDivision.Quarter(1)) with { Format = 2 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Map(480).SecondsAt(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Map(480).TickAt(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Map(480).TickAt(double.NaN));
    }

    private static TempoMap Map(int ticksPerQuarter, params TempoChange[] tempos) =>
        new(Score(TickDivision.Quarter(ticksPerQuarter), tempos));

    private static MidiScore Score(TickDivision division, params TempoChange[] tempos) => new(1, 1, division, [], tempos, [], [], []);
}
