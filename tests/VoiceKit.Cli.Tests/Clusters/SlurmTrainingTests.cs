using System.Diagnostics;
using VoiceKit.Cli;
using VoiceKit.Clusters;
using VoiceKit.Conversion;
using VoiceKit.Files;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Clusters;

[Trait(SlowTests.Category, SlowTests.Slow)]
[Collection("Slurm")]
public class SlurmTrainingTests
{
    private const string JobName = "voicekit-train-test";

    [SlurmFact]
    public void Train_WorkersFromSlurm_EqualsTheOneProcessModel()
    {
        using var folder = new ScratchFolder();
        var (voice, said) = (TrainedVoice.Shared, new List<string>());
        using (var pool = new StatisticsPool(folder["pool"], new StatisticsPoolOptions { Shards = 3 }))
        {
            string[] command = [.. ProgramWords.Start(), "train-worker", pool.Folder];
            using var workers = new SlurmWorkers(folder["jobs"], command, 3, new SlurmOptions { JobName = JobName }, said.Add);
            var trainer = new VoiceModelTrainer(
                TrainedVoice.Options,
                null,
                frames =>
                {
                    workers.Submit();
                    return new AwaitedStep(pool.Share(frames), task => AwaitedStep.Written(pool, task, 2));
                }
            );
            VoiceModelFile.Write(folder["model"], trainer.Train(voice.Training, voice.SourceRange, voice.TargetRange).Model);
            Assert.True(pool.BlocksFromWorkers > 0);
        }

        Assert.StartsWith("workers: Slurm's job ", Assert.Single(said), StringComparison.Ordinal);
        Assert.Equal([folder["model"]], Directory.GetFileSystemEntries(folder.Path));
        SlurmCluster.Await(
            "The end of the workers",
            () => !SlurmCluster.Run("squeue", "--noheader", "--name=" + JobName).Contains(JobName[..8], StringComparison.Ordinal)
        );
        folder.Write("alone", voice.FileBytes);
        ModelAssert.Near(SafetensorsFile.Read(folder["alone"]), SafetensorsFile.Read(folder["model"]), 1e-9);
    }

    [SlurmFact]
    public void Train_Slurm_EqualsTheOneProcessModelAndLeavesNoJob()
    {
        using var folder = new ScratchFolder();
        CommandRun.InProcess(TrainLine.Of(folder["alone"])).Ended(0);
        var run = CommandRun.InProcess(TrainLine.Of(folder["model"], "--slurm", "--shards", "3")).Ended(0);
        Assert.Contains("workers: Slurm's job ", run.Error, StringComparison.Ordinal);
        ModelAssert.Near(SafetensorsFile.Read(folder["alone"]), SafetensorsFile.Read(folder["model"]), 1e-9);
        Assert.False(Directory.Exists(folder["model.pool"]));
        SlurmCluster.Await("The end of the workers", () => SlurmCluster.Run("squeue", "--noheader", "--name=voicekit-train").Length == 0);
    }

    [SlurmFact]
    public void Train_Terminated_CancelsTheJobAndLeavesNothing()
    {
        using var folder = new ScratchFolder();
        string[] line =
        [
            "train",
            "--source",
            TrainedVoice.SourceFolder,
            "--target",
            TrainedVoice.TargetFolder,
            "--f0-method",
            "dio",
            "-o",
            folder["model"],
            "--slurm",
        ];
        using var process = CommandRun.Start(line);
        try
        {
            // The cross-validation of all sentences that follows the first fit takes many times what the signal does.
            string? said;
            do said = process.StandardError.ReadLine();
            while (said is not null && !said.StartsWith("workers: Slurm's job ", StringComparison.Ordinal));
            Assert.NotNull(said);
            Process.Start("/bin/sh", ["-c", $"kill -TERM {process.Id}"]).WaitForExit();
            Assert.True(process.WaitForExit(90_000), "It did not end.");
            Assert.Equal(143, process.ExitCode);
        }
        finally
        {
            process.Kill();
        }

        Assert.False(Directory.Exists(folder["model.pool"]));
        Assert.False(File.Exists(folder["model"]));
        SlurmCluster.Await("The end of the workers", () => SlurmCluster.Run("squeue", "--noheader", "--name=voicekit-train").Length == 0);
    }
}
