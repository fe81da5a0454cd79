using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace VoiceKit.Clusters;

/// <summary>
/// Submits, lists and ends jobs through Slurm's own programs, which find their configuration (SLURM_CONF) in the environment. What Slurm
/// says is a report, not a proof: a controller that was killed seconds after a submission was seen to forget the job, to start running
/// tasks again beside themselves, and to give a forgotten number to another job. Whether the work is done is for the batch's journal to
/// say.
/// </summary>
/// <param name="folder">The folder with Slurm's programs; null for those on PATH.</param>
/// <param name="timeout">How long one program may take; null for two minutes. Slurm's own programs try for some seconds before they give
/// up.</param>
internal sealed class SlurmClient(string? folder = null, TimeSpan? timeout = null)
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

        // NUMBER, or NUMBER;CLUSTER, after the messages of a site's plugin.
        var line = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "";
        return long.TryParse(line.Split(';')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : throw new SlurmException($"sbatch: no job number is in its answer '{line}'");
    }

    /// <summary>
    /// Lists jobs (squeue --json), those that ended lately too; one entry a task of an array, and none for what Slurm no longer knows.
    /// </summary>
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

    /// <summary>
    /// Puts a job, or one task of an array, back into the queue (scontrol requeue). The number of an array means all its tasks.
    /// </summary>
    /// <exception cref="SlurmUnavailableException">The controller does not answer.</exception>
    /// <exception cref="SlurmException">scontrol is not installed or refuses.</exception>
    public void Requeue(long id, int? task = null) => Run("scontrol", ["requeue", Name(id, task)]);

    /// <summary>Ends a job, or one task of an array (scancel). A job that is not there is no error.</summary>
    /// <exception cref="SlurmUnavailableException">The controller does not answer.</exception>
    /// <exception cref="SlurmException">scancel is not installed or refuses.</exception>
    public void Cancel(long id, int? task = null) => Run("scancel", [Name(id, task)]);

    private static string Name(long id, int? task) =>
        task is null ? string.Create(CultureInfo.InvariantCulture, $"{id}") : string.Create(CultureInfo.InvariantCulture, $"{id}_{task}");

    private string Run(string program, IReadOnlyList<string> arguments) =>
        SlurmProgram.Run(folder is null ? program : Path.Combine(folder, program), arguments, WholeLists, timeout);
}

/// <summary>Runs one of Slurm's programs: without a shell, in bounded time, with bounded output.</summary>
internal static class SlurmProgram
{
    private const int NoSuchFile = 2;
    private const int MaxOutput = 1 << 29;

    /// <summary>Messages of Slurm's programs when the controller does not answer.</summary>
    private static readonly string[] Unavailable =
    [
        "Unable to contact slurm controller",
        "Socket timed out",
        "Zero Bytes were transmitted or received",
        "Connection refused",
        "Connection timed out",
        "controller in standby mode",
        "Communication connection failure",
        "Transport endpoint is not connected",
        "temporarily unable to accept job",
    ];

    /// <summary>Runs a program to its end and returns its standard output.</summary>
    /// <param name="program">The program, by its path or found on PATH.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="settings">Further environment variables.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <exception cref="SlurmUnavailableException">The controller does not answer.</exception>
    /// <exception cref="SlurmException">The program is not there, or says no.</exception>
    public static string Run(
        string program,
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string> settings,
        TimeSpan timeout
    )
    {
        var name = Path.GetFileName(program);
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (key, value) in settings)
            start.Environment[key] = value;
        using var process = Start(start);
        process.StandardInput.Close();
        var output = ReadAsync(process.StandardOutput, name);
        var error = ReadAsync(process.StandardError, name);
        try
        {
            if (!process.WaitForExit(timeout) || !Task.WaitAll([output, error], timeout))
                throw new SlurmUnavailableException($"{name} did not end within {timeout.TotalSeconds:F0} s");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
            }
        }

        if (process.ExitCode == 0)
            return output.Result;
        throw Failure(name, error.Result.Trim() is { Length: > 0 } words ? words : $"it ended with exit code {process.ExitCode}");
    }

    /// <summary>The exception for what a program said.</summary>
    public static SlurmException Failure(string name, string words)
    {
        var sentence =
            $"{name}: {string.Join("; ", words.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))}";
        return Array.Exists(Unavailable, text => words.Contains(text, StringComparison.OrdinalIgnoreCase))
            ? new SlurmUnavailableException(sentence)
            : new SlurmException(sentence);
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw new SlurmException(
                exception.NativeErrorCode == NoSuchFile
                    ? $"{start.FileName} is not installed or not on PATH: run this where Slurm's programs are, such as the "
                        + $"cluster's login node"
                    : $"{start.FileName} cannot be started: {exception.Message}",
                exception
            );
        }
    }

    private static async Task<string> ReadAsync(StreamReader reader, string name)
    {
        var (text, buffer) = (new System.Text.StringBuilder(), new char[1 << 15]);
        for (int count; (count = await reader.ReadAsync(buffer).ConfigureAwait(false)) > 0;)
        {
            if (text.Length + count > MaxOutput)
                throw new SlurmException($"{name} says more than {MaxOutput >> 20} MiB");
            _ = text.Append(buffer, 0, count);
        }

        return text.ToString();
    }
}

/// <summary>
/// The exception where one of Slurm's programs is not there, cannot be understood, or says no: the message has its words.
/// </summary>
/// <param name="message">What happened.</param>
/// <param name="inner">The exception that led to this one, if any.</param>
internal class SlurmException(string message, Exception? inner = null) : IOException(message, inner);

/// <summary>
/// The exception where Slurm's controller does not answer: nothing is wrong with what was asked, and the same may work a minute later.
/// </summary>
/// <param name="message">What Slurm said.</param>
/// <remarks>After a submission it is not known whether the job was accepted.</remarks>
internal sealed class SlurmUnavailableException(string message) : SlurmException(message);
