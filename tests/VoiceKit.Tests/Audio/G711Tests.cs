using VoiceKit.Audio;

namespace VoiceKit.Tests.Audio;

public class G711Tests
{
    // The decoder output values of ITU-T G.711, tables 1 and 2, by segment e and step m.
    [Fact]
    public void ALaw_EveryCode_FollowsTheRecommendation()
    {
        for (var code = 0; code < 256; code++)
        {
            var (e, m) = (((code ^ 0x55) >> 4) & 7, (code ^ 0x55) & 15);
            var y = e == 0 ? (2 * m) + 1 : ((2 * m) + 33) * Math.Pow(2, e - 1);
            Assert.Equal(y * (code >= 128 ? 1 : -1) / 4096, G711.ALaw[code]);
        }
    }

    [Fact]
    public void MuLaw_EveryCode_FollowsTheRecommendation()
    {
        for (var code = 0; code < 256; code++)
        {
            var (e, m) = ((~code >> 4) & 7, ~code & 15);
            var y = (((2 * m) + 33) * Math.Pow(2, e)) - 33;
            Assert.Equal(y * (code >= 128 ? 1 : -1) / 8192, G711.MuLaw[code]);
        }
    }

    // The first decision values of the recommendation's tables, written out.
    [Fact]
    public void Tables_LargestAndSmallestCodes_HaveTheirKnownValues()
    {
        Assert.Equal(4032.0 / 4096, G711.ALaw[0xAA]);
        Assert.Equal(-1.0 / 4096, G711.ALaw[0x55]);
        Assert.Equal(8031.0 / 8192, G711.MuLaw[0x80]);
        Assert.Equal(0, G711.MuLaw[0xFF]);
    }
}
