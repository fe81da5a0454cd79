namespace VoiceKit.Clusters;

/// <summary>What Slurm says of a job or of one task of an array.</summary>
/// <param name="Id">The number of the job; for a task of an array the array's.</param>
/// <param name="Task">The task's number; null where the job is no array.</param>
/// <param name="Name">The job's name. Numbers are used again after a controller has lost its memory; the name helps to tell.</param>
/// <param name="State">Slurm's word, such as PENDING, RUNNING, COMPLETING, COMPLETED, FAILED, TIMEOUT, NODE_FAIL, CANCELLED.</param>
/// <param name="Node">Where it runs or ran; empty before.</param>
/// <param name="Reason">Why it waits or failed, in Slurm's words, such as Dependency, BeginTime, NonZeroExitCode; empty for none.</param>
public sealed record SlurmJob(long Id, int? Task, string Name, string State, string Node, string Reason)
{
    /// <summary>Whether it waits for its turn, its first or a further one.</summary>
    public bool IsPending => State is "PENDING" or "REQUEUED" or "REQUEUE_FED" or "REQUEUE_HOLD" or "SPECIAL_EXIT" or "RESV_DEL_HOLD";

    /// <summary>Whether it is on a node, or about to leave or come to one.</summary>
    public bool IsRunning => State is "RUNNING" or "COMPLETING" or "CONFIGURING" or "SUSPENDED" or "STOPPED" or "RESIZING" or "SIGNALING" or "STAGE_OUT" or "POWER_UP_NODE";

    /// <summary>Whether Slurm says that it ended with exit code 0.</summary>
    public bool IsCompleted => State == "COMPLETED";

    /// <summary>Whether it has left the queue in another way than by exit code 0.</summary>
    public bool IsFailed => !IsPending && !IsRunning && !IsCompleted;

    /// <summary>Whether it waits for a person: Slurm will not start it on its own.</summary>
    public bool IsHeld => IsPending && (State is "REQUEUE_HOLD" or "SPECIAL_EXIT" || Reason is "DependencyNeverSatisfied" || Reason.Contains("held", StringComparison.OrdinalIgnoreCase));
}
