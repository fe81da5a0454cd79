using VoiceKit.Clusters;
using VoiceKit.Files;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Cli;

[Collection("Command line")]
public class TrainPoolTests
{
    [Fact]
    [Trait(SlowTests.Category, SlowTests.Slow)]
    public void Train_Pool_EqualsTheOneProcessModel()
    {
        using var folder = new ScratchFolder();
        CommandRun.InProcess(TrainLine.Of(folder["alone"])).Ended(0);
        var run = CommandRun.InProcess(TrainLine.Of(folder["model"], "--pool", folder["pool"], "--shards", "2")).Ended(0);
        Assert.Contains("workers collected 0 of ", run.Error, StringComparison.Ordinal);
        ModelAssert.Near(SafetensorsFile.Read(folder["alone"]), SafetensorsFile.Read(folder["model"]), 1e-9);
        Assert.Equal([folder["alone"], folder["model"]], Directory.GetFileSystemEntries(folder.Path).Order(StringComparer.Ordinal));
    }

    [LinuxFact]
    [Trait(SlowTests.Category, SlowTests.Slow)]
    public void Train_SlurmThatIsNotThere_SaysSoAndTrainsAlone()
    {
        using var folder = new ScratchFolder();
        var (code, _, error) = CommandRun.ProgramUnder(
            "SLURM_CONF=/nonexistent/slurm.conf exec \"$@\"",
            [],
            TrainLine.Of(folder["model"], "--slurm")
        );
        Assert.True(code == 0, error);
        Assert.Single(error.Split('\n'), line => line.Contains("no workers from Slurm", StringComparison.Ordinal));
        Assert.True(File.Exists(folder["model"]));
        Assert.Equal(
            ["model", "model.slurm"],
            Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
        Assert.Contains("train-worker", File.ReadAllText(folder["model.slurm/workers.sh"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--shards", "2")]
    [InlineData("--partition", "long")]
    [InlineData("--time", "1:00")]
    [InlineData("--max-parallel", "3")]
    [InlineData("--slurm", "--partition", "a b")]
    [InlineData("--slurm", "--shards", "0")]
    public void Train_SharingThatMakesNoSense_Exits2AndLeavesNothing(params string[] options)
    {
        using var folder = new ScratchFolder();
        CommandRun.InProcess(TrainLine.Of(folder["model"], options)).Refused(2);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Train_PoolWithSomethingElse_Exits4()
    {
        using var folder = new ScratchFolder();
        folder.Write("pool/mine", [1]);
        Assert.Contains(
            "not empty",
            CommandRun.InProcess(TrainLine.Of(folder["model"], "--pool", folder["pool"])).Refused(4),
            StringComparison.Ordinal
        );
        Assert.Equal([folder["pool/mine"]], Directory.GetFileSystemEntries(folder["pool"]));
    }

    [LinuxFact]
    public void Train_PoolOfAnotherTraining_Exits75()
    {
        using var folder = new ScratchFolder();
        using var other = new StatisticsPool(folder["pool"]);
        Assert.Contains(
            "another training",
            CommandRun.InProcess(TrainLine.Of(folder["model"], "--pool", folder["pool"])).Refused(75),
            StringComparison.Ordinal
        );
        Assert.True(File.Exists(other.Files.DriverLock));
    }

    [Fact]
    public void Train_FailsWithAPool_LeavesNothing()
    {
        using var folder = new ScratchFolder();
        Directory.CreateDirectory(folder["empty"]);
        string[] line =
        [
            "train",
            "--source",
            folder["empty"],
            "--target",
            TrainedVoice.TargetFolder,
            "-o",
            folder["model"],
            "--pool",
            folder["pool"],
            "--slurm",
        ];
        CommandRun.InProcess(line).Refused(3);
        Assert.Equal([folder["empty"]], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void TrainWorker_NoTraining_EndsAtOnce()
    {
        using var folder = new ScratchFolder();
        Assert.Equal("", CommandRun.InProcess("train-worker", folder["none"]).Ended(0).Error);
        folder.Write("dead/driver.lock", []);
        Assert.Contains("run its line again", CommandRun.InProcess("train-worker", folder["dead"]).Refused(75), StringComparison.Ordinal);
    }
}
