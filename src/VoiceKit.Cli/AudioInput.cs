using VoiceKit.Audio;

namespace VoiceKit.Cli;

/// <summary>Reads and writes audio for the verbs, with a word on what is odd about it.</summary>
internal static class AudioInput
{
    /// <summary>Reads a file, or standard input for "-", and warns of what was found.</summary>
    public static Waveform Read(CommandConsole console, string path)
    {
        AudioRecording recording;
        if (path == WorkItems.Standard)
        {
            using var stream = Console.OpenStandardInput();
            recording = WaveFile.Read(stream, "standard input");
        }
        else
        {
            recording = AudioFile.Read(path);
        }

        foreach (var warning in recording.Warnings.Concat(SignalCheck.Inspect(recording.Waveform).Warnings))
            console.Warn($"{path}: {warning}");
        return recording.Waveform;
    }

    /// <summary>Checks a waveform and writes it, to standard output for "-".</summary>
    public static void Write(CommandConsole console, string path, Waveform waveform, Waveform source, WaveEncoding encoding)
    {
        console.Cancellation.ThrowIfCancellationRequested();
        var (checkedWaveform, warnings) = OutputLevel.Protect(waveform, source);
        foreach (var warning in warnings)
            console.Warn($"{path}: {warning}");
        if (path == WorkItems.Standard)
        {
            using var stream = Console.OpenStandardOutput();
            WaveFile.Write(stream, checkedWaveform, encoding);
        }
        else
        {
            WaveFile.Write(path, checkedWaveform, encoding);
        }
    }
}
