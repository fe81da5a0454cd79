using VoiceKit.Audio;

namespace VoiceKit.Tests.TestKit;

/// <summary>Writes audio files of other formats through libsndfile, at 16 kHz.</summary>
internal static class EncodedAudio
{
    // SF_FORMAT numbers of sndfile.h.
    public const int FlacPcm16 = 0x170002;
    public const int OggVorbis = 0x200060;
    public const int Mp3 = 0x230082;

    public static void Write(string path, int format, int channelCount, double[] interleaved)
    {
        var library = SndFileLibrary.Installed!;
        var info = new SndFileLibrary.Info
        {
            SampleRate = 16000,
            ChannelCount = channelCount,
            Format = format,
        };
        var file = library.Open(path, forWriting: true, ref info);
        Assert.True(file != 0, library.LastError);

        // libsndfile multiplies by 32767 when it writes, and divides by 32768 when it reads.
        double[] scaled = [.. interleaved.Select(sample => sample * 32768 / 32767)];
        Assert.Equal(interleaved.Length / channelCount, library.Write(file, scaled, channelCount));
        library.Close(file);
    }
}
