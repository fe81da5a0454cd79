using VoiceKit.Devices;
using VoiceKit.Files;
using VoiceKit.Music;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Music;

public class MusicTrainerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Step_SameSeedAndAnyThreads_GivesTheSameBits(int threads)
    {
        using CpuDevice device = new(1),
            other = new(threads);
        using MusicTrainer trainer = new(device, SmallMusic.Options, SmallMusic.Windows),
            again = new(other, SmallMusic.Options, SmallMusic.Windows);
        for (var step = 0; step < 5; step++)
            Assert.Equal(Step(trainer), Step(again));
        Assert.Equal((5, 5), (trainer.StepsDone, again.StepsDone));
        SmallMusic.SameBits(trainer.SaveState(), again.SaveState());
        SmallMusic.SameBits(Averages(trainer), Averages(again));
        Assert.All(
            trainer.SaveState(),
            item => Assert.All(item.Value.Values.ToArray(), value => Assert.True(double.IsFinite(value), item.Key))
        );
    }

    [Fact]
    public void Step_OtherSeed_GivesOtherBits()
    {
        using var device = new CpuDevice(1);
        using MusicTrainer trainer = new(device, SmallMusic.Options, SmallMusic.Windows),
            other = new(device, SmallMusic.Options with { Seed = 2 }, SmallMusic.Windows);
        Assert.NotEqual(Step(trainer), Step(other));
    }

    [Fact]
    public void RestoreState_AnyStep_GoesOnWithTheSameBits()
    {
        // Even and odd: one goes on with the gradient penalty, the other without.
        foreach (var stop in (int[])[3, 4])
        {
            using var device = new CpuDevice(1);
            using var whole = new MusicTrainer(device, SmallMusic.Options, SmallMusic.Windows);
            for (var step = 0; step < stop; step++)
                whole.Step();
            using var resumed = new MusicTrainer(device, SmallMusic.Options, SmallMusic.Windows);
            resumed.RestoreState(whole.SaveState().Concat(Averages(whole)).ToDictionary());
            Assert.Equal(stop, resumed.StepsDone);
            for (var step = 0; step < 4; step++)
                Assert.Equal(Step(whole), Step(resumed));
            SmallMusic.SameBits(whole.SaveState(), resumed.SaveState());
            SmallMusic.SameBits(Averages(whole), Averages(resumed));
        }
    }

    [Fact]
    public void Step_AfterTheFirst_AllocatesNothing()
    {
        using var device = new CpuDevice(1);
        using var trainer = new MusicTrainer(device, SmallMusic.Options, SmallMusic.Windows);
        for (var step = 0; step < 4; step++)
            trainer.Step();

        // A collection that another thread begins shows in this thread's count, now and then; the trainer's own would in every step.
        var clean = 0;
        for (var step = 0; step < 30; step++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            trainer.Step();
            _ = trainer.ReadFigures();
            clean += GC.GetAllocatedBytesForCurrentThread() == before ? 1 : 0;
        }

        Assert.InRange(clean, 20, 30);
    }

    [Fact]
    public void Step_TwoChords_AreLearnt()
    {
        using var device = new CpuDevice(1);
        using var start = new MusicTrainer(device, SmallMusic.Options, SmallMusic.Windows);
        var (untrained, trained) = (RightRatio(device, start.Model(SmallMusic.Model.Description)), RightRatio(device, SmallMusic.Model));
        Assert.True(trained > 0.95 && trained > untrained + 0.03, $"{trained:P1} of the states are right, {untrained:P1} before");
    }

    [Fact]
    public void Constructor_WindowsOrSizesThatDoNotFit_AreRefused()
    {
        using var device = new CpuDevice(1);
        var window = SmallMusic.Windows[0];
        PianoRoll[] misfits =
        [
            window.Slice(0, 15),
            window.WithRange(PitchRange.Choir),
            new(window.Range, 2, 4, window.States),
            new(window.Range, 1, 2, window.States),
        ];
        Assert.Throws<ArgumentException>(() => new MusicTrainer(device, SmallMusic.Options, []));
        Assert.All(
            misfits,
            misfit => Assert.Throws<ArgumentException>(() => new MusicTrainer(device, SmallMusic.Options, [window, misfit]))
        );
        Assert.All(
            [-8, 0, 4, 12],
            size =>
                Assert.Throws<ArgumentOutOfRangeException>(() =>
                    new MusicTrainer(device, SmallMusic.Options with { BatchSize = size }, [window])
                )
        );
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            new MusicTrainer(device, SmallMusic.Options with { Layout = SmallMusic.Layout with { BarCount = 0 } }, [window])
        );
    }

    private static TrainingFigures Step(MusicTrainer trainer)
    {
        trainer.Step();
        return trainer.ReadFigures();
    }

    private static Dictionary<string, NamedTensor> Averages(MusicTrainer trainer) =>
        new(trainer.Model(new Dictionary<string, string>()).Parameters);

    /// <summary>The share of the states of generated snippets that are those of the nearest piece of the corpus.</summary>
    private static double RightRatio(ComputeDevice device, MusicModel model)
    {
        using var composer = new MusicComposer(device, model);
        return Enumerable
            .Range(1, 20)
            .Average(seed =>
            {
                var states = composer.Generate(composer.SampleLatent((ulong)seed)).States.ToArray();
                return SmallMusic.Windows.Max(window =>
                    states.Zip(window.States.ToArray()).Average(pair => pair.First == pair.Second ? 1.0 : 0)
                );
            });
    }
}
