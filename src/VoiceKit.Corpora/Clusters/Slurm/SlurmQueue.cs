using System.Globalization;
using System.Text.Json;

namespace VoiceKit.Clusters;

/// <summary>
/// Reads what "squeue --json" prints. Between Slurm 22.05 and 24 numbers became objects ({"set":true,"number":3}) and states arrays
/// (["RUNNING","COMPLETING"]); both are read. In 22.05 a controller that does not answer gives an empty list of jobs, an entry in "errors"
/// and exit code 0.
/// </summary>
internal static class SlurmQueue
{
    /// <summary>The most tasks that Slurm allows an array to have.</summary>
    private const int MaxTasks = 4_000_001;

    /// <summary>Reads the jobs; tasks that wait together become one entry each.</summary>
    /// <exception cref="SlurmUnavailableException">The controller did not answer.</exception>
    /// <exception cref="SlurmException">squeue refused, or the text is no such list.</exception>
    public static IReadOnlyList<SlurmJob> Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            RequireNoErrors(document.RootElement);
            return [.. document.RootElement.GetProperty("jobs").EnumerateArray().SelectMany(Jobs)];
        }
        catch (Exception exception)
            when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new SlurmException($"squeue: its answer cannot be understood: {exception.Message}", exception);
        }
    }

    private static void RequireNoErrors(JsonElement root)
    {
        if (!root.TryGetProperty("errors", out var errors) || errors.ValueKind != JsonValueKind.Array || errors.GetArrayLength() == 0)
            return;
        var words = string.Join(
            "; ",
            errors.EnumerateArray().Select(error => $"{Text(error, "description")} {Text(error, "error")} ({Text(error, "source")})".Trim())
        );
        throw Number(errors[0], "error_number") is null or -1
            ? new SlurmUnavailableException($"squeue: {words}")
            : SlurmProgram.Failure("squeue", words);
    }

    private static IEnumerable<SlurmJob> Jobs(JsonElement element)
    {
        var array = Number(element, "array_job_id") ?? 0;
        var job = new SlurmJob(
            array > 0 ? array : Number(element, "job_id") ?? throw new FormatException("a job has no number"),
            (int?)Number(element, "array_task_id"),
            Text(element, "name"),
            State(element.GetProperty("job_state")),
            Text(element, "nodes"),
            Text(element, "state_reason") is var reason && reason != "None" ? reason : ""
        );
        var waiting = Text(element, "array_task_string");
        return job.Task is not null || array == 0 || waiting.Length == 0 ? [job] : Tasks(waiting).Select(task => job with { Task = task });
    }

    /// <summary>The base state; a task that leaves its node counts as there.</summary>
    private static string State(JsonElement state)
    {
        if (state.ValueKind != JsonValueKind.Array)
            return state.GetString() ?? "";
        var words = state.EnumerateArray().Select(word => word.GetString() ?? "").ToArray();
        return words.Contains("COMPLETING") ? "COMPLETING" : words.FirstOrDefault() ?? "";
    }

    /// <summary>The numbers of "1-3,7,10-20:5%4"; the part after % is how many may run at a time.</summary>
    private static IEnumerable<int> Tasks(string text)
    {
        var count = 0L;
        foreach (var range in text.Split('%')[0].Trim('[', ']').Split(','))
        {
            var stepped = range.Split(':');
            var ends = stepped[0].Split('-');
            var (first, last) = (TaskNumber(ends[0]), TaskNumber(ends[^1]));
            var step = stepped.Length > 1 ? TaskNumber(stepped[1]) : 1;
            if (last < first || step < 1 || (count += ((last - (long)first) / step) + 1) > MaxTasks)
                throw new FormatException($"'{text}' is no list of tasks");
            for (long task = first; task <= last; task += step)
                yield return (int)task;
        }
    }

    private static int TaskNumber(string digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);

    private static long? Number(JsonElement element, string name) =>
        !element.TryGetProperty(name, out var value)
            ? null
            : value.ValueKind switch
            {
                JsonValueKind.Number => value.GetInt64(),
                JsonValueKind.Object
                    when value.TryGetProperty("number", out var number)
                        && !(value.TryGetProperty("set", out var isSet) && isSet.ValueKind == JsonValueKind.False) => number.GetInt64(),
                _ => null,
            };

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}

/// <summary>The state of a job, or of one task of an array, as Slurm reports it.</summary>
/// <param name="Id">The number of the job; for a task of an array the array's.</param>
/// <param name="Task">The task's number; null where the job is no array.</param>
/// <param name="Name">The job's name. Numbers are used again after a controller has lost its memory; the name helps to tell.</param>
/// <param name="State">Slurm's word, such as PENDING, RUNNING, COMPLETING, COMPLETED, FAILED, TIMEOUT, NODE_FAIL, CANCELLED.</param>
/// <param name="Node">Where it runs or ran; empty before.</param>
/// <param name="Reason">Why it waits or failed, in Slurm's words, such as Dependency, BeginTime, NonZeroExitCode; empty for none.</param>
internal sealed record SlurmJob(long Id, int? Task, string Name, string State, string Node, string Reason)
{
    /// <summary>Gets whether it waits for its turn, its first or a further one.</summary>
    public bool IsPending => State is "PENDING" or "REQUEUED" or "REQUEUE_FED" or "REQUEUE_HOLD" or "SPECIAL_EXIT" or "RESV_DEL_HOLD";

    /// <summary>Gets whether it is on a node, or about to leave or come to one.</summary>
    public bool IsRunning =>
        State
            is "RUNNING"
                or "COMPLETING"
                or "CONFIGURING"
                or "SUSPENDED"
                or "STOPPED"
                or "RESIZING"
                or "SIGNALING"
                or "STAGE_OUT"
                or "POWER_UP_NODE";

    /// <summary>Gets whether Slurm says that it ended with exit code 0.</summary>
    public bool IsCompleted => State == "COMPLETED";

    /// <summary>Gets whether it has left the queue in another way than by exit code 0.</summary>
    public bool IsFailed => !IsPending && !IsRunning && !IsCompleted;

    /// <summary>Gets whether it waits for a person: Slurm will not start it on its own.</summary>
    public bool IsHeld =>
        IsPending
        && (
            State is "REQUEUE_HOLD" or "SPECIAL_EXIT"
            || Reason is "DependencyNeverSatisfied"
            || Reason.Contains("held", StringComparison.OrdinalIgnoreCase)
        );
}

/// <summary>
/// How far an array and the job after it are, as Slurm tells it; which is no proof of anything: see <see cref="SlurmClient"/>.
/// </summary>
/// <param name="Pending">Tasks that wait for their turn.</param>
/// <param name="Running">Tasks on a node.</param>
/// <param name="Completed">Tasks that ended with exit code 0.</param>
/// <param name="Failed">Tasks that ended otherwise.</param>
/// <param name="Unknown">Tasks that Slurm says nothing of: ended some time ago, or lost.</param>
/// <param name="After">The state of the job that comes after the array; null for nothing, or where there is none.</param>
/// <param name="Trouble">What keeps it from going on and a person may want to look at, in Slurm's words: a controller that does not answer,
/// tasks that are held; else null.</param>
internal sealed record SlurmStatus(int Pending, int Running, int Completed, int Failed, int Unknown, SlurmJob? After, string? Trouble)
{
    /// <summary>Gets whether nothing of it is in the queue any more.</summary>
    public bool HasLeftTheQueue => Pending + Running == 0 && After is not ({ IsPending: true } or { IsRunning: true });
}
