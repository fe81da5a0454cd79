using System.Globalization;

namespace VoiceKit.Clusters;

/// <summary>
/// Submits, lists and ends jobs through Slurm's own programs, which find their configuration (SLURM_CONF) in the environment. What Slurm
/// says is a report, not a proof: a controller that was killed seconds after a submission was seen to forget the job, to start running tasks again beside
/// themselves, and to give a forgotten number to another job. Whether the work is done is for the batch's journal to say.
/// </summary>
/// <param name="folder">The folder with Slurm's programs; null for those on PATH.</param>
/// <param name="timeout">How long one program may take; null for two minutes. Slurm's own programs try for some seconds before they give up.</param>
public sealed class SlurmClient(string? folder = null, TimeSpan? timeout = null)
{
    /// <summary>By default long lists of tasks are cut off with "...".</summary>
    private static readonly Dictionary<string, string> WholeLists = new() { ["SLURM_BITSTR_LEN"] = "0" };

    private readonly TimeSpan timeout = timeout ?? TimeSpan.FromMinutes(2);

    /// <summary>Submits a script (sbatch).</summary>
    /// <param name="script">The script's file, with its #SBATCH lines.</param>
    /// <param name="after">The number of a job that must have ended first, in whatever way (afterany); null for none.</param>
    /// <returns>The job's number.</returns>
    /// <exception cref="SlurmUnavailableException">The controller does not answer; the job may have been accepted all the same.</exception>
    /// <exception cref="SlurmException">sbatch is not installed, or refuses the job: the message has its words.</exception>
    public long Submit(string script, long? after = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(script);
        string[] dependency = after is { } earlier ? [string.Create(CultureInfo.InvariantCulture, $"--dependency=afterany:{earlier}")] : [];
        var output = Run("sbatch", ["--parsable", .. dependency, Path.GetFullPath(script)]);

        // NUMBER, or NUMBER;CLUSTER, after whatever a site's plugin has to say.
        var line = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "";
        return long.TryParse(line.Split(';')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : throw new SlurmException($"sbatch: no job number is in its answer '{line}'");
    }

    /// <summary>Lists jobs (squeue --json), those that ended lately too; one entry a task of an array, and none for what Slurm no longer knows.</summary>
    /// <param name="ids">The numbers of the jobs.</param>
    /// <exception cref="SlurmUnavailableException">The controller does not answer.</exception>
    /// <exception cref="SlurmException">squeue is not installed, refuses, or says what cannot be understood.</exception>
    public IReadOnlyList<SlurmJob> Queue(params IReadOnlyCollection<long> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        if (ids.Count == 0)
            return [];
        try
        {
            var list = string.Join(',', ids.Select(id => id.ToString(CultureInfo.InvariantCulture)));
            return [.. SlurmQueue.Parse(Run("squeue", ["--json", "--states=all", "--jobs=" + list])).Where(job => ids.Contains(job.Id))];
        }
        catch (SlurmException exception) when (exception.Message.Contains("Invalid job id", StringComparison.OrdinalIgnoreCase))
        {
            return [];
        }
    }

    /// <summary>Puts a job, or one task of an array, back into the queue (scontrol requeue). The number of an array means all its tasks.</summary>
    /// <exception cref="SlurmUnavailableException">The controller does not answer.</exception>
    /// <exception cref="SlurmException">scontrol is not installed or refuses.</exception>
    public void Requeue(long id, int? task = null) => Run("scontrol", ["requeue", Name(id, task)]);

    /// <summary>Ends a job, or one task of an array (scancel). A job that is not there is no error.</summary>
    /// <exception cref="SlurmUnavailableException">The controller does not answer.</exception>
    /// <exception cref="SlurmException">scancel is not installed or refuses.</exception>
    public void Cancel(long id, int? task = null) => Run("scancel", [Name(id, task)]);

    private static string Name(long id, int? task) => task is null ? string.Create(CultureInfo.InvariantCulture, $"{id}") : string.Create(CultureInfo.InvariantCulture, $"{id}_{task}");

    private string Run(string program, IReadOnlyList<string> arguments) =>
        SlurmProgram.Run(folder is null ? program : Path.Combine(folder, program), arguments, WholeLists, timeout);
}
