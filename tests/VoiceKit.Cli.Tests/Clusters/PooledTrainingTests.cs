using VoiceKit.Clusters;
using VoiceKit.Conversion;
using VoiceKit.Files;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Clusters;

public class PooledTrainingTests
{
    [Trait(SlowTests.Category, SlowTests.Slow)]
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Train_WithWorkerProcesses_EqualsTheOneProcessModel(int workers)
    {
        using var folder = new ScratchFolder();
        using (var pool = new StatisticsPool(folder["pool"], new StatisticsPoolOptions { Shards = 3 }))
        {
            using var processes = new PoolWorkers(pool.Folder, workers);
            var trainer = new VoiceModelTrainer(
                TrainedVoice.Options,
                null,
                frames => new AwaitedStep(pool.Share(frames), task => AwaitedStep.Written(pool, task, workers))
            );
            var voice = TrainedVoice.Shared;
            VoiceModelFile.Write(folder["model"], trainer.Train(voice.Training, voice.SourceRange, voice.TargetRange).Model);
            pool.Dispose();
            Assert.All(processes.ExitCodes(), code => Assert.Equal(0, code));
        }

        Assert.False(Directory.Exists(folder["pool"]));
        folder.Write("alone", TrainedVoice.Shared.FileBytes);
        ModelAssert.Near(SafetensorsFile.Read(folder["alone"]), SafetensorsFile.Read(folder["model"]), 1e-9);
    }

    [LinuxFact]
    [Trait(SlowTests.Category, SlowTests.Slow)]
    public void Collect_WorkerKilledInMidBlock_EndsWithTheSameBits()
    {
        using var folder = new ScratchFolder();
        var frames = SmallModels.Normal(60_000, 48, 1);
        var mixture = SmallModels.Mixture(16, 48, 2);
        using var pool = new StatisticsPool(folder["pool"], new StatisticsPoolOptions { Shards = 2 });
        var step = (PooledExpectation)pool.Share(frames);
        var expected = step.Collect(mixture);
        var task = step.Publish(mixture);
        using var workers = new PoolWorkers(pool.Folder, 2);

        // The driver does not work yet: whoever holds a block is a worker.
        PoolWorkers.WaitFor(() => Enumerable.Range(task.FirstBlock, task.BlockCount).Any(block => IsClaimed(pool, block)));
        workers.Processes[0].Kill();
        workers.Processes[1].Kill();
        var actual = step.Gather(task);
        Assert.Equal(expected.LogLikelihood, actual.LogLikelihood);
        Assert.Equal(expected.First.Values.ToArray(), actual.First.Values.ToArray());
        Assert.Equal([137, 137], workers.ExitCodes());
    }

    [LinuxFact]
    public void Worker_DriverDies_Exits75()
    {
        using var folder = new ScratchFolder();
        Directory.CreateDirectory(folder["pool"]);
        using var driver = PoolFolder.TryLock(new PoolFolder(folder["pool"]).DriverLock);
        using var workers = new PoolWorkers(folder["pool"], 1);
        Assert.False(workers.Processes[0].WaitForExit(TimeSpan.FromMilliseconds(500)), "It did not wait for work.");
        driver!.Dispose();
        Assert.Equal([75], workers.ExitCodes());
        var line = Assert.Single(workers.Processes[0].StandardError.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("run its line again", line, StringComparison.Ordinal);
    }

    private static bool IsClaimed(StatisticsPool pool, int block)
    {
        if (!File.Exists(pool.Files.ClaimLock(block)))
            return false;
        using var claim = pool.Files.TryClaim(block);
        return claim is null;
    }
}
