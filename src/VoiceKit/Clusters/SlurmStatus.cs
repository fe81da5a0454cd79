namespace VoiceKit.Clusters;

/// <summary>How far an array and the job after it are, as Slurm tells it; which is no proof of anything: see <see cref="SlurmClient"/>.</summary>
/// <param name="Pending">Tasks that wait for their turn.</param>
/// <param name="Running">Tasks on a node.</param>
/// <param name="Completed">Tasks that ended with exit code 0.</param>
/// <param name="Failed">Tasks that ended otherwise.</param>
/// <param name="Unknown">Tasks that Slurm says nothing of: ended some time ago, or lost.</param>
/// <param name="After">What Slurm says of the job that comes after the array; null for nothing, or where there is none.</param>
/// <param name="Trouble">What keeps it from going on and a person may want to look at, in Slurm's words: a controller that does not answer, tasks that are held; else null.</param>
public sealed record SlurmStatus(int Pending, int Running, int Completed, int Failed, int Unknown, SlurmJob? After, string? Trouble)
{
    /// <summary>Whether nothing of it is in the queue any more.</summary>
    public bool HasLeftTheQueue => Pending + Running == 0 && After is not ({ IsPending: true } or { IsRunning: true });
}
