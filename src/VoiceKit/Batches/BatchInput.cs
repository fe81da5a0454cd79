using VoiceKit.Audio;
using VoiceKit.Corpora;
using VoiceKit.Files;

namespace VoiceKit.Batches;

/// <summary>Reads an item's sound for a task.</summary>
internal static class BatchInput
{
    /// <summary>Reads the sound and notes what is odd about it.</summary>
    /// <exception cref="BadFileException">It cannot be decoded, or is empty.</exception>
    public static Waveform Read(CorpusItem item, BatchOutputs outputs)
    {
        var recording = item.Read();
        if (recording.Waveform.Length == 0)
            throw new BadFileException(item.Path, null, "the recording is empty");
        outputs.Warn(recording.Warnings);
        outputs.Warn(SignalCheck.Inspect(recording.Waveform).Warnings);
        return recording.Waveform;
    }
}
