namespace VoiceKit.Clusters;

/// <summary>What a job asks of Slurm. What is null is left to the cluster's own defaults.</summary>
/// <remarks>The values are handed to Slurm as they are, in its own notation; one with blanks, quotes or control characters is refused when a script is rendered.</remarks>
public sealed record SlurmOptions
{
    /// <summary>The job's name in the queue.</summary>
    public string JobName { get; init; } = "voicekit";

    /// <summary>The partition, such as "long".</summary>
    public string? Partition { get; init; }

    /// <summary>The time limit of one task, such as "2:00:00" or "1-12:00:00". A task that meets it is asked to end 30 s before, and goes on in another turn.</summary>
    public string? Time { get; init; }

    /// <summary>The memory of a node that a task gets, such as "4G".</summary>
    public string? Memory { get; init; }

    /// <summary>Other resources, such as "gpu:1".</summary>
    public string? Gres { get; init; }

    /// <summary>The processors of one task, 1 or more.</summary>
    public int? CpusPerTask { get; init; }

    /// <summary>How many tasks of an array may run at the same time, 1 or more; null for no bound.</summary>
    public int? MaxParallel { get; init; }

    /// <summary>How often a task that ended early (exit code 75) is put back into the queue before it gives up, 0 or more.</summary>
    public int Requeues { get; init; } = 5;
}
