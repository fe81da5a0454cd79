using VoiceKit.Devices;
using VoiceKit.Files;
using VoiceKit.Music;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Music;

public sealed class MusicTrainingRunTests : IDisposable
{
    private readonly ScratchFolder folder = new();
    private readonly CpuDevice device = new(1);

    [Fact]
    public void Resume_Checkpoint_WritesTheBytesOfAnUninterruptedRun()
    {
        var checkpoint = Checkpoint(5);
        using var resumed = Run();
        resumed.Resume(checkpoint);
        using var whole = Run(5);
        for (var step = 0; step < 3; step++)
            Assert.Equal(Step(whole, checkpoint), Step(resumed, checkpoint));
        whole.Save(folder["whole"]);
        resumed.Save(checkpoint);
        Assert.Equal(File.ReadAllBytes(folder["whole"]), File.ReadAllBytes(checkpoint));
    }

    [Fact]
    public void Save_Checkpoint_IsAModelToo()
    {
        var model = MusicModelFile.Read(Checkpoint(2));
        Assert.Equal(("4", "2"), (model.Description["windows"], model.Description["steps"]));
        using var composer = new MusicComposer(device, model);
        Assert.Equal(16, composer.Generate(composer.SampleLatent(1)).StepCount);
    }

    [Fact]
    public void Resume_OtherMusic_SaysSo()
    {
        var checkpoint = Checkpoint(0);
        using var other = new MusicTrainingRun(device, SmallMusic.Options, [.. SmallMusic.Windows.Reverse()]);
        Assert.Contains("made with other music", Refused(other, checkpoint), StringComparison.Ordinal);
    }

    [Fact]
    public void Resume_OtherSettings_SaysBoth()
    {
        var checkpoint = Checkpoint(0);
        MusicTrainingOptions[] others =
        [
            SmallMusic.Options with
            {
                Seed = 77,
            },
            SmallMusic.Options with
            {
                StepCount = 77,
            },
            SmallMusic.Options with
            {
                BatchSize = 16,
            },
            SmallMusic.Options with
            {
                LearningRate = 0.5,
            },
            SmallMusic.Options with
            {
                CriticChannels = 4,
            },
            SmallMusic.Options with
            {
                Generator = SmallMusic.Options.Generator with { Channels = 4 },
            },
        ];
        foreach (var options in others)
        {
            using var other = new MusicTrainingRun(device, options, SmallMusic.Windows);
            var line = Refused(other, checkpoint);
            Assert.Contains("made with other settings", line, StringComparison.Ordinal);
            Assert.Contains("seed 1;", line, StringComparison.Ordinal);
            Assert.Contains($"seed {options.Seed})", line, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Resume_NoCheckpoint_SaysWhy()
    {
        using var run = Run();
        MusicModelFile.Write(folder["model"], run.Model());
        Assert.Contains("no whole checkpoint: the array 'training.", Refused(run, folder["model"]), StringComparison.Ordinal);
        var bytes = File.ReadAllBytes(Checkpoint(0));
        Assert.Contains("no whole safetensors file", Refused(run, folder.Write("cut", bytes[..^100])), StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => run.Resume(folder["none"]));
        Assert.Throws<ModelVersionException>(() =>
            run.Resume(run.Model().WriteChanged(folder["newer"], metadata => metadata["version"] = "2"))
        );
    }

    [Theory]
    [InlineData("training.random")]
    [InlineData("training.critic_adam.first")]
    [InlineData("training.generator_adam.steps")]
    [InlineData("training.critic.position")]
    public void Resume_ArrayLostOrDamaged_NamesTheFile(string name)
    {
        using var run = Run();
        var whole = SafetensorsFile.Read(Checkpoint(1));
        string Changed(Action<Dictionary<string, NamedTensor>> change)
        {
            var tensors = new Dictionary<string, NamedTensor>(whole.Tensors);
            change(tensors);
            AtomicFile.Write(folder["damaged"], (whole with { Tensors = tensors }).Write);
            return folder["damaged"];
        }

        Assert.Contains(name, Refused(run, Changed(tensors => tensors.Remove(name))), StringComparison.Ordinal);
        Assert.Contains(name, Refused(run, Changed(tensors => tensors[name] = new NamedTensor([3], [1, 2, 3]))), StringComparison.Ordinal);
        Assert.Contains(
            "not all zero",
            Refused(run, Changed(tensors => tensors["training.random"] = new NamedTensor([8], new double[8]))),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(1e30)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NaN)]
    public void Step_LossesThatAreNoNumbers_NameTheStepAndTheCheckpoint(double rate)
    {
        using var run = new MusicTrainingRun(device, SmallMusic.Options with { LearningRate = rate }, SmallMusic.Windows);
        var steps = 0;
        var none = Assert.Throws<ArithmeticException>(() => StepOn(run, folder["none"], ref steps));
        Assert.Contains($"diverged at step {run.Trainer.StepsDone}: ", none.Message, StringComparison.Ordinal);
        Assert.Contains("there is no checkpoint yet", none.Message, StringComparison.Ordinal);
        var kept = folder.Write("kept", [1]);
        Assert.Contains(
            $"is kept: {kept}",
            Assert.Throws<ArithmeticException>(() => StepOn(run, kept, ref steps)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Save_ParametersThatAreNoNumbers_KeepsTheLastCheckpoint()
    {
        // A moment that is infinite breaks the generator in a step whose losses are still numbers.
        var checkpoint = Checkpoint(1);
        var before = File.ReadAllBytes(checkpoint);
        using var run = Run();
        run.Resume(checkpoint);
        var state = run.Trainer.SaveState().Concat(run.Model().Parameters).ToDictionary();
        var moments = state["training.generator_adam.first"];
        state["training.generator_adam.first"] = NamedTensor.Wrap(
            moments.Shape,
            [.. moments.Values.ToArray().Select(_ => double.PositiveInfinity)]
        );
        run.Trainer.RestoreState(state);
        Step(run, checkpoint);
        Assert.Contains(
            $"is kept: {checkpoint}",
            Assert.Throws<ArithmeticException>(() => run.Save(checkpoint)).Message,
            StringComparison.Ordinal
        );
        Assert.Equal(before, File.ReadAllBytes(checkpoint));
    }

    public void Dispose()
    {
        device.Dispose();
        folder.Dispose();
    }

    private static void StepOn(MusicTrainingRun run, string checkpoint, ref int steps)
    {
        for (; steps < 20; steps++)
            Step(run, checkpoint);
    }

    private static TrainingFigures Step(MusicTrainingRun run, string checkpoint)
    {
        run.Trainer.Step();
        return run.ReadFigures(checkpoint);
    }

    private static string Refused(MusicTrainingRun run, string path)
    {
        var exception = Assert.Throws<BadFileException>(() => run.Resume(path));
        Assert.StartsWith(path, exception.Message, StringComparison.Ordinal);
        return exception.Message;
    }

    private MusicTrainingRun Run(int steps = 0)
    {
        var run = new MusicTrainingRun(device, SmallMusic.Options, SmallMusic.Windows);
        for (var step = 0; step < steps; step++)
            run.Trainer.Step();
        return run;
    }

    private string Checkpoint(int steps)
    {
        using var run = Run(steps);
        run.Save(folder["checkpoint"]);
        return folder["checkpoint"];
    }
}
