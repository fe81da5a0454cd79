using VoiceKit.Clusters;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Clusters;

/// <summary>The scripts and the client on a cluster of three virtual nodes.</summary>
[Trait(SlowTests.Category, SlowTests.Slow)]
[Collection("Slurm")]
public sealed class SlurmClusterTests : IDisposable
{
    private readonly ScratchFolder folder = new();
    private readonly SlurmClient client = new();

    public SlurmClusterTests()
    {
        if (SlurmFactAttribute.Obstacle is null)
            SlurmCluster.Clear();
    }

    public void Dispose() => folder.Dispose();

    [SlurmFact]
    public void Array_CommandsThatEndEarly_GoOnInFurtherTurnsOnceEach()
    {
        // Every task ends early once; the last one of the array has the array's own number, and must not take the others with it.
        var array = Submit(3, "echo \"$1 turn ${SLURM_RESTART_COUNT:-0}\" >> $2/turns; [ \"${SLURM_RESTART_COUNT:-0}\" -ge 1 ] || exit 75");
        var after = client.Submit(
            Script(
                "after.sh",
                SlurmScript.RenderSingle(
                    [
                        [folder.Program("after", $"cat {folder["turns"]} > {folder["seen"]}")],
                    ],
                    "/",
                    folder.Path,
                    new SlurmOptions()
                )
            ),
            array
        );
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var last = new SlurmWatch(client, "voicekit").Follow(array, 3, after, TimeSpan.FromMilliseconds(500), limit.Token).Last();
        Assert.Equal((3, 0, 0), (last.Completed, last.Failed, last.Unknown));
        Assert.True(last.After!.IsCompleted);
        Assert.Equal(["1 turn 0", "1 turn 1", "2 turn 0", "2 turn 1", "3 turn 0", "3 turn 1"], File.ReadAllLines(folder["seen"]).Order());
    }

    [SlurmFact]
    public void Array_CommandThatAlwaysEndsEarly_GivesUp()
    {
        var array = Submit(1, "exit 75", new SlurmOptions { Requeues = 1 });
        SlurmCluster.Await("the end", () => client.Queue(array) is [{ IsFailed: true }]);
        Assert.Contains("giving up", File.ReadAllText(folder[$"slurm-{array}_1.log"]), StringComparison.Ordinal);
    }

    [SlurmFact]
    public void Array_TaskThatAPersonCancels_DoesNotComeBack()
    {
        var array = Submit(1, $"trap 'exit 75' TERM; touch $2/started; for i in {{1..600}}; do sleep 0.1; done");
        SlurmCluster.Await("the start", () => File.Exists(folder["started"]));
        client.Cancel(array, 1);
        SlurmCluster.Await("the end", () => client.Queue(array) is [{ State: "CANCELLED" }]);
        Thread.Sleep(1500);
        Assert.Equal("CANCELLED", Assert.Single(client.Queue(array)).State);
        Assert.False(File.ReadAllText(folder[$"slurm-{array}_1.log"]).Contains("back in the queue", StringComparison.Ordinal));
    }

    [SlurmFact]
    public void Submit_WordsThatSlurmRefuses_AreTold()
    {
        var exception = Assert.IsType<SlurmException>(
            Record.Exception(() => Submit(1, "exit 0", new SlurmOptions { Partition = "nowhere" }))
        );
        Assert.Contains("nowhere", exception.Message, StringComparison.Ordinal);
    }

    private long Submit(int taskCount, string body, SlurmOptions? options = null)
    {
        var program = folder.Program("it's a program", body);
        return client.Submit(
            Script(
                "array.sh",
                SlurmScript.RenderArray(
                    [program, SlurmScript.TaskNumber, folder.Path],
                    taskCount,
                    folder.Path,
                    folder.Path,
                    options ?? new SlurmOptions()
                )
            )
        );
    }

    private string Script(string name, string text)
    {
        File.WriteAllText(folder[name], text);
        return folder[name];
    }
}
