using VoiceKit.Clusters;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Clusters;

/// <summary>The client with stand-ins for Slurm's programs.</summary>
public sealed class SlurmClientTests : IDisposable
{
    private readonly ScratchFolder folder = new();
    private readonly SlurmClient client;

    public SlurmClientTests() => client = new SlurmClient(folder.Path, TimeSpan.FromSeconds(20));

    public void Dispose() => folder.Dispose();

    [LinuxFact]
    public void Submit_Accepted_ReturnsTheNumberAndHandsOverTheWords()
    {
        folder.Program("sbatch", $"printf '%s\\n' \"$@\" > {folder["words"]}; echo 'a site says hello'; echo '123;cluster'");
        Assert.Equal(123, client.Submit("/a b/it's.sh", after: 99));
        Assert.Equal("--parsable\n--dependency=afterany:99\n/a b/it's.sh\n", File.ReadAllText(folder["words"]));
    }

    [LinuxFact]
    public void Submit_Refused_SaysSlurmsWords()
    {
        folder.Program(
            "sbatch",
            "echo 'sbatch: error: invalid partition specified: x' >&2; echo 'sbatch: error: Batch job submission failed' >&2; exit 1"
        );
        var exception = Assert.IsType<SlurmException>(Record.Exception(() => client.Submit("/a.sh")));
        Assert.Contains("invalid partition specified: x", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [LinuxFact]
    public void Submit_ControllerDoesNotAnswer_IsTemporary()
    {
        folder.Program(
            "sbatch",
            "echo 'sbatch: error: Batch job submission failed: Unable to contact slurm controller (connect failure)' >&2; exit 1"
        );
        Assert.Throws<SlurmUnavailableException>(() => client.Submit("/a.sh"));
    }

    [LinuxFact]
    public void Submit_NoNumberInTheAnswer_IsSaid()
    {
        folder.Program("sbatch", "echo queued");
        Assert.Contains("'queued'", Assert.Throws<SlurmException>(() => client.Submit("/a.sh")).Message, StringComparison.Ordinal);
    }

    [LinuxFact]
    [Trait(SlowTests.Category, SlowTests.Slow)]
    public void Submit_ProgramThatHangs_IsEndedInTime()
    {
        folder.Program("sbatch", $"echo $$ > {folder["pid"]}; sleep 100");
        Assert.Throws<SlurmUnavailableException>(() => new SlurmClient(folder.Path, TimeSpan.FromSeconds(2)).Submit("/a.sh"));
        Assert.False(Directory.Exists("/proc/" + File.ReadAllText(folder["pid"]).Trim()));
    }

    [Fact]
    public void Submit_NotInstalled_SaysWhatToDo() =>
        Assert.Contains(
            "sbatch is not installed or not on PATH",
            Assert.IsType<SlurmException>(Record.Exception(() => new SlurmClient(folder.Path).Submit("/a.sh"))).Message,
            StringComparison.Ordinal
        );

    [LinuxFact]
    public void Queue_AllJobsOfTheCluster_GivesThoseAskedFor()
    {
        folder.Program(
            "squeue",
            """
            [ "$SLURM_BITSTR_LEN" = 0 ] && [ "$*" = "--json --states=all --jobs=7,9" ] || exit 1
            echo '{ "jobs": [ { "job_id": 7, "job_state": "RUNNING" }, { "job_id": 8, "job_state": "RUNNING" }, { "job_id": 9, "array_job_id": 7, "array_task_id": 2, "job_state": "RUNNING" } ] }'
            """
        );
        Assert.Equal([(7L, null), (7L, 2)], client.Queue(7, 9).Select(job => (job.Id, job.Task)));
    }

    [LinuxFact]
    public void Queue_NumberThatSlurmHasForgotten_IsEmpty()
    {
        folder.Program("squeue", "echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1");
        Assert.Empty(client.Queue(7));
    }

    [LinuxFact]
    public void RequeueAndCancel_Task_NameItAlone()
    {
        foreach (var program in new[] { "scontrol", "scancel" })
            folder.Program(program, $"echo \"$@\" >> {folder["words"]}");
        client.Requeue(5, 2);
        client.Cancel(5, 2);
        client.Cancel(5);
        Assert.Equal("requeue 5_2\n5_2\n5\n", File.ReadAllText(folder["words"]));
    }
}
