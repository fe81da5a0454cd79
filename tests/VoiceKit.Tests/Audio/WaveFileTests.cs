using VoiceKit.Audio;
using VoiceKit.Files;
using VoiceKit.Tests.TestKit;
using static VoiceKit.Tests.TestKit.WaveBytes;

namespace VoiceKit.Tests.Audio;

public class WaveFileTests
{
    [Theory]
    [InlineData(WaveEncoding.Pcm16, 32768, 0)]
    [InlineData(WaveEncoding.Pcm16, 32768, 1)]
    [InlineData(WaveEncoding.Pcm16, 32768, 40000)]
    [InlineData(WaveEncoding.Pcm24, 8388608, 1)]
    [InlineData(WaveEncoding.Pcm24, 8388608, 40001)]
    [InlineData(WaveEncoding.Float32, 16777216, 40000)]
    public void Write_ThenRead_ReturnsTheSameSamples(WaveEncoding encoding, int steps, int count)
    {
        var random = new Random(1);
        var samples = Enumerable.Range(0, count).Select(_ => (double)random.Next(-steps, steps) / steps).ToArray();
        var (recording, clipped, _) = RoundTrip(new Waveform(samples, 22050), encoding);
        Assert.Equal(0, clipped);
        Assert.Empty(recording.Warnings);
        Assert.Equal(22050, recording.Waveform.SampleRate);
        Assert.Equal(samples, recording.Waveform.Samples.ToArray());
    }

    [Theory]
    [InlineData(0.4 / 32768, 0)]
    [InlineData(0.6 / 32768, 1)]
    [InlineData(-0.6 / 32768, -1)]
    [InlineData(-1, -32768)]
    [InlineData(1, 32767)]
    [InlineData(-1.5, -32768)]
    [InlineData(1e300, 32767)]
    public void Write_Pcm16_RoundsToNearestAndClips(double sample, int step)
    {
        var (recording, clipped, _) = RoundTrip(new Waveform([sample], 16000), WaveEncoding.Pcm16);
        Assert.Equal(step / 32768.0, recording.Waveform.Samples[0]);
        Assert.Equal(sample is >= 1 or < -1 ? 1 : 0, clipped);
    }

    [Fact]
    public void Write_Float32_KeepsSamplesBeyondFullScale() =>
        Assert.Equal([4, -4], RoundTrip(new Waveform([4, -4], 16000), WaveEncoding.Float32).Recording.Waveform.Samples.ToArray());

    [Fact]
    public void Write_Float32BeyondItsRange_Throws() =>
        Assert.Throws<ArgumentException>(() => WaveFile.Write(Stream.Null, new Waveform([0, 1e300], 16000), WaveEncoding.Float32));

    [Fact]
    public void Write_Pcm16_MakesTheCanonicalHeader() =>
        Assert.Equal(File(Format(), U16(1, 2)), RoundTrip(new Waveform([1.0 / 32768, 2.0 / 32768], 16000), WaveEncoding.Pcm16).Bytes);

    [Fact]
    public void Write_Float32_HasFactChunkAndExtensionSize()
    {
        var expected = Riff(Join(Chunk("fmt ", Format(3, bits: 32, extension: U16(0))), Chunk("fact", U32(1)), Chunk("data", F32(0.5f))));
        Assert.Equal(expected, RoundTrip(new Waveform([0.5], 16000), WaveEncoding.Float32).Bytes);
    }

    [Fact]
    public void CreateHeader_FourGibibytes_Throws()
    {
        Assert.Equal(44, WaveHeader.Create(WaveEncoding.Pcm16, 16000, (uint.MaxValue - 36L) / 2).Length);
        var error = Assert.Throws<UnusableDataException>(() => WaveHeader.Create(WaveEncoding.Pcm16, 16000, 1L << 31));
        Assert.Contains("4 GiB", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Pcm16_DividesBy32768() =>
        Assert.Equal([-1, 32767.0 / 32768, 1.0 / 32768], Read(File(Format(), U16(0x8000, 0x7FFF, 1))).Waveform.Samples.ToArray());

    [Fact]
    public void Read_Pcm8_IsUnsigned() =>
        Assert.Equal([-1, 0, 127.0 / 128], Read(File(Format(bits: 8), [0, 128, 255])).Waveform.Samples.ToArray());

    [Fact]
    public void Read_Pcm24_ExtendsTheSign() =>
        Assert.Equal(
            [-1, -1.0 / 8388608, 8388607.0 / 8388608],
            Read(File(Format(bits: 24), [0, 0, 0x80, 255, 255, 255, 255, 255, 0x7F])).Waveform.Samples.ToArray()
        );

    [Fact]
    public void Read_TwentyBitsInThreeBytes_TakesTheHighBits() =>
        Assert.Equal([0.5], Read(File(Format(bits: 20, align: 3), [0, 0, 0x40])).Waveform.Samples.ToArray());

    [Fact]
    public void Read_Stereo_MixesToTheMeanAndSaysSo()
    {
        var recording = Read(File(Format(channels: 2), U16(16384, 0, 0, 8192)));
        Assert.Equal([0.25, 0.125], recording.Waveform.Samples.ToArray());
        Assert.Equal(["2 channels were mixed down to mono."], recording.Warnings);
        Assert.Equal(2, recording.ChannelCount);
    }

    [Fact]
    public void Read_OneChannelOfStereo_GivesThatChannel()
    {
        var recording = WaveFile.Read(
            new MemoryStream(File(Format(channels: 2), U16(16384, 0, 0, 8192))),
            "wave",
            new WaveReadOptions { Channel = 1 }
        );
        Assert.Equal([0, 0.25], recording.Waveform.Samples.ToArray());
        Assert.Empty(recording.Warnings);
    }

    [Fact]
    public void Read_ChannelThatIsNotThere_Throws() =>
        Assert.Throws<BadFileException>(() =>
            WaveFile.Read(new MemoryStream(BadWaveFiles.Good), "wave", new WaveReadOptions { Channel = 1 })
        );

    [Fact]
    public void Read_StreamNotAtItsStart_ReadsFromThere()
    {
        using var stream = new MemoryStream([1, 2, 3, .. BadWaveFiles.Good]) { Position = 3 };
        Assert.Equal(400, WaveFile.Read(stream, "tail").Waveform.Length);
    }

    [Fact]
    public void Read_BigFloatsInStereo_NamesTheOverflow() =>
        Assert.Throws<BadFileException>(() => Read(File(Format(3, channels: 2, bits: 64), F64(double.MaxValue, double.MaxValue))));

    private static WaveRecording Read(byte[] bytes) => WaveFile.Read(new MemoryStream(bytes), "wave");

    private static (WaveRecording Recording, long Clipped, byte[] Bytes) RoundTrip(Waveform waveform, WaveEncoding encoding)
    {
        using var stream = new MemoryStream();
        var clipped = WaveFile.Write(stream, waveform, encoding);
        return (Read(stream.ToArray()), clipped, stream.ToArray());
    }
}
