using System.Globalization;

namespace VoiceKit.Clusters;

/// <summary>Follows an array and the job that comes after it until both have left the queue.</summary>
/// <param name="client">Asks Slurm.</param>
/// <param name="name">The jobs' name, <see cref="SlurmOptions.JobName"/>: a job of another name with one of the numbers is somebody
/// else's.</param>
internal sealed class SlurmWatch(SlurmClient client, string name)
{
    /// <summary>A controller that has just started may not know its jobs yet.</summary>
    private const int AnswersToBelieve = 2;

    /// <summary>
    /// Yields what Slurm says, again and again, until it has said twice in a row that nothing of the array and the job after it is in the
    /// queue.
    /// </summary>
    /// <param name="array">The array's number.</param>
    /// <param name="taskCount">The number of its tasks.</param>
    /// <param name="after">The number of the job that comes after it; null for none.</param>
    /// <param name="interval">The time from one answer to the next question.</param>
    /// <param name="cancellation">Ends it; the jobs go on.</param>
    /// <returns>
    /// The states, at least two. While the controller does not answer, the last state is given once more, with
    /// <see cref="SlurmStatus.Trouble"/>, and then nothing until it answers again. That the last one has no failed or unknown tasks does
    /// not prove that the work is done.
    /// </returns>
    /// <exception cref="SlurmException">squeue is not installed, or refuses.</exception>
    /// <exception cref="OperationCanceledException">It was asked to end.</exception>
    public IEnumerable<SlurmStatus> Follow(
        long array,
        int taskCount,
        long? after,
        TimeSpan interval,
        CancellationToken cancellation = default
    )
    {
        var status = new SlurmStatus(0, 0, 0, 0, taskCount, null, null);
        var isSilent = false;
        for (var ended = 0; ended < AnswersToBelieve;)
        {
            cancellation.ThrowIfCancellationRequested();
            var (answer, trouble) = Ask(array, taskCount, after);
            if (answer is not null)
            {
                yield return status = answer;
                ended = status.HasLeftTheQueue ? ended + 1 : 0;
            }
            else if (!isSilent)
            {
                yield return status with
                {
                    Trouble = trouble,
                };
            }

            isSilent = answer is null;
            if (ended < AnswersToBelieve && cancellation.WaitHandle.WaitOne(interval))
                cancellation.ThrowIfCancellationRequested();
        }
    }

    private (SlurmStatus? Status, string? Trouble) Ask(long array, int taskCount, long? after)
    {
        try
        {
            return (Count(client.Queue(after is { } id ? [array, id] : [array]), array, taskCount, after), null);
        }
        catch (SlurmUnavailableException exception)
        {
            return (null, exception.Message);
        }
    }

    private SlurmStatus Count(IReadOnlyList<SlurmJob> jobs, long array, int taskCount, long? after)
    {
        var own = jobs.Where(job => job.Name == name).ToArray();
        var tasks = own.Where(job => job.Id == array && job.Task is { } task && task >= 1 && task <= taskCount)
            .DistinctBy(job => job.Task)
            .ToArray();
        var next = after is null ? null : Array.Find(own, job => job.Id == after && job.Task is null);
        var held = own.Where(job => job.IsHeld).ToArray();
        var trouble =
            held.Length == 0
                ? null
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{held.Length} held ({string.Join(", ", held.Select(job => job.Reason).Distinct().Take(3))}); scontrol "
                        + $"release {held[0].Id} lets them go on"
                );
        return new SlurmStatus(
            tasks.Count(job => job.IsPending),
            tasks.Count(job => job.IsRunning),
            tasks.Count(job => job.IsCompleted),
            tasks.Count(job => job.IsFailed),
            taskCount - tasks.Length,
            next,
            trouble
        );
    }
}
