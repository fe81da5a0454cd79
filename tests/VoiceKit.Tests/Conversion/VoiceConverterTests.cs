using VoiceKit.Audio;
using VoiceKit.Conversion;
using VoiceKit.Evaluation;
using VoiceKit.Features;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Conversion;

public class VoiceConverterTests
{
    private static readonly FeatureExtractor SourceExtractor = new(
        TrainedVoice.Shared.Model.Features with
        {
            F0Range = TrainedVoice.Shared.SourceRange,
        }
    );

    public static TheoryData<string, double[]> OddInputs =>
        new()
        {
            { "silence", new double[8000] },
            { "10 ms", [.. Enumerable.Range(0, 160).Select(i => 0.3 * Math.Sin(0.08 * i))] },
            { "one sample", [0.5] },
            { "white noise", [.. SmallModels.Normal(8000, 1, 40).Values.ToArray().Select(value => 0.1 * value)] },
            { "faint noise", [.. SmallModels.Normal(8000, 1, 41).Values.ToArray().Select(value => 1e-6 * value)] },
            { "an impulse", [.. Enumerable.Range(0, 4000).Select(i => i == 2000 ? 0.9 : 0)] },
            { "a constant", [.. Enumerable.Repeat(0.5, 4000)] },
        };

    [Fact]
    public void Evaluate_HeldOutSentences_KeepsTheRegressionBounds()
    {
        // Bounds of this small model on this easy corpus, as a tripwire: they say nothing of real speech.
        var scores = ModelEvaluation
            .Evaluate(TrainedVoice.Shared.Model, TrainedVoice.Shared.HeldOut)
            .ToDictionary(summary => summary.Method);
        Assert.InRange(scores["unconverted"].MelCepstralDistortion.Mean, 9, 13);
        Assert.InRange(scores["trajectory"].MelCepstralDistortion.Mean, 3, 5.5);
        Assert.InRange(scores["frame"].MelCepstralDistortion.Mean, 3, 5.6);
        Assert.InRange(scores["trajectory_gv"].GlobalVarianceRatio, 0.8, 1.2);
        Assert.InRange(scores["trajectory_gv_gradient"].GlobalVarianceRatio, 0.8, 1.2);
        Assert.InRange(scores["frame_gv"].GlobalVarianceRatio, 0.8, 1.2);
        Assert.True(scores["trajectory"].GlobalVarianceRatio < 0.95, "Plain trajectories should have lost variance.");
        Assert.True(scores["trajectory"].LogF0Rmse.Mean < 0.5 * scores["unconverted"].LogF0Rmse.Mean, "F0 should have come nearer.");
    }

    [Fact]
    public void Convert_HeldOutSentence_SoundsLikeTheTargetAfterAnalysis()
    {
        // What counts is the waveform: analysed again, it must still be near the target.
        var voice = TrainedVoice.Shared;
        var converted = new VoiceConverter(voice.Model).Convert(voice.HeldOutSource[0]);
        var features = new FeatureExtractor(voice.Model.Features with { F0Range = voice.TargetRange }).Extract(converted);
        var score = ModelEvaluation.Unchanged("wav", [new UtterancePair("wav", features, voice.HeldOut[0].Target)]);
        Assert.InRange(score.MelCepstralDistortion.Mean, 3, 6.5);
        Assert.InRange(score.VoicingError.Mean, 0, 0.25);
    }

    [Fact]
    public void Convert_SameInput_IsTheSameBits()
    {
        var source = Piece();
        var first = new VoiceConverter(TrainedVoice.Shared.Model).Convert(source);
        var second = new VoiceConverter(TrainedVoice.Shared.Model).Convert(source);
        Assert.Equal(first.Samples.ToArray(), second.Samples.ToArray());
    }

    [Fact]
    public void Convert_ManyAtOnce_IsTheSameAsOneByOne()
    {
        var converter = new VoiceConverter(TrainedVoice.Shared.Model);
        var expected = converter.Convert(Piece()).Samples.ToArray();
        var results = Enumerable.Range(0, 4).AsParallel().Select(_ => converter.Convert(Piece()).Samples.ToArray()).ToArray();
        Assert.All(results, actual => Assert.Equal(expected, actual));
    }

    [Theory]
    [InlineData(16000)]
    [InlineData(16001)]
    [InlineData(16079)]
    public void Convert_AnyLength_IsAsLongAsTheSource(int length)
    {
        var converted = new VoiceConverter(TrainedVoice.Shared.Model).Convert(Piece(length));
        Assert.Equal((length, 16000), (converted.Length, converted.SampleRate));
    }

    [Theory]
    [InlineData(8000)]
    [InlineData(44100)]
    public void Convert_AnotherSampleRate_IsResampledToTheModels(int sampleRate)
    {
        var source = Resampler.Resample(Piece(), sampleRate);
        var converted = new VoiceConverter(TrainedVoice.Shared.Model).Convert(source);
        Assert.Equal(16000, converted.SampleRate);
        Assert.InRange(Math.Abs(converted.Duration.TotalSeconds - source.Duration.TotalSeconds), 0, 2.0 / 16000);
        Assert.InRange(LevelDifference(converted, source), -3, 3);
    }

    [Theory]
    [MemberData(nameof(OddInputs))]
    public void Convert_OddInput_IsFiniteAndAsLong(string what, double[] samples)
    {
        foreach (
            var options in new ConversionOptions[]
            {
                new(),
                new() { Mapping = SpectralMapping.Frame },
                new() { GlobalVariance = GlobalVarianceMethod.Gradient },
                new() { Synthesis = ConversionSynthesis.Filter, F0 = F0ConversionKind.None },
            }
        )
        {
            var converted = new VoiceConverter(TrainedVoice.Shared.Model, options).Convert(new Waveform(samples, 16000));
            Assert.True(converted.Length == samples.Length, $"{what}: {converted.Length} samples instead of {samples.Length}.");
            var peak = converted.Samples.ToArray().Max(Math.Abs);
            Assert.True(peak < 4, $"{what}, {options}: the peak is {peak}.");
        }
    }

    [Fact]
    public void Convert_Silence_StaysSilent()
    {
        var converted = new VoiceConverter(TrainedVoice.Shared.Model).Convert(new Waveform(new double[8000], 16000));
        Assert.True(SignalCheck.Inspect(converted).IsSilent);
    }

    [Fact]
    public void Convert_WhiteNoise_StaysUnvoicedAndKeepsItsLevel()
    {
        var noise = new Waveform([.. SmallModels.Normal(16000, 1, 42).Values.ToArray().Select(value => 0.1 * value)], 16000);
        Assert.InRange(LevelDifference(new VoiceConverter(TrainedVoice.Shared.Model).Convert(noise), noise), -3, 3);
    }

    [Fact]
    public void Convert_Sentences_KeepTheirLevels()
    {
        var converter = new VoiceConverter(TrainedVoice.Shared.Model);
        foreach (var source in TrainedVoice.Shared.HeldOutSource)
            Assert.InRange(LevelDifference(converter.Convert(source), source), -1, 1);
    }

    [Fact]
    public void Convert_WithoutLevels_KeepsEveryFramesLevel()
    {
        var source = TrainedVoice.Shared.HeldOut[0].Source;
        var options = new ConversionOptions { Refinements = Refinements.All & ~Refinements.Levels };
        var converted = new VoiceConverter(TrainedVoice.Shared.Model, options).Convert(source);
        var (expected, actual) = (source.Levels(), converted.Levels());
        for (var t = 0; t < expected.Length; t++)
            Assert.Equal(expected[t], actual[t], 6);
    }

    [Fact]
    public void Convert_Levels_BringsTheBandsNearerToTheTargets()
    {
        double Error(Refinements refinements)
        {
            var converter = new VoiceConverter(TrainedVoice.Shared.Model, new ConversionOptions { Refinements = refinements });
            return TrainedVoice.Shared.HeldOut.Average(pair =>
                UtteranceScore.Measure(pair.Name, converter.Convert(pair.Source), pair.Source.Levels(), pair.Target).BandLevelError
            );
        }

        var (with, without) = (Error(Refinements.All), Error(Refinements.All & ~Refinements.Levels));
        Assert.True(with < without, $"The bands are {without} dB off without mapped levels, {with} dB with them.");
    }

    [Fact]
    public void Convert_Movement_BringsTheModulationSpectrumNearerToTheTargets()
    {
        ScoreSummary Score(Refinements refinements) =>
            new(
                "",
                [
                    .. TrainedVoice.Shared.HeldOut.Select(pair =>
                        UtteranceScore.Measure(
                            pair.Name,
                            new VoiceConverter(TrainedVoice.Shared.Model, new ConversionOptions { Refinements = refinements }).Convert(
                                pair.Source
                            ),
                            pair.Source.Levels(),
                            pair.Target
                        )
                    ),
                ]
            );
        var (with, without) = (Score(Refinements.All), Score(Refinements.All & ~Refinements.Movement));
        Assert.True(
            with.ModulationDistance.Mean < without.ModulationDistance.Mean - 0.3,
            $"{without.ModulationDistance.Mean} dB became {with.ModulationDistance.Mean} dB."
        );
        Assert.InRange(with.GlobalVarianceRatio, 0.8, 1.2);
    }

    [Fact]
    public void Convert_FeaturesWithDetail_KeepsItInTheTargetsManner()
    {
        var voice = TrainedVoice.Shared;
        var options = voice.Model.Features.WithDetail(16000) with { F0Range = voice.SourceRange };
        var source = new FeatureExtractor(options).Extract(voice.HeldOutSource[0]);
        Assert.Equal(60, source.Order);
        var converted = new VoiceConverter(voice.Model).Convert(source);
        Assert.Equal(60, converted.Order);
        Assert.Equal(24, new VoiceConverter(voice.Model, new ConversionOptions { Refinements = Refinements.None }).Convert(source).Order);
        var loudest = Array.IndexOf(source.Levels(), source.Levels().Max());
        var detail = voice.Model.Detail!;
        for (var d = 0; d < detail.Count; d++)
        {
            var ratio = detail.TargetDeviation[d] / detail.SourceDeviation[d];
            var expected = detail.TargetMean[d] + (ratio * (source.MelCepstrum[loudest][25 + d] - detail.SourceMean[d]));
            Assert.Equal(expected, converted.MelCepstrum[loudest][25 + d], 12);
        }
    }

    [Fact]
    public void Convert_Pauses_KeepTheSourcesSpectrum()
    {
        // Half a second of a faint, steady hum and noise before the sentence: a room, not a sound of the source's voice.
        var voice = TrainedVoice.Shared;
        var noise = SmallModels.Normal(8000, 1, 43).Values.ToArray();
        var room = Enumerable.Range(0, 8000).Select(i => 2e-4 * (noise[i] - (i > 0 ? 0.9 * noise[i - 1] : 0)));
        var input = new Waveform([.. room, .. voice.HeldOutSource[0].Samples], 16000);
        var features = SourceExtractor.Extract(input);
        var converted = new VoiceConverter(voice.Model).Convert(features);
        for (var t = 10; t < 80; t++)
        {
            for (var m = 0; m <= 24; m++)
                Assert.Equal(features.MelCepstrum[t][m], converted.MelCepstrum[t][m], 9);
        }
    }

    [Fact]
    public void Convert_ModelOfBefore_StillConverts()
    {
        var old = TrainedVoice.Shared.Model with { Detail = null, Movement = null, Levels = null };
        var converted = new VoiceConverter(old).Convert(TrainedVoice.Shared.HeldOut[0].Source);
        var plain = new VoiceConverter(TrainedVoice.Shared.Model, new ConversionOptions { Refinements = Refinements.Pauses }).Convert(
            TrainedVoice.Shared.HeldOut[0].Source
        );
        Assert.Equal(plain.MelCepstrum.Values.ToArray(), converted.MelCepstrum.Values.ToArray());
    }

    [Fact]
    public void Convert_Differential_KeepsF0AndLevel()
    {
        var source = TrainedVoice.Shared.HeldOutSource[0];
        var options = new ConversionOptions { Synthesis = ConversionSynthesis.Filter, F0 = F0ConversionKind.None };
        var converted = new VoiceConverter(TrainedVoice.Shared.Model, options).Convert(source);
        Assert.Equal(source.Length, converted.Length);
        Assert.InRange(LevelDifference(converted, source), -1, 1);
        var (before, after) = (SourceExtractor.Extract(source), SourceExtractor.Extract(converted));
        var ratios = Enumerable
            .Range(0, before.Count)
            .Where(t => before.F0[t] > 0 && after.F0[t] > 0)
            .Select(t => after.F0[t] / before.F0[t])
            .Order()
            .ToArray();
        Assert.True(ratios.Length > 0.8 * before.F0.VoicedCount);
        Assert.InRange(ratios[ratios.Length / 2], 0.995, 1.005);
        Assert.InRange(ratios[ratios.Length / 20], 0.9, 1);

        // And the spectrum did move: the filtered recording is nearer to the target than the source was.
        var target = TrainedVoice.Shared.HeldOut[0].Target;
        double Distortion(SpeechFeatures features) =>
            ModelEvaluation.Unchanged("", [new UtterancePair("", features, target)]).MelCepstralDistortion.Mean;
        Assert.True(Distortion(after) < Distortion(before) - 2, $"{Distortion(before)} dB became {Distortion(after)} dB.");
    }

    [Fact]
    public void Convert_Filter_MovesF0InTheSourcesWaveform()
    {
        var voice = TrainedVoice.Shared;
        var source = voice.HeldOutSource[0];
        var converter = new VoiceConverter(voice.Model, new ConversionOptions { Synthesis = ConversionSynthesis.Filter });
        var converted = converter.Convert(source);
        Assert.Equal(source.Length, converted.Length);
        Assert.InRange(LevelDifference(converted, source), -1, 1);
        var features = new FeatureExtractor(voice.Model.Features with { F0Range = voice.TargetRange }).Extract(converted);
        var score = ModelEvaluation.Unchanged("wav", [new UtterancePair("wav", features, voice.HeldOut[0].Target)]);
        Assert.InRange(score.MelCepstralDistortion.Mean, 3, 7);
        Assert.InRange(score.LogF0Rmse.Mean, 0, 0.25);
    }

    [Theory]
    [InlineData(ConversionSynthesis.Auto, 0, false)]
    [InlineData(ConversionSynthesis.Auto, 8, true)]
    [InlineData(ConversionSynthesis.Filter, 0, true)]
    [InlineData(ConversionSynthesis.Vocoder, 8, false)]
    public void UsesFilter_Auto_WhereTheVoicesAreNear(ConversionSynthesis synthesis, double transpose, bool expected)
    {
        // The model's target is 8 semitones lower than its source.
        var options = new ConversionOptions { Synthesis = synthesis, Transpose = transpose };
        Assert.Equal(expected, new VoiceConverter(TrainedVoice.Shared.Model, options).UsesFilter);
    }

    [Fact]
    public void Convert_F0None_KeepsTheSourcesF0()
    {
        var source = TrainedVoice.Shared.HeldOut[0].Source;
        var converted = new VoiceConverter(
            TrainedVoice.Shared.Model,
            new ConversionOptions { F0 = F0ConversionKind.None, MapAperiodicity = false }
        ).Convert(source);
        Assert.Equal(source.F0.Values.ToArray(), converted.F0.Values.ToArray());
        Assert.Same(source.Aperiodicity, converted.Aperiodicity);
    }

    [Fact]
    public void Convert_FeaturesOfAnotherOrder_SaysWhichItNeeds()
    {
        var features = new FeatureExtractor(new FeatureOptions { Order = 12, F0Method = F0Method.Dio }).Extract(Piece());
        var message = Assert.Throws<ArgumentException>(() => new VoiceConverter(TrainedVoice.Shared.Model).Convert(features)).Message;
        Assert.Contains("order 12", message, StringComparison.Ordinal);
        Assert.Contains("order 24", message, StringComparison.Ordinal);
    }

    /// <summary>The start of a sentence.</summary>
    private static Waveform Piece(int length = 16000) =>
        new(TrainedVoice.Shared.HeldOutSource[1].Samples[8000..(8000 + length)].ToArray(), 16000);

    private static double LevelDifference(Waveform a, Waveform b) => SignalCheck.Inspect(a).LevelDb - SignalCheck.Inspect(b).LevelDb;
}
