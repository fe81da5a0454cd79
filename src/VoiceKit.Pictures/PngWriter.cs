using System.Buffers.Binary;
using System.IO.Compression;
using VoiceKit.Numerics;

namespace VoiceKit.Pictures;

/// <summary>Writes pictures as PNG files: truecolour, 8 bits a channel, not interlaced (ISO/IEC 15948).</summary>
/// <remarks>The same picture gives the same bytes with the same version of .NET, whose zlib decides how the pixels are packed.</remarks>
internal static class PngWriter
{
    private const int BytesPerPixel = 3;

    /// <summary>Writes <paramref name="canvas"/> to <paramref name="stream"/>, which stays open and need not be seekable.</summary>
    public static void Write(Stream stream, Canvas canvas)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(canvas);
        stream.Write([0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n']);
        WriteChunk(stream, "IHDR"u8, Header(canvas));
        WriteChunk(stream, "IDAT"u8, Pack(canvas));
        WriteChunk(stream, "IEND"u8, []);
    }

    private static byte[] Header(Canvas canvas)
    {
        // Bit depth 8, colour type 2 (truecolour), deflate, adaptive filters, no interlace.
        byte[] header = [0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(header, canvas.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), canvas.Height);
        return header;
    }

    private static ReadOnlySpan<byte> Pack(Canvas canvas)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            ReadOnlySpan<byte> above = new byte[BytesPerPixel * canvas.Width];
            var candidate = new byte[1 + above.Length];
            var best = new byte[1 + above.Length];
            for (var y = 0; y < canvas.Height; y++)
            {
                var row = canvas.Row(y);
                ChooseFilter(row, above, ref best, ref candidate);
                zlib.Write(best);
                above = row;
            }
        }

        return packed.GetBuffer().AsSpan(0, (int)packed.Length);
    }

    // The specification's heuristic (12.8): the filter whose output, read as signed bytes, has the least sum of absolute values.
    private static void ChooseFilter(ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, ref byte[] best, ref byte[] candidate)
    {
        var least = long.MaxValue;
        for (byte filter = 0; filter <= 2; filter++)
        {
            var sum = Filter(filter, row, above, candidate);
            if (sum >= least)
                continue;
            least = sum;
            (best, candidate) = (candidate, best);
        }
    }

    // 0 none, 1 the difference from the pixel on the left, 2 from the pixel above.
    private static long Filter(byte filter, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, Span<byte> destination)
    {
        destination[0] = filter;
        var sum = 0L;
        for (var i = 0; i < row.Length; i++)
        {
            var predicted = filter switch
            {
                1 => i < BytesPerPixel ? 0 : row[i - BytesPerPixel],
                2 => above[i],
                _ => 0,
            };
            var difference = (byte)(row[i] - predicted);
            destination[1 + i] = difference;
            sum += Math.Min(difference, 256 - difference);
        }

        return sum;
    }

    private static void WriteChunk(Stream stream, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> word = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(word, data.Length);
        stream.Write(word);
        stream.Write(type);
        stream.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(word, Crc32.Of(data, Crc32.Of(type)));
        stream.Write(word);
    }
}
