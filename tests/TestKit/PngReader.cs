using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using VoiceKit.Pictures;

namespace VoiceKit.Tests.TestKit;

/// <summary>
/// Reads what PngWriter may write, written from the specification: every chunk's CRC bit by bit and the filters none, sub and up.
/// </summary>
internal static class PngReader
{
    public static (int Width, int Height, byte[] Pixels) Read(byte[] file)
    {
        Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], file[..8]);
        var names = new List<string>();
        using var packed = new MemoryStream();
        var (width, height) = (0, 0);
        for (var at = 8; at < file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            var named = file.AsSpan(at + 4, 4 + length);
            Assert.Equal(Crc(named), BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at + 8 + length)));
            names.Add(Encoding.ASCII.GetString(named[..4]));
            if (names[^1] == "IHDR")
            {
                (width, height) = (BinaryPrimitives.ReadInt32BigEndian(named[4..]), BinaryPrimitives.ReadInt32BigEndian(named[8..]));
                Assert.Equal([8, 2, 0, 0, 0], named[12..].ToArray());
            }
            else if (names[^1] == "IDAT")
            {
                packed.Write(named[4..]);
            }

            at += 12 + length;
        }

        Assert.Equal(["IHDR", "IDAT", "IEND"], names);
        return (width, height, Unfilter(Inflate(packed), width, height));
    }

    private static byte[] Inflate(MemoryStream packed)
    {
        packed.Position = 0;
        using var zlib = new ZLibStream(packed, CompressionMode.Decompress);
        using var data = new MemoryStream();
        zlib.CopyTo(data);
        return data.ToArray();
    }

    private static byte[] Unfilter(byte[] data, int width, int height)
    {
        var stride = 3 * width;
        Assert.Equal((stride + 1) * height, data.Length);
        var pixels = new byte[stride * height];
        for (var y = 0; y < height; y++)
        {
            var filter = data[y * (stride + 1)];
            for (var i = 0; i < stride; i++)
            {
                var left = i < 3 ? 0 : pixels[(y * stride) + i - 3];
                var above = y == 0 ? 0 : pixels[((y - 1) * stride) + i];
                Assert.InRange(filter, 0, 2);
                pixels[(y * stride) + i] = (byte)(
                    data[(y * (stride + 1)) + 1 + i]
                    + (
                        filter == 1 ? left
                        : filter == 2 ? above
                        : 0
                    )
                );
            }
        }

        return pixels;
    }

    public static byte[] Pixels(Canvas canvas) => [.. Enumerable.Range(0, canvas.Height).SelectMany(y => canvas.Row(y).ToArray())];

    private static uint Crc(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
        }

        return ~crc;
    }
}
