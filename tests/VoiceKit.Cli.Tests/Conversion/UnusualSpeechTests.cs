using VoiceKit.Audio;
using VoiceKit.Conversion;
using VoiceKit.Features;
using VoiceKit.Pitch;
using VoiceKit.Synthesis;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Conversion;

/// <summary>Speech that is not as it was in training: with an offset, higher, lower.</summary>
public class UnusualSpeechTests
{
    private static VoiceModel Model => TrainedVoice.Shared.Model;

    private static Waveform Sentence => TrainedVoice.Shared.HeldOutSource[0];

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.2, Traits = [SlowTests.Category, SlowTests.Slow])]
    [InlineData(-0.1, Traits = [SlowTests.Category, SlowTests.Slow])]
    public void Level_RecordingWithAnOffset_IsThatOfTheSoundAlone(double offset)
    {
        var shifted = new Waveform([.. Sentence.Samples.ToArray().Select(sample => sample + offset)], Sentence.SampleRate);
        var level = SignalCheck.Inspect(Sentence.WithoutOffset(Sentence.DcOffset)).LevelDb;
        Assert.Equal(level, SignalCheck.Inspect(shifted).LevelDb, 1e-6);
        var extractor = new FeatureExtractor(Model.Features);
        Assert.Equal(
            SignalCheck.Inspect(Vocoder.Synthesize(extractor.Extract(Sentence))).LevelDb,
            SignalCheck.Inspect(Vocoder.Synthesize(extractor.Extract(shifted))).LevelDb,
            0.01
        );
        Assert.Equal(
            SignalCheck.Inspect(Vocoder.Synthesize(extractor.Analyze(Sentence))).LevelDb,
            SignalCheck.Inspect(Vocoder.Synthesize(extractor.Analyze(shifted))).LevelDb,
            0.01
        );
        foreach (var options in (ConversionOptions[])[new(), new() { Synthesis = ConversionSynthesis.Filter, F0 = F0ConversionKind.None }])
        {
            var (plain, odd) = (new VoiceConverter(Model, options).Convert(Sentence), new VoiceConverter(Model, options).Convert(shifted));
            Assert.Equal(SignalCheck.Inspect(plain).LevelDb, SignalCheck.Inspect(odd).LevelDb, 0.05);
            Assert.Equal(0, odd.DcOffset, 1e-3);
        }
    }

    [Fact]
    public void IsSilent_ConstantSamples_WhateverTheirValue()
    {
        Assert.True(SignalCheck.Inspect(new Waveform([.. Enumerable.Repeat(0.3, 1000)], 16000)).IsSilent);
        Assert.False(SignalCheck.Inspect(Signals.Harmonic(150, 16000, 0.1)).IsSilent);
    }

    [Theory]
    [InlineData(7, true)]
    [InlineData(0, false)]
    [InlineData(-6, true, Traits = [SlowTests.Category, SlowTests.Slow])]
    public void Convert_SpeakerHigherOrLowerThanInTraining_StaysVoicedAndIsSaid(double semitones, bool isSaid)
    {
        var features = new FeatureExtractor(Model.Features).Extract(Sentence);
        var moved = Vocoder.Synthesize(features.WithF0(Model.F0.Convert(features.F0, F0ConversionKind.None, semitones)));
        var range = new VoiceConverter(Model).RangeFor(AudioReader.Of(moved));
        Assert.True(range.Floor <= Model.SourceRange.Floor && range.Ceiling >= Model.SourceRange.Ceiling);
        var spool = new List<double>();
        var warnings = new VoiceConverter(Model).Convert(AudioReader.Of(moved), block => spool.AddRange(block));
        Assert.Equal(isSaid, warnings.Any(warning => warning.StartsWith("the median F0 is", StringComparison.Ordinal)));

        // F0 follows the model's line, also beyond the range of training.
        var expected = Model.F0.Convert(Model.F0.Convert(features.F0, F0ConversionKind.None, semitones), F0ConversionKind.Fitted);
        var converted = new FeatureExtractor(new FeatureOptions { F0Method = F0Method.Dio }).Extract(new Waveform([.. spool], 16000));
        Assert.InRange(converted.F0.VoicedCount / (double)features.F0.VoicedCount, 0.85, 1.15);
        Assert.InRange(Math.Log2(Median(converted.F0) / Median(expected)), -0.08, 0.08);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(300)]
    public void Convert_VowelBeyondTheTrainedRange_IsFoundAtItsOwnF0(double f0)
    {
        var vowel = Tones.PulseTrain(f0, 16000, 2);
        var range = new VoiceConverter(Model).RangeFor(AudioReader.Of(vowel));
        var contour = new FeatureExtractor(Model.Features with { F0Range = range }).Extract(vowel).F0;
        Assert.True(contour.VoicedCount > 0.9 * contour.Count);
        Assert.Equal(f0, Median(contour), 0.02 * f0);
    }

    [Theory]
    [InlineData(12, 2)]
    [InlineData(-5, 0.7491535)]
    public void Convert_Transpose_RaisesF0ByAFactor(double semitones, double factor)
    {
        var converter = new VoiceConverter(Model, new ConversionOptions { Transpose = semitones });
        var features = new FeatureExtractor(Model.Features).Extract(Sentence);
        var (plain, moved) = (new VoiceConverter(Model).Convert(features).F0, converter.Convert(features).F0);
        for (var t = 0; t < plain.Count; t++)
            Assert.Equal(plain[t] * factor, moved[t], 1e-4);
        Assert.Throws<ArgumentOutOfRangeException>(() => new VoiceConverter(Model, new ConversionOptions { Transpose = double.NaN }));
        using var folder = new VoiceFolder();
        var speech = folder.Speech("a.wav");
        CommandRun.InProcess("convert", speech, "-m", folder.Model, "-o", folder["moved.wav"], "--transpose", "12").Ended(0);
        CommandRun.InProcess("convert", speech, "-m", folder.Model, "-o", folder["plain.wav"]).Ended(0);
        Assert.NotEqual(File.ReadAllBytes(folder["plain.wav"]), File.ReadAllBytes(folder["moved.wav"]));
        Assert.Contains(
            "--transpose 99",
            CommandRun.InProcess("convert", speech, "-m", folder.Model, "-o", folder["o.wav"], "--transpose", "99").Refused(2),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "--transpose",
            CommandRun
                .InProcess("convert", speech, "-m", folder.Model, "-o", folder["o.wav"], "--differential", "--transpose", "1")
                .Refused(2),
            StringComparison.Ordinal
        );
    }

    private static double Median(F0Contour contour) => contour.Values.ToArray().Where(f0 => f0 > 0).Quantile(0.5);
}
