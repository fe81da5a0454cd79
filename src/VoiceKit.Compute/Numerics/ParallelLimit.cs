namespace VoiceKit.Numerics;

/// <summary>
/// The number of cores that a piece of work may use. It holds for the caller and for all that it starts, down to the innermost loops; other
/// work in the process keeps its own limit.
/// </summary>
public static class ParallelLimit
{
    private static readonly AsyncLocal<int> Current = new();

    /// <summary>
    /// Gets the largest number of threads that a loop of this work runs on: all cores unless <see cref="Enter"/> set fewer.
    /// </summary>
    public static int MaxDegreeOfParallelism => Current.Value > 0 ? Current.Value : Environment.ProcessorCount;

    /// <summary>Sets the limit until the result is disposed of. A limit within another one can only be lower.</summary>
    /// <param name="maxDegreeOfParallelism">At least 1.</param>
    /// <example>
    /// <code>
    /// using (ParallelLimit.Enter(1))
    ///     model = trainer.Train(pairs, sourceRange, targetRange).Model;
    /// </code>
    /// </example>
    public static IDisposable Enter(int maxDegreeOfParallelism)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxDegreeOfParallelism, 1);
        var before = Current.Value;
        Current.Value = Math.Min(maxDegreeOfParallelism, MaxDegreeOfParallelism);
        return new Scope(before);
    }

    /// <summary>The options of a loop within the limit.</summary>
    internal static ParallelOptions Options(CancellationToken cancellation = default) =>
        new() { MaxDegreeOfParallelism = MaxDegreeOfParallelism, CancellationToken = cancellation };

    /// <summary>A query within the limit, in the order of the items.</summary>
    internal static ParallelQuery<T> InParallel<T>(this IEnumerable<T> items) =>
        items.AsParallel().AsOrdered().WithDegreeOfParallelism(Math.Min(MaxDegreeOfParallelism, 512));

    private sealed class Scope(int before) : IDisposable
    {
        public void Dispose() => Current.Value = before;
    }
}
