using VoiceKit.Files;

namespace VoiceKit.Audio;

/// <summary>Reads compressed and other audio files through libsndfile.</summary>
internal sealed class SndFileReader : ISampleSource
{
    private const int BlockSamples = 1 << 14;
    private const int HighestChannelCount = 1024;
    private readonly SndFileLibrary library;
    private readonly string path;
    private readonly SndFileLibrary.Info info;
    private nint file;
    private long position;

    /// <param name="path">The file.</param>
    /// <param name="signature">What its first bytes say it is.</param>
    /// <param name="library">libsndfile; null where it is not installed.</param>
    /// <exception cref="BadFileException">libsndfile cannot decode the file, or is not there.</exception>
    public SndFileReader(string path, FileSignature signature, SndFileLibrary? library)
    {
        this.path = path;
        this.library = library ?? throw new BadFileException(
            path, null, $"this is {signature.Description}, which VoiceKit reads through libsndfile, and that is not installed (on Debian: apt-get install libsndfile1)");
        (file, info) = Open();
        if (file == 0)
            throw new BadFileException(path, null, $"this is {signature.Description} that libsndfile cannot decode: {library.LastError.TrimEnd('.', '\n')}");
        if (info.ChannelCount is >= 1 and <= HighestChannelCount && info.SampleRate is >= 1 and <= WaveFormat.HighestSampleRate)
            return;
        Dispose();
        throw new BadFileException(path, null, $"the header says {info.ChannelCount} channels at {info.SampleRate} Hz, which cannot be read");
    }

    public int SampleRate => info.SampleRate;

    public int ChannelCount => info.ChannelCount;

    /// <summary>The samples that <see cref="Count"/> found.</summary>
    public long Length { get; private set; }

    public string Encoding => FormatName(info.Format);

    public IReadOnlyList<string> Warnings => Shortfall(Length);

    /// <summary>Reads all samples as one channel; whatever the header says, what can be decoded counts.</summary>
    public AudioRecording Read(WaveReadOptions options)
    {
        var mixer = new MonoMixer(path, ChannelCount, options.Channel);
        foreach (var block in Rest())
            mixer.Add(block.Span);
        return new AudioRecording(mixer.ToWaveform(SampleRate), ChannelCount, Encoding, [.. mixer.Warnings, .. Shortfall(mixer.Count)]);
    }

    /// <summary>Finds the number of samples by decoding them: the header may say anything.</summary>
    public SndFileReader Count()
    {
        Length = Rest().Sum(block => (long)block.Length / ChannelCount);
        return this;
    }

    public int Decode(long start, Span<double> destination)
    {
        if (start != position)
            Seek(start);
        var frames = (int)library.Read(file, destination, ChannelCount);
        position += Math.Max(0, frames);
        return Math.Max(0, frames);
    }

    public void Dispose()
    {
        if (file != 0)
            library.Close(file);
        file = 0;
    }

    private (nint File, SndFileLibrary.Info Info) Open()
    {
        var opened = default(SndFileLibrary.Info);
        return (library.Open(path, forWriting: false, ref opened), opened);
    }

    /// <summary>Goes to a sample. Not every format can seek: then the file is decoded up to there once more.</summary>
    private void Seek(long start)
    {
        if (library.Seek(file, start) == start)
        {
            position = start;
            return;
        }

        library.Close(file);
        (file, _) = Open();
        position = 0;
        if (file == 0)
            throw new BadFileException(path, null, "the file cannot be opened any more");
        var block = new double[Math.Max(1, BlockSamples / ChannelCount) * ChannelCount];
        while (position < start)
        {
            var wanted = (int)Math.Min(block.Length / ChannelCount, start - position);
            if (Decode(position, block.AsSpan(0, wanted * ChannelCount)) == 0)
                throw new BadFileException(path, null, "the file became shorter while it was read");
        }
    }

    private IEnumerable<ReadOnlyMemory<double>> Rest()
    {
        var block = new double[Math.Max(1, BlockSamples / ChannelCount) * ChannelCount];
        for (int frames; (frames = Decode(position, block)) > 0;)
            yield return block.AsMemory(0, frames * ChannelCount);
    }

    private string[] Shortfall(long count) =>
        info.FrameCount > count && info.FrameCount != long.MaxValue ? [$"The header promises {info.FrameCount} samples; {count} could be decoded."] : [];

    // The container of an SF_FORMAT number (sndfile.h).
    private static string FormatName(int format) => ((format >> 16) & 0x0FFF) switch
    {
        0x002 => "AIFF",
        0x003 => "AU",
        0x007 => "NIST SPHERE",
        0x00B => "Sony Wave64",
        0x017 => "FLAC",
        0x018 => "CAF",
        0x020 => "Ogg",
        0x023 => "MP3",
        var other => $"libsndfile format 0x{other:x3}",
    };
}
