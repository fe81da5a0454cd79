using VoiceKit.Audio;
using VoiceKit.Files;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Audio;

public class BadWaveFileTests
{
    private static readonly Dictionary<string, BadFileCase> Cases = BadWaveFiles.All.ToDictionary(item => item.Name);

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_OddFile_GivesTheVerdict(string name)
    {
        var item = Cases[name];
        if (item.Verdict == Verdict.Reject)
        {
            var error = Assert.Throws<BadFileException>(() => Read(item));
            Assert.StartsWith(name + ": ", error.Message, StringComparison.Ordinal);
            return;
        }

        var recording = Read(item);
        Assert.Equal(item.Verdict == Verdict.Warn, recording.Warnings.Count > 0);
        if (item.Verdict == Verdict.WarnAboutSignal)
            Assert.NotEmpty(SignalCheck.Inspect(recording.Waveform).Warnings);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_OddFile_StaysWithinBounds(string name) => ReadingBounds.Hold(Cases[name], () => Read(Cases[name]));

    [Fact]
    public void Read_StreamThatCannotSeek_GivesTheSame()
    {
        foreach (var item in Cases.Values)
        {
            var direct = Record.Exception(() => Read(item));
            var piped = Record.Exception(() => WaveFile.Read(new OneWayStream(item.Bytes), item.Name));
            Assert.Equal(direct?.Message, piped?.Message);
            if (direct is null)
                Assert.Equal(Read(item).Warnings, WaveFile.Read(new OneWayStream(item.Bytes), item.Name).Warnings);
        }
    }

    [Theory]
    [InlineData("msadpcm", "Microsoft ADPCM")]
    [InlineData("imaadpcm", "IMA ADPCM")]
    [InlineData("gsm610", "GSM 6.10")]
    [InlineData("mp3-in-wav", "MP3")]
    [InlineData("float16", "16-bit Float")]
    [InlineData("float32-nan-inf", "sample 100 ")]
    [InlineData("gitlfs", "git lfs pull")]
    [InlineData("html", "web page")]
    [InlineData("flac", "FLAC")]
    [InlineData("empty", "empty")]
    [InlineData("rf64-no-ds64", "ds64")]
    public void Read_RejectedFile_NamesTheReason(string name, string words)
    {
        var bytes = name == "empty" ? [] : Cases[name].Bytes;
        var error = Assert.Throws<BadFileException>(() => WaveFile.Read(new MemoryStream(bytes), name));
        Assert.Contains(words, error.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("odd-chunk-unpadded", 400)]
    [InlineData("data-size-0-with-bytes", 400)]
    [InlineData("data-size-ffffffff", 400)]
    [InlineData("trunc-half-sample", 200)]
    [InlineData("trunc-44-header-only", 0)]
    [InlineData("data-twice", 400)]
    [InlineData("many-unpadded-chunks", 400)]
    [InlineData("rf64-ds64-negative", 400)]
    [InlineData("rifx", 400)]
    public void Read_DamagedFile_GivesTheSamplesThatAreThere(string name, int count)
    {
        var expected = WaveFile.Read(new MemoryStream(BadWaveFiles.Good), "good").Waveform.Samples[..count];
        Assert.Equal(expected.ToArray(), Read(Cases[name]).Waveform.Samples.ToArray());
    }

    private static WaveRecording Read(BadFileCase item) => WaveFile.Read(new MemoryStream(item.Bytes), item.Name);

    private sealed class OneWayStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }
    }
}
