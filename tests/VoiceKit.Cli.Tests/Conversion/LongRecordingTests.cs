using VoiceKit.Audio;
using VoiceKit.Conversion;
using VoiceKit.Features;
using VoiceKit.Pitch;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Conversion;

/// <summary>Recordings of more than 10 minutes are worked on in pieces, and nobody hears it.</summary>
[Trait(SlowTests.Category, SlowTests.Slow)]
public class LongRecordingTests
{
    private static readonly Lazy<Waveform> Long = new(() =>
    {
        // Sentences with pauses between them, over and over: 10 minutes and 40 seconds.
        var samples = new List<double>();
        for (var i = 0; samples.Count < 640 * 16000; i++)
            samples.AddRange([.. TrainedVoice.Shared.HeldOutSource[i % 3].Samples, .. Signals.Noise(16000, 0.4, 1e-4, i).Samples]);
        return new Waveform([.. samples[..(640 * 16000)]], 16000);
    });

    [Fact]
    public void Pieces_OfALongRecording_JoinInPausesAndCoverAll()
    {
        var reader = AudioReader.Of(Long.Value);
        var pieces = RecordingPieces.Of(reader, 80).ToArray();
        Assert.InRange(pieces.Length, 3, 4);
        Assert.Equal((0L, (long)Long.Value.Length), (pieces[0].Start, pieces[^1].End));
        for (var i = 1; i < pieces.Length; i++)
        {
            Assert.Equal(pieces[i - 1].End, pieces[i].Start);
            Assert.Equal(0, pieces[i].Start % 80);
            Assert.True(pieces[i].From < pieces[i].Start && pieces[i - 1].To > pieces[i].Start);

            // 200 ms around the cut are quiet.
            Assert.InRange(SignalCheck.Inspect(reader.Read(pieces[i].Start - 1600, 3200)).LevelDb, -100, -70);
        }

        Assert.True(RecordingPieces.IsWhole(AudioReader.Of(new Waveform(new double[600 * 8000], 8000))));
        Assert.Single(RecordingPieces.Of(AudioReader.Of(new Waveform(new double[600 * 8000], 8000))));
    }

    [Fact]
    public void Extract_LongRecording_HasTheFramesOfTheWhole()
    {
        var extractor = new FeatureExtractor(new FeatureOptions { F0Method = F0Method.Dio, F0Range = new F0Range(80, 400) });
        using var folder = new ScratchFolder();
        using (
            var features = FeatureFile.Extract(
                AudioReader.Of(Long.Value),
                extractor,
                folder.Path,
                new FeatureFileOptions { Features = ["f0", "mel_cepstrum", "band_aperiodicity", "mel_spectrogram"] }
            )
        )
        {
            using var file = File.Create(folder["a.npz"]);
            features.Write(file);
        }

        Assert.Equal([folder["a.npz"]], Directory.GetFiles(folder.Path));
        var (whole, pieces) = (extractor.Extract(Long.Value), StoredFeatures.Read(folder["a.npz"]));
        Assert.Equal(whole.Count, pieces.F0.Count);
        var alike = Enumerable.Range(0, whole.Count).Count(t => Math.Abs(whole.F0[t] - pieces.F0[t]) < 0.5);
        Assert.InRange(alike / (double)whole.Count, 0.995, 1);
        var near = Enumerable.Range(0, whole.Count).Count(t => Math.Abs(whole.MelCepstrum[t][1] - pieces.Coded!.MelCepstrum[t][1]) < 0.05);
        Assert.InRange(near / (double)whole.Count, 0.99, 1);
    }

    [Fact]
    public void Convert_LongRecording_HasItsLengthAndNoSeams()
    {
        var converter = new VoiceConverter(TrainedVoice.Shared.Model);
        var (samples, shares) = (new List<double>(), new ProgressList<double>());
        converter.Convert(AudioReader.Of(Long.Value), block => samples.AddRange(block), shares);
        Assert.Equal(Long.Value.Length, samples.Count);
        Assert.Equal(1, shares[^1]);
        Assert.Equal(shares.Order(), shares);

        // Around each seam nothing is louder, or steps further, than speech does anywhere.
        double Step(int from, int to) => Enumerable.Range(from + 1, to - from - 1).Max(i => Math.Abs(samples[i] - samples[i - 1]));
        foreach (var piece in RecordingPieces.Of(AudioReader.Of(Long.Value)).Skip(1))
            Assert.InRange(Step((int)piece.Start - 800, (int)piece.Start + 800), 0, 0.02 * Step(0, 480_000));
    }

    [LinuxFact]
    public void Check_HoursOfSound_TakeLittleMemory()
    {
        // Two hours at 48 kHz are 2.8 GB as numbers; the file is sparse.
        using var folder = new ScratchFolder();
        using (var file = File.Create(folder["long.wav"]))
        {
            file.Write(WaveBytes.File(WaveBytes.Format(rate: 48000), []).AsSpan()[..^4]);
            file.Write(BitConverter.GetBytes(2 * 3600 * 96000));
            file.SetLength(44 + (2L * 3600 * 96000));
        }

        var (code, output, error) = CommandRun.ProgramUnder(
            "DOTNET_GCHeapHardLimit=0x9000000 exec \"$@\"",
            [],
            "corpus",
            "check",
            folder["long.wav"],
            "--json"
        );
        Assert.True(code == 3, error);
        Assert.Contains("\"duration_s\":7200", System.Text.Encoding.UTF8.GetString(output), StringComparison.Ordinal);
    }
}
