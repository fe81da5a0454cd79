using VoiceKit.Conversion;
using VoiceKit.Features;
using VoiceKit.Numerics;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Conversion;

/// <summary>What is done for natural sound: detail, movement, levels.</summary>
public class RefinementTests
{
    private static readonly TimeSpan FramePeriod = TimeSpan.FromMilliseconds(5);

    [Fact]
    public void Detail_OfTheSource_GetsTheTargetsMeanAndDeviation()
    {
        var detail = new SpectralDetail([1, 0], [0.5, 1], [3, 0], [1, 10]);
        var converted = new double[2];
        detail.Convert([1.5, 1], converted);

        // One deviation above the mean stays one deviation above it; a ratio of deviations beyond 3 is noise.
        Assert.Equal([4, 3], converted);
    }

    [Fact]
    public void Detail_BadStatistics_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => new SpectralDetail([1], [0], [1], [1]));
        Assert.Throws<ArgumentException>(() => new SpectralDetail([1], [1], [1], [double.NaN]));
        Assert.Throws<ArgumentException>(() => new SpectralDetail([1, 2], [1], [1], [1]));
    }

    [Fact]
    public void Train_FeaturesOfTheModelsOrder_HaveNoDetail()
    {
        UtterancePair[] pairs =
        [
            .. TrainedVoice.Shared.Training.Select(pair => new UtterancePair(
                pair.Name,
                pair.Source.WithOrder(24),
                pair.Target.WithOrder(24)
            )),
        ];
        var model = new VoiceModelTrainer(TrainedVoice.Options)
            .Train(pairs, TrainedVoice.Shared.SourceRange, TrainedVoice.Shared.TargetRange)
            .Model;
        Assert.Null(model.Detail);

        // The order that is mapped is the same, so the mapping is.
        Assert.Equal(TrainedVoice.Shared.Model.Spectrum.Joint.Means.Values.ToArray(), model.Spectrum.Joint.Means.Values.ToArray());
        Assert.Equal(TrainedVoice.Shared.Model.Movement!.Gains.Values.ToArray(), model.Movement!.Gains.Values.ToArray());
    }

    [Fact]
    public void WithOrder_Lower_IsTheAnalysisOfThatOrder()
    {
        var waveform = TrainedVoice.Shared.HeldOutSource[0];
        SpeechFeatures Of(int order) => new FeatureExtractor(TrainedVoice.Options.Features with { Order = order }).Extract(waveform);
        Assert.Equal(Of(24).MelCepstrum.Values.ToArray(), Of(60).WithOrder(24).MelCepstrum.Values.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => Of(24).WithOrder(25));
    }

    [Theory]
    [InlineData(2, 0, 0.02)]
    [InlineData(40, 0.45, 0.51)]
    public void Movement_OfTheSource_IsTakenByHalfWhereItIsFast(double hertz, double least, double most)
    {
        var (still, moving) = (new FrameBuffer(400, 1), new FrameBuffer(400, 1));
        for (var t = 0; t < 400; t++)
            moving[t][0] = Math.Sin(2 * Math.PI * hertz * t * FramePeriod.TotalSeconds);
        var result = Filter(1).Apply(still, moving, FramePeriod);
        Assert.InRange(result.Column(0)[100..300].Max(), least, most);
    }

    [Fact]
    public void Movement_GainOfTwo_DoublesItAboutItsMean()
    {
        var frames = new FrameBuffer(300, 1);
        for (var t = 0; t < 300; t++)
            frames[t][0] = 5 + Math.Sin(2 * Math.PI * t / 30);
        var result = Filter(2).Apply(frames, frames, FramePeriod);
        for (var t = 40; t < 260; t++)
            Assert.Equal(5 + (2 * (frames[t][0] - 5)), result[t][0], 1e-6);
    }

    [Fact]
    public void Movement_OtherShapeOrGain_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new MovementFilter(new FrameBuffer(2, 5)));
        Assert.Throws<ArgumentException>(() => Filter(2.1));
        Assert.Throws<ArgumentException>(() => Filter(1).Apply(new FrameBuffer(3, 1), new FrameBuffer(4, 1), FramePeriod));
        Assert.Throws<ArgumentException>(() => Filter(1).Apply(new FrameBuffer(3, 2), new FrameBuffer(3, 2), FramePeriod));
        Assert.Equal(0, Filter(1).Apply(new FrameBuffer(0, 1), new FrameBuffer(0, 1), FramePeriod).Count);
    }

    [Fact]
    public void Levels_Smooth_FollowThePosteriors()
    {
        var posteriors = new FrameBuffer(40, 2);
        for (var t = 0; t < 40; t++)
            posteriors[t][t < 20 ? 0 : 1] = 1;
        var levels = new LevelMapping([6, -2]).Of(posteriors);
        Assert.Equal((6.0, -2.0), (levels[10], levels[30]));
        Assert.Equal(4.0 / 7 * 6 - (3.0 / 7 * 2), levels[19], 12);
        Assert.Throws<ArgumentException>(() => new LevelMapping([30]));
        Assert.Throws<ArgumentException>(() => new LevelMapping([double.NaN]));
    }

    private static MovementFilter Filter(double gain) =>
        new(new Frames(1, MovementFilter.Bins, [.. Enumerable.Repeat(gain, MovementFilter.Bins)]));
}
