using VoiceKit.Audio;
using VoiceKit.Corpora;
using VoiceKit.Files;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Corpora;

public class RecordingPreparerTests
{
    [Fact]
    public void Prepare_Sentence_IsTrimmedAndAtTheLoudness()
    {
        var waveform = WaveFile.Read(Path.Combine(TrainedVoice.SourceFolder, "001.wav")).Waveform;
        var prepared = new RecordingPreparer().Prepare(waveform);
        var piece = Assert.Single(prepared.Pieces);
        Assert.Empty(prepared.Warnings);
        Assert.Equal(-23, Loudness.Integrated(piece.Waveform), 1e-6);
        var activity = SpeechActivity.Detect(waveform);
        Assert.Equal(activity.LeadingSilence - TimeSpan.FromMilliseconds(100), piece.Start);
        Assert.Equal(
            activity.LeadingSilence + activity.TrailingSilence - TimeSpan.FromMilliseconds(200),
            waveform.Duration - piece.Waveform.Duration
        );
    }

    [Fact]
    public void Prepare_Samples_AreTheInputsTimesOneGain()
    {
        var waveform = Speech(16000, 0.5, 1, 0.8, 2, 0.5);
        foreach (var longest in (TimeSpan?[])[null, TimeSpan.FromSeconds(2.5)])
        {
            var pieces = new RecordingPreparer(new PrepareOptions { MaxPiece = longest }).Prepare(waveform).Pieces;
            Assert.Equal(longest is null ? 1 : 2, pieces.Count);
            var gain = 0.0;
            foreach (var piece in pieces)
            {
                var source = waveform.Samples.Slice(First(piece), piece.Waveform.Length);
                gain = gain == 0 ? piece.Waveform.Samples[5000] / source[5000] : gain;
                for (var i = 0; i < source.Length; i++)
                    Assert.Equal(source[i] * gain, piece.Waveform.Samples[i], 1e-15);
            }
        }
    }

    [Fact]
    public void Prepare_NothingAsked_ReturnsTheSameSamples()
    {
        var waveform = Speech(16000, 0.5, 1, 0.5);
        var prepared = new RecordingPreparer(new PrepareOptions { Trim = false, LoudnessTarget = null }).Prepare(waveform);
        Assert.Equal(waveform.Samples.ToArray(), Assert.Single(prepared.Pieces).Waveform.Samples.ToArray());
        Assert.Empty(prepared.Warnings);
    }

    [Fact]
    public void Prepare_OtherRate_GivesTheResampledSignal()
    {
        var waveform = Speech(16000, 0.5, 1, 0.5);
        var prepared = new RecordingPreparer(
            new PrepareOptions
            {
                SampleRate = 24000,
                Trim = false,
                LoudnessTarget = null,
            }
        ).Prepare(waveform);
        Assert.Equal(Resampler.Resample(waveform, 24000).Samples.ToArray(), Assert.Single(prepared.Pieces).Waveform.Samples.ToArray());
        Assert.Equal(24000, prepared.Pieces[0].Waveform.SampleRate);
    }

    [Fact]
    public void Prepare_Offset_IsTakenAway()
    {
        var waveform = Speech(16000, 0.5, 1, 0.5);
        var prepared = new RecordingPreparer(new PrepareOptions { LoudnessTarget = null, Trim = false }).Prepare(
            new Waveform([.. waveform.Samples.ToArray().Select(sample => sample + 0.05)], 16000)
        );
        Assert.Contains("offset of 0.05", Assert.Single(prepared.Warnings), StringComparison.Ordinal);
        Assert.Equal(0, SignalCheck.Inspect(prepared.Pieces[0].Waveform).DcOffset, 1e-9);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Prepare_LongRecording_IsSplitInPausesAndLosesNoSpeech(bool trim)
    {
        double[] parts = [.. Enumerable.Range(0, 40).SelectMany(i => (double[])[0.3 + (0.17 * i % 0.9), 0.7 + (0.37 * i % 2.1)]), 0.6];
        var waveform = Speech(8000, parts);
        var longest = TimeSpan.FromSeconds(10);
        var prepared = new RecordingPreparer(new PrepareOptions { Trim = trim, MaxPiece = longest }).Prepare(waveform);
        Assert.Empty(prepared.Warnings);
        Assert.All(prepared.Pieces, piece => Assert.InRange(piece.Waveform.Duration, longest / 5, longest));
        var kept = new bool[waveform.Length];
        var end = 0;
        foreach (var piece in prepared.Pieces)
        {
            Assert.True(First(piece) >= end);
            end = First(piece) + piece.Waveform.Length;
            Array.Fill(kept, true, First(piece), piece.Waveform.Length);
        }

        Assert.All(
            SpeechActivity.Detect(waveform).Segments,
            segment => Assert.DoesNotContain(false, kept[(int)segment.Start..(int)segment.End])
        );
        Assert.Equal(!trim, kept.All(value => value));
    }

    [Fact]
    public void Prepare_PausesOfSeveralLengths_CutsInTheLongest()
    {
        var pieces = new RecordingPreparer(new PrepareOptions { MaxPiece = TimeSpan.FromSeconds(6) })
            .Prepare(Speech(16000, 0.3, 2, 0.3, 1.5, 0.8, 1.5, 0.3, 2, 0.3))
            .Pieces;
        Assert.Equal([0.2, 4.8], pieces.Select(piece => Math.Round(piece.Start.TotalSeconds, 1)));
    }

    [Fact]
    public void Prepare_NoPause_IsCutAtTheQuietestPlaceWithAWarning()
    {
        var random = new Random(1);
        var waveform = Signals.Generate(16000, 25, time => 0.1 * (Math.Abs(time - 9) < 0.05 ? 0.7 : 1) * (random.NextDouble() - 0.5));
        var prepared = new RecordingPreparer(new PrepareOptions { MaxPiece = TimeSpan.FromSeconds(10), LoudnessTarget = null }).Prepare(
            waveform
        );
        Assert.All(prepared.Pieces, piece => Assert.InRange(piece.Waveform.Duration.TotalSeconds, 2, 10));
        Assert.Equal(prepared.Pieces.Count - 1, prepared.Warnings.Count);
        Assert.Equal(9, prepared.Pieces[1].Start.TotalSeconds, 0.06);
        Assert.Equal(waveform.Samples.ToArray(), prepared.Pieces.SelectMany(piece => piece.Waveform.Samples.ToArray()));
    }

    [Fact]
    public void Prepare_PeakInTheWay_GivesLessAndSaysSo()
    {
        var samples = Speech(16000, 0.5, 1, 0.5).Samples.ToArray();
        samples[12000] = 0.9;
        var prepared = new RecordingPreparer(new PrepareOptions { LoudnessTarget = -10 }).Prepare(new Waveform(samples, 16000));
        Assert.Contains("LUFS instead of -10.0", Assert.Single(prepared.Warnings), StringComparison.Ordinal);
        Assert.Equal(Math.Pow(10, -1.0 / 20), SignalCheck.Inspect(prepared.Pieces[0].Waveform).Peak, 1e-12);
    }

    [Fact]
    public void Prepare_SilentOrEmpty_IsRefused()
    {
        foreach (var waveform in (Waveform[])[new([], 16000), new(new double[16000], 16000), Signals.Generate(16000, 1, _ => 0.25)])
            Assert.Matches(
                "silent|no samples",
                Assert.Throws<UnusableDataException>(() => new RecordingPreparer().Prepare(waveform)).Message
            );
    }

    [Fact]
    public void Prepare_TooQuietToMeasure_LeavesTheLevel()
    {
        var waveform = Signals.Noise(16000, 2, 1e-4);
        var prepared = new RecordingPreparer().Prepare(waveform);
        Assert.Contains("too quiet", Assert.Single(prepared.Warnings), StringComparison.Ordinal);
        Assert.Equal(waveform.Samples.ToArray(), prepared.Pieces[0].Waveform.Samples.ToArray());
    }

    [Fact]
    public void Prepare_OddSignals_EndInAResultOrARefusal()
    {
        foreach (var name in Signals.OddNames.Select(row => row.Data))
        {
            var preparer = new RecordingPreparer(new PrepareOptions { MaxPiece = TimeSpan.FromSeconds(1), SampleRate = 16000 });
            if (name is "empty" or "silence" or "constant" or "one sample")
                Assert.Throws<UnusableDataException>(() => preparer.Prepare(Signals.Odd(name)));
            else
                Assert.All(preparer.Prepare(Signals.Odd(name)).Pieces, piece => Assert.InRange(piece.Waveform.Length, 1, 16000));
        }
    }

    [Fact]
    public void Options_OutOfRange_AreRefused()
    {
        foreach (
            var options in (PrepareOptions[])
                [
                    new() { SampleRate = 0 },
                    new() { Margin = TimeSpan.FromSeconds(-1) },
                    new() { LoudnessTarget = 1 },
                    new() { LoudnessTarget = double.NaN },
                    new() { MaxPiece = TimeSpan.FromSeconds(0.9) },
                    new() { MaxPiece = TimeSpan.FromSeconds(2), Margin = TimeSpan.FromSeconds(1) },
                ]
        )
            Assert.Throws<ArgumentOutOfRangeException>(() => new RecordingPreparer(options));
    }

    private static int First(PreparedPiece piece) => (int)Math.Round(piece.Start.TotalSeconds * piece.Waveform.SampleRate);

    /// <summary>Silence, speech, silence ... of the given seconds, in a little noise.</summary>
    private static Waveform Speech(int rate, params double[] seconds)
    {
        var noise = Signals.Noise(rate, seconds.Sum(), 3e-4);
        var voice = Signals.Harmonic(130, rate, seconds.Sum());
        var samples = noise.Samples.ToArray();
        for (var (i, time) = (0, 0.0); i < seconds.Length; time += seconds[i++])
        {
            for (var n = (int)(time * rate); i % 2 == 1 && n < (int)((time + seconds[i]) * rate); n++)
                samples[n] += 0.5 * voice.Samples[n];
        }

        return new Waveform(samples, rate);
    }
}
