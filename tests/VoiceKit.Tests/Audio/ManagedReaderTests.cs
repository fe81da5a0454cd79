using NAudio.Wave.SampleProviders;
using VoiceKit.Audio;
using VoiceKit.Files;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Audio;

/// <summary>MP3, Ogg Vorbis and AIFF without any library of the system.</summary>
public class ManagedReaderTests
{
    public static TheoryData<string, int> Files =>
        new()
        {
            { "mono.mp3", 1 },
            { "stereo.mp3", 2 },
            { "mono.ogg", 1 },
            { "stereo.ogg", 2 },
            { "mono.aiff", 1 },
            { "stereo.aiff", 2 },
        };

    [Theory]
    [MemberData(nameof(Files))]
    public void Read_EachFormat_IsTheTone(string name, int channels)
    {
        var recording = AudioFile.Read(PathOf(name), new WaveReadOptions { Channel = channels == 2 ? 1 : null });
        Assert.Equal((channels, 16000), (recording.ChannelCount, recording.Waveform.SampleRate));

        // MP3 has whole frames, with silence before and after.
        var isMp3 = name.EndsWith("mp3", StringComparison.Ordinal);
        Assert.InRange(recording.Waveform.Length, 8000, isMp3 ? 8000 + 2304 : 8000);
        var samples = recording.Waveform.Samples.Slice(isMp3 ? 2500 : 1000, 4000);
        var frequency = channels == 2 ? 880 : 440;
        Assert.InRange(Amplitude(samples, frequency), 0.46, 0.51);
        Assert.InRange(Amplitude(samples, frequency * 1.5), 0, 0.01);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Open_AnyPlace_IsThatOfTheWhole(string name, int channels)
    {
        using var reader = AudioFile.Open(PathOf(name));
        Assert.Equal(channels, reader.ChannelCount);
        var whole = AudioFile.Read(PathOf(name)).Waveform;
        Assert.Equal(whole.Length, reader.Length);
        foreach (var start in new[] { 5000, 0, 7000, 100 })
            Assert.Equal(whole.Samples.Slice(start, 500).ToArray(), reader.Read(start, 500).Samples.ToArray());
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Read_CutOrDamaged_GivesWhatIsThereOrRefuses(string name, int channels)
    {
        Assert.InRange(channels, 1, 2);
        using var folder = new ScratchFolder();
        var whole = File.ReadAllBytes(PathOf(name));
        var random = new Random(1);
        for (var round = 0; round < 60; round++)
        {
            var bytes = whole[..(round % 2 == 0 ? random.Next(4, whole.Length) : whole.Length)];
            for (var change = 0; round % 2 == 1 && change < 4; change++)
                bytes[random.Next(12, bytes.Length)] = (byte)random.Next(256);
            AudioRecording? recording = null;
            var error = Record.Exception(() => recording = AudioFile.Read(folder.Write(name, bytes)));
            Assert.True(error is null or BadFileException, error?.ToString());
            Assert.True(recording is null || recording.Waveform.Length <= 1_000_000);
        }
    }

    [SndFileFact]
    public void Read_VorbisAndAiff_AreLibsndfilesSamples()
    {
        foreach (var name in new[] { "mono.ogg", "stereo.ogg", "mono.aiff", "stereo.aiff" })
        {
            using var peer = new SndFileReader(PathOf(name), new FileSignature(AudioDecoder.SndFile, "a file"), SndFileLibrary.Installed);
            var expected = peer.Read(new WaveReadOptions()).Waveform.Samples.ToArray();
            var actual = AudioFile.Read(PathOf(name)).Waveform.Samples.ToArray();
            Assert.Equal(expected.Length, actual.Length);
            for (var i = 0; i < expected.Length; i++)
                Assert.Equal(expected[i], actual[i], 1e-4);
        }
    }

    [Fact]
    public void SampleProvider_ThereAndBack_IsTheSame()
    {
        var waveform = new Waveform([0.5, -0.25, 0.125], 8000);
        var back = Waveform.From(waveform.ToSampleProvider());
        Assert.Equal((8000, 3), (back.SampleRate, back.Length));
        Assert.Equal(waveform.Samples.ToArray(), back.Samples.ToArray());
    }

    [Fact]
    public void From_StereoProvider_IsTheMeanOfTheChannels()
    {
        var stereo = new MonoToStereoSampleProvider(new Waveform([0.5, -0.25], 8000).ToSampleProvider())
        {
            LeftVolume = 1,
            RightVolume = 0,
        };
        Assert.Equal([0.25, -0.125], Waveform.From(stereo).Samples.ToArray());
    }

    private static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Golden", "formats", name);

    private static double Amplitude(ReadOnlySpan<double> samples, double frequency)
    {
        var (real, imaginary) = (0.0, 0.0);
        for (var n = 0; n < samples.Length; n++)
        {
            var phase = 2 * Math.PI * frequency * n / 16000;
            (real, imaginary) = (real + (samples[n] * Math.Cos(phase)), imaginary + (samples[n] * Math.Sin(phase)));
        }

        return 2 * Math.Sqrt((real * real) + (imaginary * imaginary)) / samples.Length;
    }
}
