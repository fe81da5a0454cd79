using VoiceKit.Audio;
using VoiceKit.Files;
using static System.FormattableString;

namespace VoiceKit.Corpora;

/// <summary>One recording of a corpus, or a part of one.</summary>
/// <param name="Id">Its name in the corpus: the path below the corpus' folder without its extension, with "/" between folders, or the name in a manifest.</param>
/// <param name="Path">The audio file.</param>
public sealed record CorpusItem(string Id, string Path)
{
    /// <summary>Who speaks, or null where that is not known. In a folder it is the first subfolder on the way to the file, unless something else was asked for: see <see cref="SpeakerNames"/>.</summary>
    public string? Speaker { get; init; }

    /// <summary>What is said, or null where that is not known.</summary>
    public string? Text { get; init; }

    /// <summary>The part of the file that is meant; null for the whole.</summary>
    public TimeSegment? Segment { get; init; }

    /// <summary>The channel that is meant, counted from 0; null for the mean of all. A file of one channel is that channel, whatever its number.</summary>
    public int? Channel { get; init; }

    /// <summary>What a manifest says of the file; null where it says nothing.</summary>
    public RecordingClaims? Claims { get; init; }

    /// <summary>Why the item cannot be worked on although it is listed, such as a name that no output can have; null where it can.</summary>
    public string? Fault { get; init; }

    /// <summary>Opens the recording, or its part, to be read as one channel.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="BadFileException">The file cannot be decoded, ends before the part starts, or has no such channel; or the item has a <see cref="Fault"/>.</exception>
    public AudioReader Open()
    {
        RequireUsable();
        var whole = AudioFile.Open(Path);
        try
        {
            RequireChannels(whole.ChannelCount);
            var stream = Channel is { } channel && whole.ChannelCount > 1 ? whole.OneChannel(channel) : whole;
            if (Segment is not { } segment)
                return stream;
            var start = (long)Math.Round(segment.Start * stream.SampleRate);
            var end = (long)Math.Min(stream.Length, Math.Round(segment.End * stream.SampleRate));
            return start >= 0 && end > start
                ? stream.Part(start, end)
                : throw new BadFileException(Path, null, Invariant($"the part {Id} is said to be {segment.Start:0.###} .. {segment.End:0.###} s; the recording has {stream.Duration.TotalSeconds:0.###} s"));
        }
        catch
        {
            whole.Dispose();
            throw;
        }
    }

    /// <summary>Makes sure that the file has the channels that are meant.</summary>
    /// <param name="count">How many it has.</param>
    /// <exception cref="BadFileException">It has not, or some but not all of several are meant.</exception>
    internal void RequireChannels(int count)
    {
        if (count > 1)
            MonoMixer.RequireChannel(Path, count, Channel);
        if (Channel is null && Claims?.ChannelCount is { } meant && meant != count)
            throw new BadFileException(Path, null, Invariant($"the manifest means {meant} of the file's {count} channels; one or all of them can be read: make a file of these"));
    }

    /// <summary>Makes sure that nothing in the item's names is in the way of working on it.</summary>
    /// <exception cref="BadFileException">It has a <see cref="Fault"/>, or its file's name is not UTF-8.</exception>
    public void RequireUsable()
    {
        if (Fault is not null)
            throw new BadFileException(Path, null, Fault);
        if (Path.Contains('\uFFFD', StringComparison.Ordinal) && !File.Exists(Path))
            throw new BadFileException(Path, null, "the file's name is not UTF-8, so it cannot be opened; rename it");
    }

    /// <summary>Reads the recording, or its part, as one channel.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="BadFileException">See <see cref="Open"/>.</exception>
    public AudioRecording Read()
    {
        using var stream = Open();
        return new AudioRecording(stream.ReadAll(), stream.ChannelCount, stream.Encoding, [.. stream.Warnings, .. Contradictions(stream)]);
    }

    /// <summary>Where the file is not as a manifest says, one plain sentence each.</summary>
    /// <param name="stream">The opened recording.</param>
    public IEnumerable<string> Contradictions(AudioReader stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Claims is null ? [] : Claims.Contradictions(stream.File);
    }
}

/// <summary>What a manifest says of a recording's file; a value that it does not give is null.</summary>
/// <param name="SampleRate">The sampling frequency in Hz.</param>
/// <param name="SampleCount">The number of samples of one channel.</param>
/// <param name="Seconds">The duration in seconds.</param>
public sealed record RecordingClaims(double? SampleRate, double? SampleCount, double? Seconds)
{
    private const double Tolerance = 0.01;

    /// <summary>Of how many channels the recording is made, where these are several; else null.</summary>
    public int? ChannelCount { get; init; }

    /// <summary>What was said, or null where that is nothing.</summary>
    internal static RecordingClaims? Of(double? sampleRate, double? sampleCount, double? seconds, int? channelCount = null) =>
        (sampleRate ?? sampleCount ?? seconds ?? channelCount) is null ? null : new RecordingClaims(sampleRate, sampleCount, seconds) { ChannelCount = channelCount };

    /// <summary>Where the file is otherwise, one plain sentence each.</summary>
    internal IEnumerable<string> Contradictions(AudioDescription file)
    {
        if (SampleRate is { } rate && rate != file.SampleRate)
            yield return Invariant($"The manifest says {rate} Hz; the file has {file.SampleRate} Hz, which counts.");
        if (SampleCount is { } count && count != file.SampleCount)
            yield return Invariant($"The manifest says {count} samples; the file has {file.SampleCount}, which count.");
        else if (Seconds is { } seconds && Math.Abs(seconds - file.Seconds) > Tolerance)
            yield return Invariant($"The manifest says {seconds:0.###} s; the file has {file.Seconds:0.###} s, which count.");
    }
}
