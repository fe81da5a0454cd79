using VoiceKit.Clusters;

namespace VoiceKit.Cli;

/// <summary>Shows how far jobs on a cluster are.</summary>
internal static class SlurmProgress
{
    /// <summary>Follows an array and the job after it until both have left the queue.</summary>
    public static void Follow(CommandConsole console, SlurmWatch watch, long array, int taskCount, long after, TimeSpan interval)
    {
        string? trouble = null;
        try
        {
            foreach (var status in watch.Follow(array, taskCount, after, interval, console.Cancellation))
            {
                if (status.Trouble is not null && status.Trouble != trouble)
                    console.Warn(status.Trouble);
                trouble = status.Trouble;
                console.Progress(Describe(status), (double)(taskCount - status.Pending - status.Running) / taskCount);
            }
        }
        catch (OperationCanceledException)
        {
            console.Say($"the jobs {array} and {after} go on; scancel ends them");
            throw;
        }
    }

    private static string Describe(SlurmStatus status) =>
        $"{status.Pending} tasks waiting, {status.Running} running, {status.Completed} ended{Count(status.Failed, "failed")}{Count(status.Unknown, "unknown to Slurm")}; verifying: {status.After?.State.ToLowerInvariant() ?? "unknown to Slurm"}";

    private static string Count(int count, string what) => count == 0 ? "" : $", {count} {what}";
}
