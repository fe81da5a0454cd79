using VoiceKit.Files;

namespace VoiceKit.Audio;

/// <summary>Reads compressed and other audio files through libsndfile.</summary>
internal static class SndFileReader
{
    private const int BlockSamples = 1 << 14;
    private const int HighestChannelCount = 1024;

    public static AudioRecording Read(string path, FileSignature signature, WaveReadOptions options, SndFileLibrary? library)
    {
        if (library is null)
        {
            throw new BadFileException(
                path, null, $"this is {signature.Description}, which VoiceKit reads through libsndfile, and that is not installed (on Debian: apt-get install libsndfile1)");
        }

        var info = default(SndFileLibrary.Info);
        var file = library.Open(path, forWriting: false, ref info);
        if (file == 0)
            throw new BadFileException(path, null, $"this is {signature.Description} that libsndfile cannot decode: {library.LastError.TrimEnd('.', '\n')}");
        try
        {
            if (info.ChannelCount is < 1 or > HighestChannelCount || info.SampleRate is < 1 or > WaveFormat.HighestSampleRate)
                throw new BadFileException(path, null, $"the header says {info.ChannelCount} channels at {info.SampleRate} Hz, which cannot be read");
            var mixer = new MonoMixer(path, info.ChannelCount, options.Channel);
            ReadAll(library, file, info.ChannelCount, mixer);
            return new AudioRecording(mixer.ToWaveform(info.SampleRate), info.ChannelCount, FormatName(info.Format), [.. mixer.Warnings, .. Shortfall(info, mixer.Count)]);
        }
        finally
        {
            library.Close(file);
        }
    }

    // The frame count in the header may be anything: what is read decides.
    private static void ReadAll(SndFileLibrary library, nint file, int channelCount, MonoMixer mixer)
    {
        var block = new double[Math.Max(1, BlockSamples / channelCount) * channelCount];
        for (long frames; (frames = library.Read(file, block, channelCount)) > 0;)
            mixer.Add(block.AsSpan(0, (int)frames * channelCount));
    }

    private static IEnumerable<string> Shortfall(SndFileLibrary.Info info, int count) =>
        info.FrameCount > count && info.FrameCount != long.MaxValue ? [$"The header promises {info.FrameCount} samples; {count} could be decoded."] : [];

    // The container of an SF_FORMAT number (sndfile.h).
    private static string FormatName(int format) => ((format >> 16) & 0x0FFF) switch
    {
        0x002 => "AIFF",
        0x003 => "AU",
        0x007 => "NIST SPHERE",
        0x017 => "FLAC",
        0x018 => "CAF",
        0x020 => "Ogg",
        0x023 => "MP3",
        var other => $"libsndfile format 0x{other:x3}",
    };
}
