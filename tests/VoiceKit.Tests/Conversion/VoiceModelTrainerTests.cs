using VoiceKit.Audio;
using VoiceKit.Conversion;
using VoiceKit.Features;
using VoiceKit.Files;
using VoiceKit.Numerics;
using VoiceKit.Pitch;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Conversion;

public class VoiceModelTrainerTests
{
    private static readonly TrainingOptions Quick = TrainedVoice.Options with { Iterations = 1, MixtureCount = 2 };

    [Fact]
    public void Train_SameSeed_IsTheSameBits()
    {
        using var folder = new ScratchFolder();
        var pairs = TrainedVoice.Shared.Training.Take(4).ToArray();
        foreach (var name in new[] { "a", "b" })
            VoiceModelFile.Write(folder[name], Train(pairs).Model);
        Assert.Equal(File.ReadAllBytes(folder["a"]), File.ReadAllBytes(folder["b"]));
        VoiceModelFile.Write(folder["c"], Train(pairs, Quick with { Seed = 1 }).Model);
        Assert.NotEqual(File.ReadAllBytes(folder["a"]), File.ReadAllBytes(folder["c"]));
    }

    [Fact]
    public void Train_GoodPairs_OnlySaysThatTheyAreFew()
    {
        var (model, warnings) = TrainedVoice.Shared.Result;
        Assert.StartsWith("8 sentences with 24 s of speech are few", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Equal("8", model.Description["sentences"]);
        Assert.InRange(TrainedVoice.Shared.Result.SpeechSeconds, 20, 28);
        Assert.Equal("4", model.Description["mixtures"]);
        Assert.Equal(16000, model.SampleRate);
        Assert.Equal((24, null), (model.Features.Order, model.Features.F0Range));
    }

    [Fact]
    public void Train_AnotherSentenceUnderTheSameName_IsLeftOutAndNamed()
    {
        var pairs = TrainedVoice.Shared.Training.ToArray();
        pairs[2] = pairs[2] with { Name = "wrong", Target = pairs[5].Target };
        var (model, warnings) = Train(pairs);
        Assert.Equal(2, warnings.Count);
        Assert.StartsWith("wrong: left out, the two recordings do not match", warnings[0], StringComparison.Ordinal);
        Assert.Equal("7", model.Description["sentences"]);
    }

    [Fact]
    public void Train_SilentRecording_IsLeftOutAndNamed()
    {
        var pairs = TrainedVoice.Shared.Training.Take(4).ToArray();
        var silence = new FeatureExtractor(Quick.Features with { F0Range = F0Range.Speech }).Extract(
            new Waveform(new double[16000], 16000)
        );
        pairs[1] = pairs[1] with { Name = "quiet", Source = silence };
        var (model, warnings) = Train(pairs);
        Assert.Equal(2, warnings.Count);
        Assert.StartsWith("quiet: left out", warnings[0], StringComparison.Ordinal);
        Assert.Equal("3", model.Description["sentences"]);
    }

    [Fact]
    public void Train_TwoPairs_Works()
    {
        var trained = Train([.. TrainedVoice.Shared.Training.Take(2)], Quick with { MixtureCount = null });
        var pair = TrainedVoice.Shared.HeldOut[0];
        Assert.All(
            new VoiceConverter(trained.Model).Convert(pair.Source).MelCepstrum.Values.ToArray(),
            value => Assert.True(double.IsFinite(value))
        );
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Train_TooFewPairs_SaysHowManyAreNeeded(int count)
    {
        var exception = Assert.Throws<UnusableDataException>(() => Train([.. TrainedVoice.Shared.Training.Take(count)]));
        Assert.Contains($"at least two sentences by both speakers; {count}", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_SameRecordingsTwice_IsRefused()
    {
        var pairs = TrainedVoice.Shared.Training.Take(3).Select(pair => pair with { Target = pair.Source }).ToArray();
        Assert.Contains("the same", Assert.Throws<UnusableDataException>(() => Train(pairs)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_SameRecordingsAtAnotherLevel_IsRefused()
    {
        // A copy that was made louder and rounded anew is still no second speaker.
        var extractor = new FeatureExtractor(Quick.Features with { F0Range = TrainedVoice.Shared.SourceRange });
        var names = TrainedVoice.Shared.Training.Take(3).Select(pair => pair.Name).ToArray();
        var pairs = names
            .Select(name =>
            {
                var waveform = AudioFile.Read(Path.Combine(TrainedVoice.SourceFolder, name + ".wav")).Waveform;
                var louder = new Waveform(
                    [.. waveform.Samples.ToArray().Select(sample => Math.Round(0.7 * sample * 32768) / 32768)],
                    waveform.SampleRate
                );
                return new UtterancePair(name, extractor.Extract(waveform), extractor.Extract(louder));
            })
            .ToArray();
        Assert.Contains("the same", Assert.Throws<UnusableDataException>(() => Train(pairs)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_Progress_RisesToOne()
    {
        List<double> fractions = [];
        new VoiceModelTrainer(Quick, new SynchronousProgress<TrainingProgress>(step => fractions.Add(step.Fraction))).Train(
            [.. TrainedVoice.Shared.Training.Take(3)],
            TrainedVoice.Shared.SourceRange,
            TrainedVoice.Shared.TargetRange
        );
        Assert.Equal(fractions.Order(), fractions);
        Assert.Equal(1, fractions[^1]);
    }

    [Fact]
    public void Train_Cancelled_Ends()
    {
        using var cancellation = new CancellationTokenSource();
        var trainer = new VoiceModelTrainer(Quick, new SynchronousProgress<TrainingProgress>(_ => cancellation.Cancel()));
        Assert.ThrowsAny<OperationCanceledException>(() =>
            trainer.Train(
                [.. TrainedVoice.Shared.Training.Take(2)],
                TrainedVoice.Shared.SourceRange,
                TrainedVoice.Shared.TargetRange,
                cancellation.Token
            )
        );
    }

    private static TrainingResult Train(IReadOnlyList<UtterancePair> pairs, TrainingOptions? options = null) =>
        new VoiceModelTrainer(options ?? Quick).Train(pairs, TrainedVoice.Shared.SourceRange, TrainedVoice.Shared.TargetRange);
}
