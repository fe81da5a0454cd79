using VoiceKit.Audio;
using VoiceKit.Files;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Audio;

public class AudioDescriptionTests
{
    private static readonly Dictionary<string, BadFileCase> Cases = BadWaveFiles.All.ToDictionary(item => item.Name);

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Describe_OddFile_TellsWhatReadingGives(string name)
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("odd.wav", Cases[name].Bytes);
        AudioRecording recording;
        try
        {
            recording = AudioFile.Read(path);
        }
        catch (BadFileException refusal)
        {
            // Only what is wrong in a sample itself can be passed over.
            if (!refusal.Message.Contains("finite", StringComparison.Ordinal))
                Assert.Equal(refusal.Message, Assert.Throws<BadFileException>(() => AudioFile.Describe(path)).Message);
            return;
        }

        Assert.Equal(
            new AudioDescription(recording.Waveform.SampleRate, recording.ChannelCount, recording.Waveform.Length),
            AudioFile.Describe(path)
        );
    }

    [Fact]
    public void Describe_StereoFile_CountsTheSamplesOfAChannel()
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("stereo.wav", WaveBytes.File(WaveBytes.Format(channels: 2), WaveBytes.Sine16(8000)));
        Assert.Equal(new AudioDescription(16000, 2, 4000), AudioFile.Describe(path));
        Assert.Equal(0.25, AudioFile.Describe(path).Seconds);
    }
}
