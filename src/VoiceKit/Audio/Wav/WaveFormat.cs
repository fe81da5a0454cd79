using System.Diagnostics.CodeAnalysis;
using VoiceKit.Files;

namespace VoiceKit.Audio;

/// <summary>The storage format of a WAV file.</summary>
/// <param name="Codec">The kind of number.</param>
/// <param name="ChannelCount">The number of interleaved channels, 1 .. 65535.</param>
/// <param name="SampleRate">The sampling frequency in Hz.</param>
/// <param name="ValidBits">The bits of a sample that carry the signal; they are the high bits of the container.</param>
/// <param name="ContainerBytes">The bytes that one sample of one channel takes up.</param>
/// <param name="IsBigEndian">Whether the most significant byte comes first (RIFX).</param>
public sealed record WaveFormat(WaveCodec Codec, int ChannelCount, int SampleRate, int ValidBits, int ContainerBytes, bool IsBigEndian)
{
    /// <summary>The highest sampling frequency that is read, in Hz.</summary>
    public const int MaxSampleRate = 768_000;

    /// <summary>Gets the bytes of one sample of all channels.</summary>
    public int BlockAlign => ChannelCount * ContainerBytes;

    /// <summary>The encoding in words, such as "16-bit PCM" or "24-bit PCM in 32 bits, big-endian".</summary>
    public override string ToString()
    {
        var name = Codec switch
        {
            WaveCodec.Pcm => $"{ValidBits}-bit PCM",
            WaveCodec.Float => $"{ValidBits}-bit float",
            WaveCodec.ALaw => "A-law",
            _ => "mu-law",
        };
        var container = ValidBits == 8 * ContainerBytes ? "" : $" in {8 * ContainerBytes} bits";
        return name + container + (IsBigEndian ? ", big-endian" : "");
    }
}

/// <summary>Parses the 'fmt ' chunk (WAVEFORMAT, WAVEFORMATEX, WAVEFORMATEXTENSIBLE) and refuses what cannot be decoded.</summary>
internal sealed class FormatChunk(string name, long offset, ByteOrder order, List<string> warnings)
{
    private const int BasicSize = 16;
    private const int ExtensibleSize = 40;

    // Bytes 2 .. 15 of the sub-format GUID xxxx0000-0000-0010-8000-00AA00389B71, whose first two bytes are a format tag. A RIFX file
    // has the GUID's first three fields in the other order, so there only the tag is looked at.
    private static ReadOnlySpan<byte> SubFormatTail => [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];

    public WaveFormat Parse(ReadOnlySpan<byte> chunk)
    {
        if (chunk.Length < BasicSize)
            throw Bad($"the format chunk has {chunk.Length} bytes; at least {BasicSize} were expected");
        var tag = (int)order.UInt16(chunk);
        var channels = order.UInt16(chunk[2..]);
        var sampleRate = order.UInt32(chunk[4..]);
        var bytesPerSecond = order.UInt32(chunk[8..]);
        var blockAlign = order.UInt16(chunk[12..]);
        var bits = (int)order.UInt16(chunk[14..]);
        CheckExtensionSize(chunk);

        var isExtensible = tag == WaveCodecTags.Extensible;
        if (isExtensible)
            tag = SubFormatTag(chunk);
        var codec =
            WaveCodecTags.Codec(tag)
            ?? throw Bad(
                $"the samples are {WaveCodecTags.Name(tag)} (format tag 0x{tag:x4}), which VoiceKit does not decode; convert them "
                    + $"first: ffmpeg -i IN.wav -c:a pcm_s16le OUT.wav"
            );

        if (channels == 0)
            throw Bad("the header says 0 channels");
        if (sampleRate is 0 or > WaveFormat.MaxSampleRate)
            throw Bad($"the header says {sampleRate} Hz; 1 .. {WaveFormat.MaxSampleRate} Hz can be read");
        if (blockAlign == 0 || blockAlign % channels != 0)
            throw Bad($"the header says {blockAlign} bytes for a sample of {channels} channels");
        var container = blockAlign / channels;
        CheckSampleSize(codec, bits, container);
        if (bytesPerSecond != (ulong)sampleRate * blockAlign)
            warnings.Add(
                $"The header says {bytesPerSecond} bytes a second; {(ulong)sampleRate * blockAlign} follow from its other fields, "
                    + $"which were believed."
            );

        var validBits = isExtensible && codec == WaveCodec.Pcm ? ValidBits(chunk, bits) : bits;
        if (!isExtensible && validBits <= 8 * (container - 1))
            warnings.Add($"The header says {validBits} bits in {container} bytes; they were read as the high bits.");
        return new WaveFormat(codec, channels, (int)sampleRate, validBits, container, order.IsBigEndian);
    }

    private void CheckExtensionSize(ReadOnlySpan<byte> chunk)
    {
        const int sizeField = BasicSize + 2;
        if (chunk.Length >= sizeField && order.UInt16(chunk[BasicSize..]) > chunk.Length - sizeField)
            warnings.Add(
                $"The format chunk says it has {order.UInt16(chunk[BasicSize..])} more bytes; {chunk.Length - sizeField} are there."
            );
    }

    private int SubFormatTag(ReadOnlySpan<byte> chunk)
    {
        if (chunk.Length < ExtensibleSize)
            throw Bad($"the extensible format chunk has {chunk.Length} bytes; at least {ExtensibleSize} were expected");
        if (!order.IsBigEndian && !chunk.Slice(26, SubFormatTail.Length).SequenceEqual(SubFormatTail))
            throw Bad($"the samples are of an unknown kind (sub-format {new Guid(chunk.Slice(24, 16))})");
        return order.UInt16(chunk[(order.IsBigEndian ? 26 : 24)..]);
    }

    private void CheckSampleSize(WaveCodec codec, int bits, int container)
    {
        var isPossible = codec switch
        {
            WaveCodec.Pcm => container <= 4 && bits >= 1 && bits <= 8 * container,
            WaveCodec.Float => container is 4 or 8 && bits == 8 * container,
            _ => container == 1 && bits == 8,
        };
        if (!isPossible)
            throw Bad($"the header says {bits}-bit {codec} samples in {container} bytes each, which cannot be decoded");
    }

    private int ValidBits(ReadOnlySpan<byte> chunk, int bits)
    {
        var valid = (int)order.UInt16(chunk[18..]);
        if (valid > bits)
            throw Bad($"the header says {valid} valid bits in samples of {bits} bits");
        if (valid == 0)
            warnings.Add($"The header says 0 valid bits; all {bits} were read.");
        return valid == 0 ? bits : valid;
    }

    private BadFileException Bad(string reason) => new(name, offset, reason);
}

/// <summary>The sample types that <see cref="WaveFile"/> writes.</summary>
public enum WaveEncoding
{
    /// <summary>16-bit integers; full scale is 32768.</summary>
    Pcm16,

    /// <summary>24-bit integers; full scale is 8388608.</summary>
    Pcm24,

    /// <summary>32-bit floating point; values beyond -1 .. 1 are kept.</summary>
    [SuppressMessage("Naming", "CA1720", Justification = "It is the field's word for this sample type.")]
    Float32,
}

/// <summary>The storage formats of a sample in a WAV file.</summary>
public enum WaveCodec
{
    /// <summary>Linear integers: unsigned up to 8 bits, signed two's complement above.</summary>
    Pcm,

    /// <summary>IEEE 754 floating point, 32 or 64 bits.</summary>
    [SuppressMessage("Naming", "CA1720", Justification = "It is the field's word for this sample type.")]
    Float,

    /// <summary>ITU-T G.711 A-law, 8 bits.</summary>
    ALaw,

    /// <summary>ITU-T G.711 mu-law, 8 bits.</summary>
    MuLaw,
}

/// <summary>The format tags of the WAVE registry (RFC 2361 and mmreg.h).</summary>
internal static class WaveCodecTags
{
    public const int Pcm = 1;
    public const int Float = 3;
    public const int Extensible = 0xFFFE;

    /// <summary>The codec of a tag, or null where VoiceKit has no decoder for it.</summary>
    public static WaveCodec? Codec(int tag) =>
        tag switch
        {
            Pcm => WaveCodec.Pcm,
            Float => WaveCodec.Float,
            6 => WaveCodec.ALaw,
            7 => WaveCodec.MuLaw,
            _ => null,
        };

    /// <summary>The name of a tag that has no decoder here.</summary>
    public static string Name(int tag) =>
        tag switch
        {
            0x0002 => "Microsoft ADPCM",
            0x0010 => "Oki ADPCM",
            0x0011 => "IMA ADPCM",
            0x0016 => "Yamaha ADPCM",
            0x0031 => "GSM 6.10",
            0x0040 => "G.721 ADPCM",
            0x0045 => "G.726 ADPCM",
            0x0050 => "MPEG layer 1/2",
            0x0055 => "MP3",
            0x0092 => "Dolby AC-3",
            0x00FF or 0x1600 or 0x1610 => "AAC",
            0x0160 or 0x0161 or 0x0162 or 0x0163 => "Windows Media Audio",
            0x2000 => "Dolby AC-3",
            0xF1AC => "FLAC",
            >= 0x674F and <= 0x6771 => "Ogg Vorbis",
            _ => "an unknown codec",
        };
}
