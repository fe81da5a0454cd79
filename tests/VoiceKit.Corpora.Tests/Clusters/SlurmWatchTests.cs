using VoiceKit.Clusters;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Clusters;

/// <summary>Watching a queue that a stand-in for squeue plays: one answer after the other, the last for ever.</summary>
public sealed class SlurmWatchTests : IDisposable
{
    private readonly ScratchFolder folder = new();

    public void Dispose() => folder.Dispose();

    [LinuxFact]
    public void Follow_ArrayAndJobAfterIt_UntilBothHaveLeftTheQueue()
    {
        var states = Follow(
            Answer(Task("PENDING", "1-3"), After("PENDING")),
            Answer(Task("RUNNING", 1), Task("PENDING", "2-3"), After("PENDING")),
            Answer(Task("COMPLETED", 1), Task("FAILED", 2), Task("COMPLETED", 3), After("RUNNING")),
            Answer(Task("COMPLETED", 1), Task("FAILED", 2), Task("COMPLETED", 3), After("COMPLETED"))
        );
        Assert.Equal([(3, 0, 0, 0, 0), (2, 1, 0, 0, 0), (0, 0, 2, 1, 0), (0, 0, 2, 1, 0), (0, 0, 2, 1, 0)], states.Select(Counts));
        Assert.True(states[^1].After!.IsCompleted);
    }

    [LinuxFact]
    public void Follow_ControllerAwayForAWhile_SaysSoOnceAndGoesOn()
    {
        var states = Follow(Answer(Task("RUNNING", 1)), "down", "down", "down", Answer(Task("COMPLETED", 1)));
        Assert.Equal([(0, 1, 0, 0, 2), (0, 1, 0, 0, 2), (0, 0, 1, 0, 2), (0, 0, 1, 0, 2)], states.Select(Counts));
        Assert.Equal([false, true, false, false], states.Select(state => state.Trouble is not null));
    }

    [LinuxFact]
    public void Follow_NothingKnown_IsUnknownAndNotDone() =>
        Assert.Equal([(0, 0, 0, 0, 3), (0, 0, 0, 0, 3)], Follow(Answer()).Select(Counts));

    [LinuxFact]
    public void Follow_QueueIsEmptyForOneAnswer_GoesOn() =>
        Assert.Equal(
            [(0, 0, 0, 0, 3), (0, 1, 0, 0, 2), (0, 0, 1, 0, 2), (0, 0, 1, 0, 2)],
            Follow(Answer(), Answer(Task("RUNNING", 1)), Answer(Task("COMPLETED", 1))).Select(Counts)
        );

    [LinuxFact]
    public void Follow_NumberOfAnotherJob_IsNotTakenForIt()
    {
        var states = Follow(
            Answer(
                """{ "job_id": 6, "name": "other", "job_state": "RUNNING" }""",
                """{ "job_id": 6, "array_job_id": 5, "array_task_id": 2, "name": "voicekit", "job_state": "COMPLETED" }"""
            )
        );
        Assert.All(states, state => Assert.Null(state.After));
    }

    [LinuxFact]
    public void Follow_TasksThatAreHeld_AreSaid()
    {
        folder.Program(
            "squeue",
            "echo '"
                + Answer(
                    """{ "job_id": 8, "array_job_id": 5, "array_task_id": 2, "name": "voicekit", "job_state": "PENDING", "state_reason": "launch failed requeued held" }"""
                )
                + "'"
        );
        using var cancellation = new CancellationTokenSource();
        var watch = new SlurmWatch(new SlurmClient(folder.Path), "voicekit")
            .Follow(5, 3, 6, TimeSpan.FromMilliseconds(1), cancellation.Token)
            .GetEnumerator();
        Assert.True(watch.MoveNext());
        Assert.Contains("scontrol release 5", watch.Current.Trouble, StringComparison.Ordinal);
        cancellation.Cancel();
        Assert.Throws<OperationCanceledException>(() => watch.MoveNext());
    }

    private static (int, int, int, int, int) Counts(SlurmStatus status) =>
        (status.Pending, status.Running, status.Completed, status.Failed, status.Unknown);

    private static string Task(string state, int task) =>
        $$"""{ "job_id": {{10 + task}}, "array_job_id": 5, "array_task_id": {{task}}, "name": "voicekit", "job_state": "{{state}}" }""";

    private static string Task(string state, string tasks) =>
        $$"""{ "job_id": 5, "array_job_id": 5, "array_task_id": null, "array_task_string": "{{tasks}}", "name": "voicekit", "job_state": "{{state}}" }""";

    private static string After(string state) => $$"""{ "job_id": 6, "array_job_id": 0, "name": "voicekit", "job_state": "{{state}}" }""";

    private static string Answer(params string[] jobs) => $$"""{ "errors": [], "jobs": [ {{string.Join(", ", jobs)}} ] }""";

    private List<SlurmStatus> Follow(params string[] answers)
    {
        for (var i = 0; i < answers.Length; i++)
            File.WriteAllText(folder[$"{i}.json"], answers[i]);
        folder.Program(
            "squeue",
            $$"""
            n=$(cat {{folder["n"]}} 2>/dev/null || echo 0)
            [ $n -lt {{answers.Length - 1}} ] && echo $((n + 1)) > {{folder["n"]}}
            if [ "$(cat {{folder.Path}}/$n.json)" = down ]; then echo 'slurm_load_jobs error: Unable to contact slurm controller (connect failure)' >&2; exit 1; fi
            cat {{folder.Path}}/$n.json
            """
        );
        return [.. new SlurmWatch(new SlurmClient(folder.Path), "voicekit").Follow(5, 3, 6, TimeSpan.FromMilliseconds(1))];
    }
}
