using VoiceKit.Audio;
using VoiceKit.Files;
using static System.FormattableString;

namespace VoiceKit.Corpora;

/// <summary>One recording of a corpus, or a part of one.</summary>
/// <param name="Id">Its name in the corpus: the path below the corpus' folder without its extension, with "/" between folders, or the name in a manifest.</param>
/// <param name="Path">The audio file.</param>
public sealed record CorpusItem(string Id, string Path)
{
    /// <summary>Who speaks, or null where that is not known. In a folder it is the name of the file's own subfolder.</summary>
    public string? Speaker { get; init; }

    /// <summary>What is said, or null where that is not known.</summary>
    public string? Text { get; init; }

    /// <summary>The part of the file that is meant; null for the whole.</summary>
    public TimeSegment? Segment { get; init; }

    /// <summary>Reads the recording, or its part, as one channel.</summary>
    /// <param name="options">What to read; the mean of all channels by default.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="BadFileException">The file cannot be decoded, or ends before the part starts.</exception>
    public AudioRecording Read(WaveReadOptions? options = null)
    {
        var recording = AudioFile.Read(Path, options);
        if (Segment is not { } segment)
            return recording;
        var waveform = recording.Waveform;
        var start = (long)Math.Round(segment.Start * waveform.SampleRate);
        var end = (long)Math.Min(waveform.Length, Math.Round(segment.End * waveform.SampleRate));
        if (start < 0 || end <= start)
            throw new BadFileException(Path, null, Invariant($"the part {Id} is said to be {segment.Start:0.###} .. {segment.End:0.###} s; the recording has {waveform.Duration.TotalSeconds:0.###} s"));
        return recording with { Waveform = new Waveform(waveform.Samples[(int)start..(int)end].ToArray(), waveform.SampleRate) };
    }
}
