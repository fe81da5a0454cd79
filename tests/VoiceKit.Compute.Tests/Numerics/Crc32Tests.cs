using VoiceKit.Numerics;

namespace VoiceKit.Tests.Numerics;

public class Crc32Tests
{
    [Fact]
    public void Of_TheCheckString_IsTheCheckValue()
    {
        Assert.Equal(0xCBF43926u, Crc32.Of("123456789"u8));
        Assert.Equal(0xCBF43926u, Crc32.Of("56789"u8, Crc32.Of("1234"u8)));
        Assert.Equal(0u, Crc32.Of([]));
    }
}
