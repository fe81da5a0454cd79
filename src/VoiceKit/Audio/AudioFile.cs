using VoiceKit.Files;

namespace VoiceKit.Audio;

/// <summary>Reads audio files of any kind that VoiceKit knows, by their content and not by their name.</summary>
/// <remarks>
/// WAV files are read by <see cref="WaveFile"/>, MP3, Ogg Vorbis and AIFF files by NLayer, NVorbis and NAudio. FLAC, Opus, AIFF-C, CAF, AU,
/// Wave64 and NIST SPHERE files are read through libsndfile, which is loaded only when such a file is met.
/// </remarks>
public static class AudioFile
{
    /// <summary>Gets the endings of the names that are taken for audio files that can be read.</summary>
    public static IReadOnlyList<string> Extensions { get; } =
    [".wav", ".wave", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aif", ".aiff", ".aifc", ".au", ".snd", ".caf", ".w64", ".sph", ".nist"];

    /// <summary>Lists the audio files of a folder, by the endings of their names, in ordinal order; not those of its subfolders.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static IReadOnlyList<string> In(string folder) =>
        [.. Directory.EnumerateFiles(folder).Where(path => HasAudioName(path)).Order(StringComparer.Ordinal)];

    /// <summary>Determines whether a file's name ends as those of audio files do.</summary>
    /// <param name="path">The name.</param>
    public static bool HasAudioName(ReadOnlySpan<char> path)
    {
        var extension = Path.GetExtension(path);
        foreach (var known in Extensions)
        {
            if (extension.Equals(known, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    /// <summary>Reads the audio file at <paramref name="path"/> as one channel.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <returns>The recording; for a WAV file a <see cref="WaveRecording"/>.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="BadFileException">The file is not audio that can be decoded, holds a sample that is not finite, is a directory,
    /// pipe or device, or needs libsndfile where that is not installed.</exception>
    public static AudioRecording Read(string path, WaveReadOptions? options = null) => Read(path, options, () => SndFileLibrary.Installed);

    /// <summary>
    /// Opens the audio file at <paramref name="path"/> to be read part by part. Of other files than WAV all samples are decoded once to
    /// count them.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What to read; the mean of all channels by default.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="BadFileException">The file is not audio that can be decoded, is a directory, pipe or device, or needs libsndfile
    /// where that is not installed.</exception>
    public static AudioReader Open(string path, WaveReadOptions? options = null)
    {
        var stream = InputFile.Open(path);
        DecodedReader? reader = null;
        try
        {
            var signature = Identify(stream);
            if (signature.Decoder == AudioDecoder.Wave)
                return new AudioReader(new WaveReader(stream, path), path, options?.Channel);
            stream.Dispose();
            reader = Decoder(path, signature, () => SndFileLibrary.Installed);
            return new AudioReader(reader.Count(), path, options?.Channel);
        }
        catch
        {
            stream.Dispose();
            reader?.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Tells sample rate, channels and length. Of a WAV file the headers are read, and its length is that of the bytes present; anything
    /// else is decoded. A WAV file's samples are not looked at: one that is not finite is found by
    /// <see cref="Read(string, WaveReadOptions?)"/> alone.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="BadFileException">The file is not audio that can be decoded, is a directory, pipe or device, or needs libsndfile
    /// where that is not installed.</exception>
    public static AudioDescription Describe(string path)
    {
        using var stream = Open(path);
        return new AudioDescription(stream.SampleRate, stream.ChannelCount, stream.Length);
    }

    internal static AudioRecording Read(string path, WaveReadOptions? options, Func<SndFileLibrary?> library)
    {
        using var stream = InputFile.Open(path);
        var signature = Identify(stream);
        if (signature.Decoder == AudioDecoder.Wave)
            return WaveFile.Read(stream, path, options);
        using var reader = Decoder(path, signature, library);
        return reader.Read(options ?? new WaveReadOptions());
    }

    private static DecodedReader Decoder(string path, FileSignature signature, Func<SndFileLibrary?> library) =>
        signature.Decoder switch
        {
            AudioDecoder.SndFile => new SndFileReader(path, signature, library()),
            AudioDecoder.Mp3 or AudioDecoder.Vorbis or AudioDecoder.Aiff => new ManagedReader(path, signature),
            _ => throw new BadFileException(path, 0, $"an audio file was expected; this is {signature.Description}"),
        };

    private static FileSignature Identify(FileStream stream)
    {
        Span<byte> head = stackalloc byte[FileSignature.Length];
        var signature = FileSignature.Identify(head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)]);
        stream.Position = 0;
        return signature;
    }
}

/// <summary>The content of an audio file.</summary>
/// <param name="Waveform">The signal, mono.</param>
/// <param name="ChannelCount">The number of channels in the file.</param>
/// <param name="Encoding">How the file stores its samples, in words, such as "16-bit PCM".</param>
/// <param name="Warnings">What was odd about the file, one plain sentence each; empty for a faultless mono file.</param>
public record AudioRecording(Waveform Waveform, int ChannelCount, string Encoding, IReadOnlyList<string> Warnings);

/// <summary>The measures of an audio file.</summary>
/// <param name="SampleRate">The sampling frequency in Hz.</param>
/// <param name="ChannelCount">The number of channels.</param>
/// <param name="SampleCount">The number of samples of one channel that the file has, whatever its header says.</param>
public readonly record struct AudioDescription(int SampleRate, int ChannelCount, long SampleCount)
{
    /// <summary>Gets the duration in seconds.</summary>
    public double Seconds => SampleCount / (double)SampleRate;
}

/// <summary>The decoder of a file.</summary>
internal enum AudioDecoder
{
    /// <summary>Nobody: it is not audio, or not known.</summary>
    None,

    /// <summary><see cref="WaveFile"/>.</summary>
    Wave,

    /// <summary>libsndfile.</summary>
    SndFile,

    /// <summary>NLayer.</summary>
    Mp3,

    /// <summary>NVorbis.</summary>
    Vorbis,

    /// <summary>NAudio.</summary>
    Aiff,
}

/// <summary>The format of a file by its first bytes.</summary>
internal sealed record FileSignature(AudioDecoder Decoder, string Description)
{
    /// <summary>The number of bytes that <see cref="Identify"/> looks at.</summary>
    public const int Length = 36;

    private static readonly (byte[] Magic, FileSignature Signature)[] Known =
    [
        ("RIFF"u8.ToArray(), new(AudioDecoder.Wave, "a RIFF file")),
        ("RIFX"u8.ToArray(), new(AudioDecoder.Wave, "a big-endian RIFF file")),
        ("RF64"u8.ToArray(), new(AudioDecoder.Wave, "a 64-bit RIFF file")),
        ("BW64"u8.ToArray(), new(AudioDecoder.Wave, "a 64-bit RIFF file")),
        ("fLaC"u8.ToArray(), new(AudioDecoder.SndFile, "a FLAC file")),
        ("OggS"u8.ToArray(), new(AudioDecoder.SndFile, "an Ogg file")),
        ("ID3"u8.ToArray(), new(AudioDecoder.Mp3, "an MP3 file (it starts with an ID3 tag)")),
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
        // The first packet of an Ogg file says what it holds. AIFF-C may be compressed, or have its bytes the other way round.
        if (head.StartsWith("OggS"u8) && head.Length >= 35 && head[28..].StartsWith("\u0001vorbis"u8))
            return new(AudioDecoder.Vorbis, "an Ogg Vorbis file");
        if (head.StartsWith("FORM"u8) && head.Length >= 12 && head[8..].StartsWith("AIFF"u8))
            return new(AudioDecoder.Aiff, "an AIFF file");
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
            return new(AudioDecoder.Mp3, "an MP3 file");
        return new(AudioDecoder.None, head.IsEmpty ? "an empty file" : "a file of an unknown kind");
    }
}
