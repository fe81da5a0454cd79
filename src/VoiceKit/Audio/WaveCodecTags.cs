namespace VoiceKit.Audio;

/// <summary>The format tags of the WAVE registry (RFC 2361 and mmreg.h).</summary>
internal static class WaveCodecTags
{
    public const int Pcm = 1;
    public const int Float = 3;
    public const int Extensible = 0xFFFE;

    /// <summary>The codec of a tag, or null where VoiceKit has no decoder for it.</summary>
    public static WaveCodec? Codec(int tag) => tag switch
    {
        Pcm => WaveCodec.Pcm,
        Float => WaveCodec.Float,
        6 => WaveCodec.ALaw,
        7 => WaveCodec.MuLaw,
        _ => null,
    };

    /// <summary>The name of a tag that has no decoder here.</summary>
    public static string Name(int tag) => tag switch
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
