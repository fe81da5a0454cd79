using VoiceKit.Files;

namespace VoiceKit.Audio;

/// <summary>Reads and writes WAV files.</summary>
/// <remarks>
/// Read are RIFF, RIFX, RF64 and BW64 files with 1 .. 32-bit PCM, 32 and 64-bit float, A-law or mu-law samples, of any channel count, at
/// 1 .. <see cref="WaveFormat.MaxSampleRate"/> Hz. Integers are divided by half their container's range: 16-bit samples by 32768.
/// Files that are damaged but clear (cut short, unfinished, sloppy headers) are read with warnings. Time and memory are bounded by the
/// bytes present, whatever the headers say.
/// </remarks>
public static class WaveFile
{
    /// <summary>Reads the WAV file at <paramref name="path"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="BadFileException">The file is not a WAV file that can be decoded, holds a sample that is not finite, or is a
    /// directory, pipe or device.</exception>
    public static WaveRecording Read(string path, WaveReadOptions? options = null)
    {
        using var stream = InputFile.Open(path);
        return Read(stream, path, options);
    }

    /// <summary>Reads a WAV file from <paramref name="stream"/>, from its position to its end.</summary>
    /// <param name="stream">The stream; one that cannot seek, such as standard input, is first read into memory.</param>
    /// <param name="name">What to call the stream in errors.</param>
    /// <param name="options">What to read; the mean of all channels by default.</param>
    /// <exception cref="BadFileException">The stream is not a WAV file that can be decoded, or holds a sample that is not
    /// finite.</exception>
    public static WaveRecording Read(Stream stream, string name, WaveReadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        if (stream.CanSeek && stream.Position == 0)
            return new WaveReader(stream, name).Read(options ?? new WaveReadOptions());

        using var buffered = new MemoryStream();
        stream.CopyTo(buffered);
        return new WaveReader(buffered, name).Read(options ?? new WaveReadOptions());
    }

    /// <summary>Opens a WAV file in a stream to be read part by part.</summary>
    /// <param name="stream">A seekable stream that starts with the file; it is closed with the result.</param>
    /// <param name="name">What to call the stream in errors.</param>
    /// <exception cref="BadFileException">The stream is not a WAV file that can be decoded.</exception>
    public static AudioReader Open(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(name);
        return new AudioReader(new WaveReader(stream, name), name);
    }

    /// <summary>Writes <paramref name="waveform"/> to the file at <paramref name="path"/>, whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="waveform">The signal.</param>
    /// <param name="encoding">How the samples are stored.</param>
    /// <returns>The number of samples that were clipped to full scale; 0 for <see cref="WaveEncoding.Float32"/>.</returns>
    /// <exception cref="ArgumentException">The waveform is too long for a WAV file (4 GiB), or a sample too large for 32-bit
    /// float.</exception>
    /// <exception cref="IOException">The file cannot be written; what was there before is untouched.</exception>
    public static long Write(string path, Waveform waveform, WaveEncoding encoding = WaveEncoding.Pcm16)
    {
        ArgumentNullException.ThrowIfNull(waveform);
        var clipped = 0L;
        AtomicFile.Write(path, stream => clipped = Write(stream, waveform, encoding));
        return clipped;
    }

    /// <summary>Writes <paramref name="waveform"/> to <paramref name="stream"/>, which need not seek.</summary>
    /// <param name="stream">The stream to write to.</param>
    /// <param name="waveform">The signal.</param>
    /// <param name="encoding">How the samples are stored.</param>
    /// <returns>The number of samples that were clipped to full scale; 0 for <see cref="WaveEncoding.Float32"/>.</returns>
    /// <exception cref="ArgumentException">The waveform is too long for a WAV file (4 GiB), or a sample too large for 32-bit
    /// float.</exception>
    public static long Write(Stream stream, Waveform waveform, WaveEncoding encoding = WaveEncoding.Pcm16)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(waveform);
        return WaveWriter.Write(stream, waveform, encoding);
    }

    /// <summary>Writes a spooled signal, with its gain, to <paramref name="stream"/>, which need not seek.</summary>
    /// <param name="stream">The stream to write to.</param>
    /// <param name="spool">The signal.</param>
    /// <param name="encoding">How the samples are stored.</param>
    /// <returns>The number of samples that were clipped to full scale; 0 for <see cref="WaveEncoding.Float32"/>.</returns>
    /// <exception cref="ArgumentException">The signal is too long for a WAV file (4 GiB), or a sample too large for 32-bit
    /// float.</exception>
    public static long Write(Stream stream, SampleSpool spool, WaveEncoding encoding = WaveEncoding.Pcm16)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(spool);
        return WaveWriter.Write(stream, spool, encoding);
    }

    /// <summary>Determines whether a WAV file can hold a number of samples: its sizes end at 4 GiB.</summary>
    /// <param name="length">The number of samples.</param>
    /// <param name="encoding">How they are stored.</param>
    public static bool CanHold(long length, WaveEncoding encoding) =>
        (length * WaveHeader.SampleBytes(encoding)) + WaveHeader.Longest <= uint.MaxValue;
}

/// <summary>The content of a WAV file.</summary>
/// <param name="Waveform">The signal, mono.</param>
/// <param name="Format">How the file stores its samples.</param>
/// <param name="Warnings">What was odd about the file, one plain sentence each; empty for a faultless mono file.</param>
public sealed record WaveRecording(Waveform Waveform, WaveFormat Format, IReadOnlyList<string> Warnings)
    : AudioRecording(Waveform, (Format ?? throw new ArgumentNullException(nameof(Format))).ChannelCount, Format.ToString(), Warnings);

/// <summary>The settings of reading audio files.</summary>
public sealed record WaveReadOptions
{
    /// <summary>Gets or sets the channel to read, counted from 0; null, the default, for the mean of all channels.</summary>
    public int? Channel { get; init; }
}
