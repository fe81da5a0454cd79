namespace VoiceKit.Audio;

/// <summary>Who decodes a file.</summary>
internal enum AudioDecoder
{
    /// <summary>Nobody: it is not audio, or not known.</summary>
    None,

    /// <summary><see cref="WaveFile"/>.</summary>
    Wave,

    /// <summary>libsndfile.</summary>
    SndFile,
}

/// <summary>What a file's first bytes say it is.</summary>
internal sealed record FileSignature(AudioDecoder Decoder, string Description)
{
    /// <summary>The number of bytes that <see cref="Identify"/> looks at.</summary>
    public const int Length = 16;

    private static readonly (byte[] Magic, FileSignature Signature)[] Known =
    [
        ("RIFF"u8.ToArray(), new(AudioDecoder.Wave, "a RIFF file")),
        ("RIFX"u8.ToArray(), new(AudioDecoder.Wave, "a big-endian RIFF file")),
        ("RF64"u8.ToArray(), new(AudioDecoder.Wave, "a 64-bit RIFF file")),
        ("BW64"u8.ToArray(), new(AudioDecoder.Wave, "a 64-bit RIFF file")),
        ("fLaC"u8.ToArray(), new(AudioDecoder.SndFile, "a FLAC file")),
        ("OggS"u8.ToArray(), new(AudioDecoder.SndFile, "an Ogg file")),
        ("ID3"u8.ToArray(), new(AudioDecoder.SndFile, "an MP3 file (it starts with an ID3 tag)")),
        ("FORM"u8.ToArray(), new(AudioDecoder.SndFile, "an AIFF file")),
        ("caff"u8.ToArray(), new(AudioDecoder.SndFile, "a CAF file")),
        (".snd"u8.ToArray(), new(AudioDecoder.SndFile, "an AU file")),
        ([0x72, 0x69, 0x66, 0x66, 0x2E, 0x91, 0xCF, 0x11], new(AudioDecoder.SndFile, "a Sony Wave64 file")),
        ("NIST_1A"u8.ToArray(), new(AudioDecoder.SndFile, "a NIST SPHERE file")),
        ("MThd"u8.ToArray(), new(AudioDecoder.None, "a MIDI file, which holds notes and no samples")),
        ("version https://"u8.ToArray(), new(AudioDecoder.None, "a Git LFS pointer; fetch the content with: git lfs pull")),
        ("<!"u8.ToArray(), new(AudioDecoder.None, "a web page; the download probably failed")),
        ("<html"u8.ToArray(), new(AudioDecoder.None, "a web page; the download probably failed")),
        ([0xEF, 0xBB, 0xBF], new(AudioDecoder.None, "a file that starts with a UTF-8 byte-order mark, so a text tool has been at it")),
    ];

    public static FileSignature Identify(ReadOnlySpan<byte> head)
    {
        foreach (var (magic, signature) in Known)
        {
            if (head.StartsWith(magic))
                return signature;
        }

        if (head.Length >= 8 && head[4..].StartsWith("ftyp"u8))
            return new(AudioDecoder.None, "an MPEG-4 file (such as .m4a), which is not supported; convert it with: ffmpeg -i IN OUT.wav");
        if (head.StartsWith((ReadOnlySpan<byte>)[0x30, 0x26, 0xB2, 0x75]))
            return new(AudioDecoder.None, "a Windows Media file, which is not supported; convert it with: ffmpeg -i IN OUT.wav");

        // An MPEG audio frame: eleven set bits, then layer III (01).
        if (head.Length >= 2 && head[0] == 0xFF && (head[1] & 0xE6) == 0xE2)
            return new(AudioDecoder.SndFile, "an MP3 file");
        return new(AudioDecoder.None, head.IsEmpty ? "an empty file" : "a file of an unknown kind");
    }
}
