namespace VoiceKit.Batches;

/// <summary>The settings of <see cref="BatchRunner"/>.</summary>
public sealed record BatchOptions
{
    /// <summary>How many items are worked on at a time; the number of cores by default.</summary>
    public int Jobs { get; init; } = Environment.ProcessorCount;

    /// <summary>Whether the first failure ends the batch.</summary>
    public bool FailFast { get; init; }

    /// <summary>Whether only items that failed before are worked on.</summary>
    public bool RetryFailed { get; init; }

    /// <summary>How long running items may go on after the batch was asked to stop; 2 s by default. What has not ended then is abandoned and done again by the next run.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(2);
}

/// <summary>How far a batch is.</summary>
/// <param name="Total">The number of items.</param>
/// <param name="Done">Items done by this run.</param>
/// <param name="Skipped">Items that needed no work.</param>
/// <param name="Failed">Items that failed in this run.</param>
/// <param name="Warned">Items done by this run of which something odd is noted.</param>
/// <param name="AudioSeconds">How much sound was done by this run, in seconds.</param>
/// <param name="Elapsed">How long it has been running.</param>
public sealed record BatchProgress(long Total, long Done, long Skipped, long Failed, long Warned, double AudioSeconds, TimeSpan Elapsed)
{
    /// <summary>How many seconds of sound are done in a second.</summary>
    public double Throughput => Elapsed > TimeSpan.Zero ? AudioSeconds / Elapsed.TotalSeconds : 0;

    /// <summary>How long the rest will take if it goes on like this; null before anything can be said.</summary>
    public TimeSpan? Remaining => Done + Failed == 0 ? null : Elapsed * ((double)(Total - Done - Skipped - Failed) / (Done + Failed));
}
