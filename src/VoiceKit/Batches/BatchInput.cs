using VoiceKit.Audio;
using VoiceKit.Corpora;
using VoiceKit.Files;

namespace VoiceKit.Batches;

/// <summary>An item's sound, opened for a task.</summary>
/// <param name="Stream">The sound, at least one sample.</param>
/// <param name="Signal">What was measured in it.</param>
public sealed record BatchInput(AudioReader Stream, SignalReport Signal) : IDisposable
{
    /// <summary>Closes the file.</summary>
    public void Dispose() => Stream.Dispose();

    /// <summary>Opens the sound and notes what is odd about it.</summary>
    /// <exception cref="BadFileException">It cannot be decoded, or is empty.</exception>
    internal static BatchInput Open(CorpusItem item, BatchOutputs outputs)
    {
        var stream = item.Open();
        try
        {
            if (stream.Length == 0)
                throw new BadFileException(item.Path, null, "the recording is empty");
            var signal = SignalMeter.Measure(stream).Report();
            outputs.Warn(stream.Warnings);
            outputs.Warn(item.Contradictions(stream));
            outputs.Warn(signal.Warnings);
            return new BatchInput(stream, signal);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }
}
