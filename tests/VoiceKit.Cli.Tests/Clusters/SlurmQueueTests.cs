using VoiceKit.Clusters;

namespace VoiceKit.Tests.Clusters;

/// <summary>What squeue --json of several versions of Slurm prints, with the members that are not read left out.</summary>
public class SlurmQueueTests
{
    private const string Version22 = """
        { "meta": { "Slurm": { "version": { "major": 22, "micro": 8, "minor": 5 }, "release": "22.05.8" } }, "errors": [ ],
          "jobs": [
            { "job_id": 3, "array_job_id": 1, "array_task_id": 1, "array_task_string": "", "job_state": "RUNNING", "state_reason": "None", "nodes": "vk1", "name": "corpus" },
            { "job_id": 2, "array_job_id": 0, "array_task_id": null, "array_task_string": "", "job_state": "PENDING", "state_reason": "Dependency", "nodes": "", "name": "corpus" },
            { "job_id": 1, "array_job_id": 1, "array_task_id": null, "array_task_string": "2,7-8%4", "job_state": "PENDING", "state_reason": "Resources", "nodes": "", "name": "corpus" } ] }
        """;

    private const string Version24 = """
        { "jobs": [
            { "job_id": 3, "array_job_id": { "set": true, "infinite": false, "number": 1 }, "array_task_id": { "set": true, "infinite": false, "number": 1 },
              "array_task_string": "", "job_state": [ "RUNNING" ], "state_reason": "None", "nodes": "vk1", "name": "corpus" },
            { "job_id": 2, "array_job_id": { "set": true, "infinite": false, "number": 0 }, "array_task_id": { "set": false, "infinite": false, "number": 0 },
              "array_task_string": "", "job_state": [ "PENDING" ], "state_reason": "Dependency", "nodes": "", "name": "corpus" },
            { "job_id": 1, "array_job_id": { "set": true, "infinite": false, "number": 1 }, "array_task_id": { "set": false, "infinite": false, "number": 0 },
              "array_task_string": "2,7-8%4", "job_state": [ "PENDING" ], "state_reason": "Resources", "nodes": "", "name": "corpus" } ],
          "last_update": { "set": true, "infinite": false, "number": 1700000000 }, "warnings": [ ], "errors": [ ] }
        """;

    [Theory]
    [InlineData(Version22)]
    [InlineData(Version24)]
    public void Parse_EitherForm_GivesOneEntryATask(string json) =>
        Assert.Equal(
            [
                new SlurmJob(1, 1, "corpus", "RUNNING", "vk1", ""),
                new SlurmJob(2, null, "corpus", "PENDING", "", "Dependency"),
                new SlurmJob(1, 2, "corpus", "PENDING", "", "Resources"),
                new SlurmJob(1, 7, "corpus", "PENDING", "", "Resources"),
                new SlurmJob(1, 8, "corpus", "PENDING", "", "Resources"),
            ],
            SlurmQueue.Parse(json)
        );

    [Fact]
    public void Parse_StatesWithFlags_ATaskOnItsWayOutIsStillThere()
    {
        var job = Assert.Single(
            SlurmQueue.Parse("""{ "jobs": [ { "job_id": 5, "job_state": [ "CANCELLED", "COMPLETING" ] } ], "errors": [] }""")
        );
        Assert.True(job is { IsRunning: true, IsFailed: false });
        Assert.True(SlurmQueue.Parse("""{ "jobs": [ { "job_id": 5, "job_state": [ "NODE_FAIL" ] } ] }""")[0].IsFailed);
    }

    [Fact]
    public void Parse_TasksInSteps_AreCounted() =>
        Assert.Equal(
            [0, 5, 10, 20],
            SlurmQueue
                .Parse("""{ "jobs": [ { "job_id": 5, "array_job_id": 5, "array_task_string": "0-10:5,20", "job_state": "PENDING" } ] }""")
                .Select(job => job.Task!.Value)
        );

    [Fact]
    public void Parse_ControllerOfVersion22DoesNotAnswer_IsNoEmptyQueue() =>
        Assert.Contains(
            "Failed while looking for jobs",
            Assert
                .Throws<SlurmUnavailableException>(() =>
                    SlurmQueue.Parse(
                        """
                        { "errors": [ { "description": "Failed while looking for jobs", "error_number": -1, "error": "Unspecified error", "source": "slurm_load_jobs" } ], "jobs": [ ] }
                        """
                    )
                )
                .Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Parse_OtherError_IsNotTemporary() =>
        Assert.IsType<SlurmException>(
            Record.Exception(() =>
                SlurmQueue.Parse(
                    """
                    { "errors": [ { "description": "x", "error_number": 2017, "error": "Invalid job id specified", "source": "slurm_load_job" } ], "jobs": [ ] }
                    """
                )
            )
        );

    [Theory]
    [InlineData("")]
    [InlineData("squeue: error")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{ "jobs": 1 }""")]
    [InlineData("""{ "jobs": [ 1 ] }""")]
    [InlineData("""{ "jobs": [ { "job_state": "RUNNING" } ] }""")]
    [InlineData("""{ "jobs": [ { "job_id": 1 } ] }""")]
    [InlineData("""{ "jobs": [ { "job_id": 1, "job_state": 5 } ] }""")]
    [InlineData("""{ "jobs": [ { "job_id": 1, "array_job_id": 1, "array_task_string": "1-9999999999", "job_state": "PENDING" } ] }""")]
    [InlineData("""{ "jobs": [ { "job_id": 1, "array_job_id": 1, "array_task_string": "0-2000000000", "job_state": "PENDING" } ] }""")]
    [InlineData("""{ "jobs": [ { "job_id": 1, "array_job_id": 1, "array_task_string": "3-1", "job_state": "PENDING" } ] }""")]
    [InlineData("""{ "jobs": [ { "job_id": 1, "array_job_id": 1, "array_task_string": "1,...", "job_state": "PENDING" } ] }""")]
    public void Parse_NoSuchList_IsRefused(string json) =>
        Assert.StartsWith(
            "squeue: ",
            Assert.IsType<SlurmException>(Record.Exception(() => SlurmQueue.Parse(json))).Message,
            StringComparison.Ordinal
        );
}
