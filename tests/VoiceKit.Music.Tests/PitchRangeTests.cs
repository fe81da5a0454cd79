using VoiceKit.Music;

namespace VoiceKit.Tests.Music;

public class PitchRangeTests
{
    [Theory]
    [InlineData(-1, 12)]
    [InlineData(0, 11)]
    [InlineData(0, 129)]
    [InlineData(117, 12)]
    [InlineData(0, int.MaxValue)]
    [InlineData(int.MaxValue, 12)]
    public void Constructor_OutsideMidi_IsRefused(int lowest, int count) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new PitchRange(lowest, count));

    [Fact]
    public void Constructor_Range_HasItsEndsAndStates()
    {
        Assert.Equal((36, 81, 48), (PitchRange.Choir.Lowest, PitchRange.Choir.Highest, PitchRange.Choir.StateCount));
        Assert.Equal(127, new PitchRange(116, 12).Highest);
        Assert.Equal(130, new PitchRange(0, 128).StateCount);
    }

    [Theory]
    [InlineData(60, 2)]
    [InlineData(71, 13)]
    [InlineData(72, 2)]
    [InlineData(59, 13)]
    [InlineData(0, 2)]
    [InlineData(127, 9)]
    public void StateOf_AnyPitch_IsTheSamePitchClassWithinTheRange(int pitch, int state) =>
        Assert.Equal(state, new PitchRange(60, 12).StateOf(pitch));

    [Fact]
    public void TickDivision_Quarter_HasItsTicks()
    {
        var division = TickDivision.Quarter(32767);
        Assert.Equal((32767, null), (division.TicksPerQuarter, division.TicksPerSecond));
        Assert.Throws<ArgumentOutOfRangeException>(() => TickDivision.Quarter(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => TickDivision.Quarter(32768));
    }

    [Theory]
    [InlineData(25, 40, 500, 1000)]
    [InlineData(30, 80, 1200, 2400)]
    [InlineData(29, 100, 1450, 3000000.0 / 1001)]
    public void TickDivision_Film_CountsFrames(int frames, int ticks, double ofQuarter, double ofSecond)
    {
        var division = TickDivision.Film(frames, ticks);
        Assert.Equal(ofQuarter, division.TicksPerQuarter);
        Assert.Equal(ofSecond, division.TicksPerSecond!.Value, 1e-9);
    }

    [Theory]
    [InlineData(23, 40)]
    [InlineData(0, 40)]
    [InlineData(25, 0)]
    [InlineData(25, 256)]
    public void TickDivision_FilmThatIsNone_IsRefused(int frames, int ticks) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => TickDivision.Film(frames, ticks));
}
