using VoiceKit.Audio;

namespace VoiceKit.Benchmarks;

/// <summary>Speech to measure with: sentences of corpora/flite, found from where the program lies.</summary>
internal static class ShippedSpeech
{
    /// <summary>The paths of a few sentences by both voices.</summary>
    /// <exception cref="DirectoryNotFoundException">The program lies outside the repository.</exception>
    public static string[] Paths()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var corpus = Path.Combine(folder.FullName, "corpora", "flite");
            if (Directory.Exists(corpus))
                return [.. new[] { "slt/001.wav", "rms/002.wav", "slt/003.wav", "rms/004.wav" }.Select(name => Path.Combine(corpus, name))];
        }

        throw new DirectoryNotFoundException($"corpora/flite is in no folder above {AppContext.BaseDirectory}; name WAV files instead.");
    }

    /// <summary>The first sentence, 16 kHz.</summary>
    public static Waveform First() => Read(Paths()[0], rate: 0);

    /// <summary>Reads a file.</summary>
    /// <param name="path">A mono WAV file.</param>
    /// <param name="rate">The rate in Hz to resample to; 0 keeps the file's.</param>
    public static Waveform Read(string path, int rate)
    {
        var waveform = WaveFile.Read(path).Waveform;
        return rate == 0 || rate == waveform.SampleRate ? waveform : Resampler.Resample(waveform, rate);
    }
}
