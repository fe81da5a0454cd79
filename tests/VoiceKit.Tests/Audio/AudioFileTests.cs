using VoiceKit.Audio;
using VoiceKit.Files;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Audio;

public class AudioFileTests
{
    [SndFileFact]
    public void Read_Flac_ReturnsTheExactSamples()
    {
        using var folder = new ScratchFolder();
        var samples = Steps(5000);
        EncodedAudio.Write(folder["a.flac"], EncodedAudio.FlacPcm16, 1, samples);
        var recording = AudioFile.Read(folder["a.flac"]);
        Assert.Equal(samples, recording.Waveform.Samples.ToArray());
        Assert.Equal(("FLAC", 1, 16000), (recording.Encoding, recording.ChannelCount, recording.Waveform.SampleRate));
        Assert.Empty(recording.Warnings);
    }

    [SndFileFact]
    public void Read_StereoFlac_MixesAndSaysSo()
    {
        using var folder = new ScratchFolder();
        EncodedAudio.Write(folder["a.flac"], EncodedAudio.FlacPcm16, 2, [0.5, 0, 0, 0.25]);
        var recording = AudioFile.Read(folder["a.flac"]);
        Assert.Equal([0.25, 0.125], recording.Waveform.Samples.ToArray());
        Assert.Equal(["2 channels were mixed down to mono."], recording.Warnings);
        Assert.Equal([0, 0.25], AudioFile.Read(folder["a.flac"], new WaveReadOptions { Channel = 1 }).Waveform.Samples.ToArray());
    }

    [SndFileFact]
    public void Describe_StereoFlac_CountsTheSamplesOfAChannel()
    {
        using var folder = new ScratchFolder();
        EncodedAudio.Write(folder["a.flac"], EncodedAudio.FlacPcm16, 2, [0.5, 0, 0, 0.25, 0, 0]);
        Assert.Equal(new AudioDescription(16000, 2, 3), AudioFile.Describe(folder["a.flac"]));
    }

    [SndFileFact]
    public void Read_LossyFile_IsCloseToTheOriginal()
    {
        using var folder = new ScratchFolder();
        double[] sine = [.. Enumerable.Range(0, 16000).Select(n => 0.5 * Math.Sin(2 * Math.PI * 440 * n / 16000))];
        foreach (var (name, format) in ((string, int)[])[("a.ogg", EncodedAudio.OggVorbis), ("a.mp3", EncodedAudio.Mp3)])
        {
            EncodedAudio.Write(folder[name], format, 1, sine);
            var level = SignalCheck.Inspect(AudioFile.Read(folder[name]).Waveform).LevelDb;
            Assert.InRange(level, -10.0, -8.5);
        }
    }

    [SndFileFact]
    public void Read_TruncatedFlac_GivesWhatIsThereOrRefuses()
    {
        using var folder = new ScratchFolder();
        EncodedAudio.Write(folder["a.flac"], EncodedAudio.FlacPcm16, 1, Steps(50000));
        var whole = File.ReadAllBytes(folder["a.flac"]);
        foreach (var length in (int[])[4, 20, 60, whole.Length / 2, whole.Length - 1])
        {
            AudioRecording? recording = null;
            var error = Record.Exception(() => recording = AudioFile.Read(folder.Write("b.flac", whole[..length])));
            Assert.True(error is null or BadFileException, error?.ToString());
            Assert.True(recording is null || recording.Warnings.Count > 0, $"{length} bytes");
        }
    }

    [Theory]
    [InlineData("fLaC", "FLAC")]
    [InlineData("OggS", "Ogg")]
    [InlineData("caff", "CAF")]
    public void Read_WithoutLibsndfile_NamesThePackage(string magic, string kind)
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("audio", System.Text.Encoding.ASCII.GetBytes(magic + new string('x', 40)));
        var error = Assert.Throws<BadFileException>(() => AudioFile.Read(path, null, () => SndFileLibrary.Load(["no-such-library.so"])));
        Assert.Contains("libsndfile1", error.Reason, StringComparison.Ordinal);
        Assert.Contains(kind, error.Reason, StringComparison.Ordinal);
    }

    [SndFileFact]
    public void Read_FlacInNameOnly_Throws()
    {
        using var folder = new ScratchFolder();
        Assert.Throws<BadFileException>(() =>
            AudioFile.Read(folder.Write("a.flac", [(byte)'f', (byte)'L', (byte)'a', (byte)'C', 0, 0, 0, 0x22, 1, 2, 3]))
        );
    }

    [Fact]
    public void Read_Text_SaysThatAudioWasExpected()
    {
        using var folder = new ScratchFolder();
        Assert.Contains(
            "audio file was expected",
            Assert.Throws<BadFileException>(() => AudioFile.Read(folder.Write("a.wav", [1, 2, 3]))).Reason,
            StringComparison.Ordinal
        );
    }

    private static double[] Steps(int count)
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(-32767, 32768) / 32768.0)];
    }
}
