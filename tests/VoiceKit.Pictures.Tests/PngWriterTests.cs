using VoiceKit.Pictures;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Pictures;

public class PngWriterTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 7)]
    [InlineData(13, 1)]
    [InlineData(64, 50)]
    public void Write_RandomPixels_DecodeToTheSame(int width, int height)
    {
        var canvas = Noise(width, height);
        var read = PngReader.Read(Written(canvas));
        Assert.Equal((width, height), (read.Width, read.Height));
        Assert.Equal(PngReader.Pixels(canvas), read.Pixels);
    }

    [Fact]
    public void Write_FlatAndStripedRows_DecodeToTheSame()
    {
        var canvas = new Canvas(40, 30, Rgb.White);
        canvas.Fill(new(5, 3, 20, 10), new(1, 2, 3));
        for (var x = 0; x < 40; x++)
            canvas.Fill(new(x, 15, 1, 15), ColorMap.Ember[x / 39.0]);
        Assert.Equal(PngReader.Pixels(canvas), PngReader.Read(Written(canvas)).Pixels);
    }

    [Fact]
    public void Write_EmptyPicture_EndsWithTheKnownBytes()
    {
        // The end chunk with its CRC is the same in every PNG file.
        byte[] end = [0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82];
        Assert.Equal(end, Written(new Canvas(1, 1, Rgb.Black))[^12..]);
    }

    [Fact]
    public void Write_Twice_SameBytes() => Assert.Equal(Written(Noise(31, 17)), Written(Noise(31, 17)));

    private static byte[] Written(Canvas canvas)
    {
        using var stream = new MemoryStream();
        PngWriter.Write(stream, canvas);
        return stream.ToArray();
    }

    private static Canvas Noise(int width, int height)
    {
        var canvas = new Canvas(width, height, Rgb.White);
        var random = new Random(5);
        for (var i = 0; i < width * height; i++)
            canvas.Set(i % width, i / width, new((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)));
        return canvas;
    }
}
