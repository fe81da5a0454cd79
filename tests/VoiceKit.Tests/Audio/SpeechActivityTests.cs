using VoiceKit.Audio;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Audio;

public class SpeechActivityTests
{
    // Bursts of 0.8 s after 0.5, 1.8 and 3.1 s in 4.5 s.
    private static readonly double[] Onsets = [0.5, 1.8, 3.1];

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(10, Traits = [SlowTests.Category, SlowTests.Slow])]
    [InlineData(20, Traits = [SlowTests.Category, SlowTests.Slow])]
    [InlineData(30, Traits = [SlowTests.Category, SlowTests.Slow])]
    [InlineData(40)]
    public void Detect_BurstsInNoise_GivesTheirSignalToNoiseRatio(double decibels)
    {
        for (var seed = 1; seed <= 5; seed++)
        {
            foreach (var rate in (int[])[8000, 16000, 44100])
            {
                var activity = SpeechActivity.Detect(Bursts(rate, decibels, seed));
                Assert.Equal(decibels, activity.SignalToNoiseDb!.Value, 3.0);
            }
        }
    }

    [Theory]
    [InlineData(10)]
    [InlineData(20)]
    [InlineData(40)]
    public void Detect_BurstsInNoise_FindsThem(double decibels)
    {
        var activity = SpeechActivity.Detect(Bursts(16000, decibels, seed: 1));
        Assert.Equal(Onsets.Length, activity.Segments.Count);
        foreach (var (segment, onset) in activity.Segments.Zip(Onsets))
        {
            Assert.Equal(onset, segment.Start / 16000.0, 0.05);
            Assert.Equal(onset + 0.8, segment.End / 16000.0, 0.05);
        }

        Assert.Equal(0.5, activity.LeadingSilence.TotalSeconds, 0.05);
        Assert.Equal(0.6, activity.TrailingSilence.TotalSeconds, 0.05);
    }

    [Theory]
    [InlineData(0.15, 1)]
    [InlineData(0.25, 2)]
    public void Detect_Gap_BreaksSpeechFrom200Milliseconds(double gap, int count)
    {
        var noise = Signals.Noise(16000, 3, 1e-3);
        var waveform = Add(
            noise,
            time => time is > 0.5 and < 2.5 && Math.Abs(time - 1.5) > gap / 2 ? 0.2 * Math.Sin(2 * Math.PI * 200 * time) : 0
        );
        Assert.Equal(count, SpeechActivity.Detect(waveform).Segments.Count);
    }

    [Fact]
    public void Detect_Click_IsNoSpeech()
    {
        var waveform = Bursts(16000, 30, seed: 2);
        var samples = waveform.Samples.ToArray();
        samples.AsSpan(1600, 80).Fill(0.9);
        Assert.Equal(0.5, SpeechActivity.Detect(new Waveform(samples, 16000)).LeadingSilence.TotalSeconds, 0.05);
    }

    [Fact]
    public void Detect_LittleSpeechInMuchNoise_IsFound()
    {
        var waveform = Add(Signals.Noise(16000, 60, 2e-3), time => time is > 40 and < 41 ? 0.1 * Math.Sin(2 * Math.PI * 200 * time) : 0);
        var segment = Assert.Single(SpeechActivity.Detect(waveform).Segments);
        Assert.Equal(40, segment.Start / 16000.0, 0.05);
        Assert.Equal(41, segment.End / 16000.0, 0.05);
    }

    [Fact]
    public void Detect_PaddingOfZeros_SaysNothingOfTheNoise()
    {
        var noisy = Bursts(16000, 20, seed: 3);
        var padded = new Waveform([.. new double[32000], .. noisy.Samples, .. new double[32000]], 16000);
        var activity = SpeechActivity.Detect(padded);
        Assert.Equal(20, activity.SignalToNoiseDb!.Value, 3.0);
        Assert.Equal(2.5, activity.LeadingSilence.TotalSeconds, 0.05);
        Assert.Equal(2.6, activity.TrailingSilence.TotalSeconds, 0.05);
    }

    [Fact]
    public void Detect_DigitalSilenceAround_IsInfinite()
    {
        var samples = new double[48000];
        Signals.Harmonic(150, 16000, 1).Samples.CopyTo(samples.AsSpan(16000));
        Assert.Equal(double.PositiveInfinity, SpeechActivity.Detect(new Waveform(samples, 16000)).SignalToNoiseDb);

        // An offset is no noise.
        Assert.Equal(
            double.PositiveInfinity,
            SpeechActivity.Detect(new Waveform([.. samples.Select(sample => sample + 0.1)], 16000)).SignalToNoiseDb
        );
    }

    [Fact]
    public void Detect_Silence_HasNoSpeech()
    {
        foreach (var waveform in (Waveform[])[new([], 16000), new(new double[16000], 16000), Signals.Generate(16000, 1, _ => 0.3)])
        {
            var activity = SpeechActivity.Detect(waveform);
            Assert.Empty(activity.Segments);
            Assert.Null(activity.SignalToNoiseDb);
            Assert.Equal((waveform.Duration, waveform.Duration), (activity.LeadingSilence, activity.TrailingSilence));
        }
    }

    [Fact]
    public void Detect_OneLevelThroughout_IsAllSpeech()
    {
        var activity = SpeechActivity.Detect(Signals.Noise(16000, 2));
        Assert.Equal([new SampleRange(0, 32000)], activity.Segments);
        Assert.Null(activity.SignalToNoiseDb);
        Assert.Equal((TimeSpan.Zero, TimeSpan.Zero), (activity.LeadingSilence, activity.TrailingSilence));
    }

    [Fact]
    public void Detect_OddSignals_KeepsSegmentsInOrderAndWithin()
    {
        var signals = Signals
            .OddNames.Select(row => Signals.Odd(row.Data))
            .Concat(Enumerable.Range(1, 120).Select(rate => Signals.Noise(rate, 7)));
        foreach (var waveform in signals.Append(new Waveform([1e300, -1e300, 0, 1], 8000)))
        {
            var end = 0L;
            foreach (var segment in SpeechActivity.Detect(waveform).Segments)
            {
                Assert.True(segment.Start >= end && segment.Length > 0 && segment.End <= waveform.Length);
                end = segment.End;
            }
        }
    }

    [Fact]
    public void Detect_ShippedSentences_HaveShortSilenceAround()
    {
        foreach (var path in AudioFile.In(TrainedVoice.SourceFolder).Concat(AudioFile.In(TrainedVoice.TargetFolder)))
        {
            var waveform = WaveFile.Read(path).Waveform;
            var activity = SpeechActivity.Detect(waveform);
            Assert.InRange(activity.LeadingSilence.TotalSeconds, 0.1, 0.35);
            Assert.InRange(activity.TrailingSilence.TotalSeconds, 0.05, 0.4);
            Assert.InRange(activity.SignalToNoiseDb!.Value, 20, 60);
        }
    }

    private static Waveform Bursts(int rate, double decibels, int seed)
    {
        // A harmonic burst of power 1 at four syllables a second, not all of the same level.
        var noise = Signals.Noise(rate, 4.5, 0.003, seed);
        var deviation = 0.003 * Math.Pow(10, decibels / 20);
        double Speech(double time) =>
            Math.Sqrt(2.0 / 3)
            * (Math.Sin(2 * Math.PI * 150 * time) + Math.Sin(2 * Math.PI * 300 * time) + Math.Sin(2 * Math.PI * 450 * time));
        double Envelope(double within) => Math.Sqrt(1 + (0.6 * Math.Sin(2 * Math.PI * 4 * within)));
        return Add(
            noise,
            time =>
            {
                var onset = Array.FindLast(Onsets, value => value <= time);
                return onset > 0 && time < onset + 0.8 ? deviation * Speech(time) * Envelope(time - onset) : 0;
            }
        );
    }

    private static Waveform Add(Waveform waveform, Func<double, double> value) =>
        new([.. waveform.Samples.ToArray().Select((sample, i) => sample + value((double)i / waveform.SampleRate))], waveform.SampleRate);
}
