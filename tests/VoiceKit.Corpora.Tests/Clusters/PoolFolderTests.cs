using VoiceKit.Clusters;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Clusters;

public class PoolFolderTests
{
    [Fact]
    public void Open_FolderWithSomethingElse_IsRefusedAndUntouched()
    {
        using var folder = new ScratchFolder();
        var mine = folder.Write("pool/frames-00001.safetensors", [1, 2, 3]);
        Assert.Contains(
            "not empty",
            Assert.Throws<IOException>(() => new StatisticsPool(folder["pool"])).Message,
            StringComparison.Ordinal
        );
        Assert.Equal([1, 2, 3], File.ReadAllBytes(mine));
    }

    [LinuxFact]
    public void Open_FolderOfALivingDriver_IsRefused()
    {
        using var folder = new ScratchFolder();
        using var pool = new StatisticsPool(folder["pool"]);
        var exception = Assert.Throws<PoolInUseException>(() => new StatisticsPool(folder["pool"]));
        Assert.Contains("another training", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_WhatADeadDriverLeft_IsUsedAgainAndRemoved()
    {
        using var folder = new ScratchFolder();
        string[] names =
        [
            "driver.lock",
            "frames-00001.safetensors",
            "mixture-00007.safetensors",
            "statistics-00007-00001.safetensors",
            "claim-00001.lock",
            ".voicekit-a.tmp",
        ];
        foreach (var name in names)
            folder.Write("pool/" + name, [1]);
        using (var pool = new StatisticsPool(folder["pool"]))
            Assert.Equal(["driver.lock"], Directory.GetFileSystemEntries(pool.Folder).Select(Path.GetFileName));
        Assert.False(Directory.Exists(folder["pool"]));
    }

    [Fact]
    public void Dispose_FolderWithSomethingElse_KeepsItAndSaysSo()
    {
        using var folder = new ScratchFolder();
        var warnings = new List<string>();
        using (new StatisticsPool(folder["pool"], null, warnings.Add))
            folder.Write("pool/mine", [1]);
        Assert.Equal([folder["pool/mine"]], Directory.GetFileSystemEntries(folder["pool"]));
        Assert.Contains("could not be removed", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Run_PoolThatIsGoneOrDone_IsFinished()
    {
        using var folder = new ScratchFolder();
        Assert.Equal(WorkerOutcome.Finished, StatisticsWorker.Run(folder["none"]));
        Assert.False(Directory.Exists(folder["none"]));
        folder.Write("pool/driver.lock", []);
        Assert.Equal(WorkerOutcome.Abandoned, StatisticsWorker.Run(folder["pool"]));
        folder.Write("pool/done", []);
        Assert.Equal(WorkerOutcome.Finished, StatisticsWorker.Run(folder["pool"]));
    }

    [Fact]
    public void Run_Cancelled_Throws()
    {
        using var folder = new ScratchFolder();
        using var cancellation = new CancellationTokenSource();
        using var pool = new StatisticsPool(folder["pool"]);
        var worker = Task.Run(() => StatisticsWorker.Run(pool.Folder, cancellation.Token));
        cancellation.Cancel();
        Assert.Throws<OperationCanceledException>(() => worker.GetAwaiter().GetResult());
    }
}
