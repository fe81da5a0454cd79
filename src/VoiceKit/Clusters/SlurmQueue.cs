using System.Globalization;
using System.Text.Json;

namespace VoiceKit.Clusters;

/// <summary>
/// Reads what "squeue --json" prints. Between Slurm 22.05 and 24 numbers became objects ({"set":true,"number":3}) and states arrays (["RUNNING","COMPLETING"]);
/// both are read. In 22.05 a controller that does not answer gives an empty list of jobs, an entry in "errors" and exit code 0.
/// </summary>
internal static class SlurmQueue
{
    /// <summary>The most tasks that Slurm allows an array to have.</summary>
    private const int MostTasks = 4_000_001;

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
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new SlurmException($"squeue: its answer cannot be understood: {exception.Message}", exception);
        }
    }

    private static void RequireNoErrors(JsonElement root)
    {
        if (!root.TryGetProperty("errors", out var errors) || errors.ValueKind != JsonValueKind.Array || errors.GetArrayLength() == 0)
            return;
        var words = string.Join("; ", errors.EnumerateArray().Select(error => $"{Text(error, "description")} {Text(error, "error")} ({Text(error, "source")})".Trim()));
        throw Number(errors[0], "error_number") is null or -1 ? new SlurmUnavailableException($"squeue: {words}") : SlurmProgram.Failure("squeue", words);
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
            Text(element, "state_reason") is var reason && reason != "None" ? reason : "");
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
            if (last < first || step < 1 || (count += ((last - (long)first) / step) + 1) > MostTasks)
                throw new FormatException($"'{text}' is no list of tasks");
            for (long task = first; task <= last; task += step)
                yield return (int)task;
        }
    }

    private static int TaskNumber(string digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);

    private static long? Number(JsonElement element, string name) => !element.TryGetProperty(name, out var value) ? null : value.ValueKind switch
    {
        JsonValueKind.Number => value.GetInt64(),
        JsonValueKind.Object when value.TryGetProperty("number", out var number) && !(value.TryGetProperty("set", out var isSet) && isSet.ValueKind == JsonValueKind.False) => number.GetInt64(),
        _ => null,
    };

    private static string Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
