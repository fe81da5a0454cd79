using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace VoiceKit.Audio;

/// <summary>
/// Turns stored samples into numbers. Integers are divided by half their container's range, a power of two, so they stay exact.
/// </summary>
internal static class SampleDecoder
{
    private const double Scale8 = 1.0 / (1 << 7);
    private const double Scale16 = 1.0 / (1 << 15);
    private const double Scale32 = 1.0 / (1L << 31);

    /// <summary>
    /// Decodes as many samples as <paramref name="destination"/> holds. The bytes of <paramref name="source"/> may be reordered.
    /// </summary>
    public static void Decode(WaveFormat format, Span<byte> source, Span<double> destination)
    {
        if (format.IsBigEndian != !BitConverter.IsLittleEndian && format.ContainerBytes > 1)
            ReverseSamples(source, format.ContainerBytes);
        switch (format.Codec, format.ContainerBytes)
        {
            case (WaveCodec.ALaw, _):
                LookUp(G711.ALaw, source, destination);
                break;
            case (WaveCodec.MuLaw, _):
                LookUp(G711.MuLaw, source, destination);
                break;
            case (WaveCodec.Pcm, 1):
                for (var i = 0; i < destination.Length; i++)
                    destination[i] = (source[i] - 128) * Scale8;
                break;
            case (WaveCodec.Pcm, 2):
                var shorts = MemoryMarshal.Cast<byte, short>(source);
                for (var i = 0; i < destination.Length; i++)
                    destination[i] = shorts[i] * Scale16;
                break;
            case (WaveCodec.Pcm, 3):
                DecodePcm24(source, destination);
                break;
            case (WaveCodec.Pcm, 4):
                var ints = MemoryMarshal.Cast<byte, int>(source);
                for (var i = 0; i < destination.Length; i++)
                    destination[i] = ints[i] * Scale32;
                break;
            case (WaveCodec.Float, 4):
                var floats = MemoryMarshal.Cast<byte, float>(source);
                for (var i = 0; i < destination.Length; i++)
                    destination[i] = floats[i];
                break;
            case (WaveCodec.Float, 8):
                MemoryMarshal.Cast<byte, double>(source)[..destination.Length].CopyTo(destination);
                break;
            default:
                throw new ArgumentException($"There is no decoder for {format}.", nameof(format));
        }
    }

    private static void ReverseSamples(Span<byte> source, int size)
    {
        for (var start = 0; start + size <= source.Length; start += size)
            source.Slice(start, size).Reverse();
    }

    private static void LookUp(double[] table, ReadOnlySpan<byte> source, Span<double> destination)
    {
        for (var i = 0; i < destination.Length; i++)
            destination[i] = table[source[i]];
    }

    // The three bytes become the high bytes of 32, so that the sign needs no extension.
    private static void DecodePcm24(ReadOnlySpan<byte> source, Span<double> destination)
    {
        for (var i = 0; i < destination.Length; i++)
        {
            var sample = source.Slice(3 * i, 3);
            destination[i] = ((BinaryPrimitives.ReadUInt16LittleEndian(sample) << 8) | (sample[2] << 24)) * Scale32;
        }
    }
}

/// <summary>The expansion tables of ITU-T G.711 (11/1988), scaled to -1 .. 1 with 16 bits as full scale.</summary>
internal static class G711
{
    private const double FullScale = 32768;

    /// <summary>A-law: table 1a of the recommendation; even bits of the code are inverted.</summary>
    public static double[] ALaw { get; } =
        Table(code =>
        {
            code ^= 0x55;
            var (segment, step) = ((code >> 4) & 7, code & 15);
            var magnitude = segment == 0 ? (step << 4) + 8 : ((step << 4) + 0x108) << (segment - 1);
            return (code & 0x80) != 0 ? magnitude : -magnitude;
        });

    /// <summary>mu-law: table 2a of the recommendation; all bits of the code are inverted.</summary>
    public static double[] MuLaw { get; } =
        Table(code =>
        {
            code ^= 0xFF;
            var (segment, step) = ((code >> 4) & 7, code & 15);
            var magnitude = (((step << 3) + 0x84) << segment) - 0x84;
            return (code & 0x80) != 0 ? -magnitude : magnitude;
        });

    private static double[] Table(Func<int, int> expand) => [.. Enumerable.Range(0, 256).Select(code => expand(code) / FullScale)];
}
