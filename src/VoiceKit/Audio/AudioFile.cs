using VoiceKit.Files;

namespace VoiceKit.Audio;

/// <summary>Reads audio files of any kind that VoiceKit knows, by their content and not by their name.</summary>
/// <remarks>
/// WAV files are read by <see cref="WaveFile"/>. FLAC, Ogg (Vorbis, Opus), MP3, AIFF, CAF, AU, Wave64 and NIST SPHERE files are read through libsndfile, which is
/// loaded only when such a file is met.
/// </remarks>
public static class AudioFile
{
    /// <summary>The endings of the names that are taken for audio files that can be read.</summary>
    public static IReadOnlyList<string> Extensions { get; } =
        [".wav", ".wave", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".aif", ".aiff", ".aifc", ".au", ".snd", ".caf", ".w64", ".sph", ".nist"];

    /// <summary>Lists the audio files of a folder, by the endings of their names, in ordinal order; not those of its subfolders.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static IReadOnlyList<string> In(string folder) =>
        [.. Directory.EnumerateFiles(folder).Where(path => HasAudioName(path)).Order(StringComparer.Ordinal)];

    /// <summary>Whether a file's name ends as those of audio files do.</summary>
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
    /// <returns>The recording; for a WAV file a <see cref="WaveRecording"/>.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="BadFileException">The file is not audio that can be decoded, holds a sample that is not finite, is a directory,
    /// pipe or device, or needs libsndfile where that is not installed.</exception>
    public static AudioRecording Read(string path, WaveReadOptions? options = null) => Read(path, options, () => SndFileLibrary.Installed);

    /// <summary>Opens the audio file at <paramref name="path"/> to be read part by part. Of other files than WAV all samples are decoded once to count them.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What to read; the mean of all channels by default.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="BadFileException">The file is not audio that can be decoded, is a directory, pipe or device, or needs libsndfile where that is not installed.</exception>
    public static AudioReader Open(string path, WaveReadOptions? options = null)
    {
        var stream = InputFile.Open(path);
        SndFileReader? reader = null;
        try
        {
            var signature = Identify(stream);
            if (signature.Decoder == AudioDecoder.Wave)
                return new AudioReader(new WaveReader(stream, path), path, options?.Channel);
            stream.Dispose();
            if (signature.Decoder != AudioDecoder.SndFile)
                throw Unknown(path, signature);
            reader = new SndFileReader(path, signature, SndFileLibrary.Installed);
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
    /// Tells sample rate, channels and length. Of a WAV file the headers are read, and its length is that of the bytes present; anything else is decoded.
    /// A WAV file's samples are not looked at: one that is not finite is found by <see cref="Read(string, WaveReadOptions?)"/> alone.
    /// </summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="BadFileException">The file is not audio that can be decoded, is a directory, pipe or device, or needs libsndfile where that is not installed.</exception>
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
        if (signature.Decoder != AudioDecoder.SndFile)
            throw Unknown(path, signature);
        using var reader = new SndFileReader(path, signature, library());
        return reader.Read(options ?? new WaveReadOptions());
    }

    private static BadFileException Unknown(string path, FileSignature signature) => new(path, 0, $"an audio file was expected; this is {signature.Description}");

    private static FileSignature Identify(FileStream stream)
    {
        Span<byte> head = stackalloc byte[FileSignature.Length];
        var signature = FileSignature.Identify(head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)]);
        stream.Position = 0;
        return signature;
    }
}
