using VoiceKit.Audio;
using VoiceKit.Conversion;
using VoiceKit.Evaluation;
using VoiceKit.Features;
using VoiceKit.Files;
using VoiceKit.Pitch;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Conversion;

/// <summary>Pairs that are none, and speech that is too little, are told from those that can be used.</summary>
public class PairingTests
{
    private static readonly UtterancePair[] Pairs = [.. TrainedVoice.Shared.Training];

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(8)]
    public void Train_DifferentSentencesUnderEqualNames_AreRefused(int count)
    {
        UtterancePair[] wrong = [.. Pairs.Take(count).Select((pair, i) => pair with { Target = Pairs[(i + 3) % Pairs.Length].Target })];
        var exception = Assert.Throws<UnusableDataException>(() => Train(wrong));
        Assert.Contains("not the same sentences", exception.Message, StringComparison.Ordinal);
        Assert.InRange(PairingCheck.Measure([.. wrong.Select(pair => new AlignedPair(pair))]).Ratio, 0.94, 1.15);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(8)]
    public void Measure_SameSentences_IsFarBelowChance(int count)
    {
        var check = PairingCheck.Measure([.. Pairs.Take(count).Select(pair => new AlignedPair(pair))]);
        Assert.InRange(check.Ratio, 0.6, 0.87);
        Assert.Empty(check.Doubtful);
    }

    [Fact]
    public void Train_HalfTheSentencesDifferent_LeavesThoseOut()
    {
        UtterancePair[] mixed =
        [
            .. Pairs.Select((pair, i) => i < 4 ? pair with { Name = $"wrong{i}", Target = Pairs[(i + 4) % 8].Target } : pair),
        ];
        var result = Train(mixed);
        Assert.Equal(
            4,
            result.Warnings.Count(warning =>
                warning.StartsWith("wrong", StringComparison.Ordinal) && warning.Contains("left out", StringComparison.Ordinal)
            )
        );
        Assert.Equal("4", result.Model.Description["sentences"]);
    }

    [Fact]
    public void Train_LessThanFiveSecondsOfSpeech_IsRefusedWithTheSeconds()
    {
        var extractor = new FeatureExtractor(TrainedVoice.Options.Features with { F0Range = new F0Range(60, 500) });
        UtterancePair[] short60 =
        [
            .. Enumerable
                .Range(0, 4)
                .Select(i =>
                {
                    var (source, target) = TrainedVoice.Shared.HeldOutFiles.Read(16000);
                    Waveform Piece(Waveform waveform) => new(waveform.Samples.Slice(8000 + (1000 * i), 960).ToArray(), 16000);
                    return new UtterancePair($"{i}", extractor.Extract(Piece(source[0])), extractor.Extract(Piece(target[0])));
                }),
        ];
        var exception = Assert.Throws<UnusableDataException>(() => Train(short60));
        Assert.Matches(@"the 4 pairs hold 0\.[0-9] s of speech, which is too little", exception.Message);
    }

    [Fact]
    public void Evaluate_SilentRecordingAndAnotherSentence_AreLeftOutAndSaid()
    {
        var silence = new FeatureExtractor(TrainedVoice.Options.Features with { F0Range = F0Range.Speech }).Extract(
            new Waveform(new double[16000], 16000)
        );
        UtterancePair[] pairs = [.. Pairs.Take(6), new("quiet", silence, Pairs[6].Target), new("other", Pairs[6].Source, Pairs[0].Target)];
        var (kept, leftOut) = ModelEvaluation.Screen(pairs, TrainedVoice.Shared.Model);
        Assert.Equal(Pairs.Take(6).Select(pair => pair.Name), kept.Select(pair => pair.Name));
        Assert.Equal(2, leftOut.Count);
        Assert.StartsWith("quiet: left out", leftOut[0], StringComparison.Ordinal);
        Assert.StartsWith("other: left out", leftOut[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_ConvertedSentenceThatIsFarFromItsTarget_CountsAndIsSaid()
    {
        // Leaving out what was converted worst would make any conversion look good.
        var silence = new FeatureExtractor(TrainedVoice.Options.Features with { F0Range = F0Range.Speech }).Extract(
            new Waveform(new double[16000], 16000)
        );
        UtterancePair[] same = [.. Pairs.Take(6).Select(pair => new UtterancePair(pair.Name, pair.Target, pair.Target))];
        UtterancePair[] pairs = [.. same, new("quiet", silence, Pairs[6].Target), new("bad", Pairs[6].Source, Pairs[6].Target)];
        var (kept, leftOut, warnings) = ModelEvaluation.ScreenConverted(pairs);
        Assert.Equal([.. same.Select(pair => pair.Name), "bad"], kept.Select(pair => pair.Name));
        Assert.StartsWith("quiet: left out", Assert.Single(leftOut), StringComparison.Ordinal);
        Assert.StartsWith("bad: ", Assert.Single(warnings), StringComparison.Ordinal);
    }

    private static TrainingResult Train(UtterancePair[] pairs) =>
        new VoiceModelTrainer(TrainedVoice.Options).Train(pairs, TrainedVoice.Shared.SourceRange, TrainedVoice.Shared.TargetRange);
}
