using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Text;
using VoiceKit.Corpora;
using VoiceKit.Devices;
using VoiceKit.Files;
using VoiceKit.Numerics;

namespace VoiceKit.Batches;

/// <summary>
/// Does a task with every item that needs it, several at a time. An item that fails is noted, and the others go on. The journal's line of
/// an item is written after its outputs are on the disk and before they take their names: an output under its name always has its line, so
/// that nothing whole is done twice.
/// </summary>
public sealed class BatchRunner : IDisposable
{
    // While one item of a job is worked on, another may be on its way to the disk.
    private const int ThreadsPerJob = 2;
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(250);
    private readonly BatchFolder folder;
    private readonly BatchItems items;
    private readonly BatchTask task;
    private readonly BatchOptions options;
    private readonly Action<string> failure;
    private readonly CancellationToken cancellation;
    private readonly SemaphoreSlim working;
    private readonly Lock gate = new();
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly List<JournalEntry> failures = [];
    private BatchProgress progress;
    private ExceptionDispatchInfo? stop;
    private bool isClosed;

    private BatchRunner(
        BatchFolder folder,
        BatchItems items,
        BatchTask task,
        BatchOptions options,
        Action<string>? failure,
        CancellationToken cancellation
    )
    {
        (this.folder, this.items, this.task, this.options, this.failure, this.cancellation) = (
            folder,
            items,
            task,
            options,
            failure ?? (_ => { }),
            cancellation
        );
        working = new SemaphoreSlim(options.Jobs);
        progress = new BatchProgress(items.Count, 0, 0, 0, 0, 0, TimeSpan.Zero);
    }

    /// <summary>Runs the batch.</summary>
    /// <param name="folder">The output folder, held for this run.</param>
    /// <param name="items">What to work on.</param>
    /// <param name="task">What to do.</param>
    /// <param name="options">The settings.</param>
    /// <param name="report">Receives the progress a few times a second, on the calling thread.</param>
    /// <param name="failure">Receives the reason of each failure.</param>
    /// <param name="cancellation">Asks the batch to stop: running items get <see cref="BatchOptions.Grace"/> to end.</param>
    /// <returns>How it ended.</returns>
    /// <exception cref="OperationCanceledException">It was asked to stop; the next run goes on.</exception>
    /// <exception cref="IOException">Outputs or journal cannot be written: nothing more was tried.</exception>
    public static BatchProgress Run(
        BatchFolder folder,
        BatchItems items,
        BatchTask task,
        BatchOptions options,
        Action<BatchProgress>? report = null,
        Action<string>? failure = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Jobs, 1);
        task.Open();
        task.Description.Write(folder);
        using var journal = folder.OpenJournal();
        using var runner = new BatchRunner(folder, items, task, options, failure, cancellation);
        return runner.Run(journal, report);
    }

    /// <summary>Lets go of what the run held.</summary>
    public void Dispose() => working.Dispose();

    private BatchProgress Run(Journal journal, Action<BatchProgress>? report)
    {
        using var source = items.Read().GetEnumerator();
        var workers = new Thread[(int)Math.Min(ThreadsPerJob * options.Jobs, Math.Max(1, items.Count))];
        for (var i = 0; i < workers.Length; i++)
        {
            // In the background: one that is abandoned must not keep the process.
            workers[i] = new Thread(() => Work(source, journal)) { IsBackground = true, Name = $"batch {i + 1}" };
            workers[i].Start();
        }

        for (var flushed = clock.Elapsed; Array.Exists(workers, worker => worker.IsAlive) && !cancellation.IsCancellationRequested;)
        {
            _ = Array.Find(workers, worker => worker.IsAlive)?.Join(ProgressInterval);
            report?.Invoke(Snapshot());
            if (clock.Elapsed - flushed < FlushInterval)
                continue;
            StopOnFailure(journal.Flush);
            flushed = clock.Elapsed;
        }

        var deadline = clock.Elapsed + options.Grace;
        foreach (var worker in workers)
            _ = worker.Join(
                cancellation.IsCancellationRequested
                    ? TimeSpan.FromTicks(Math.Max(0, (deadline - clock.Elapsed).Ticks))
                    : Timeout.InfiniteTimeSpan
            );
        lock (gate)
            isClosed = true;
        StopOnFailure(journal.Flush);
        BatchFailures.Write(folder, failures);
        stop?.Throw();
        if (!(options.FailFast && failures.Count > 0))
            cancellation.ThrowIfCancellationRequested();
        return Snapshot();
    }

    private BatchProgress Snapshot()
    {
        lock (gate)
            return progress with { Elapsed = clock.Elapsed };
    }

    private bool IsEnding =>
        stop is not null || isClosed || cancellation.IsCancellationRequested || (options.FailFast && failures.Count > 0);

    private void Work(IEnumerator<CorpusItem> source, Journal journal) =>
        StopOnFailure(() =>
        {
            while (Next(source) is { } item)
                Handle(item, journal);
        });

    private void StopOnFailure(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception)
        {
            lock (gate)
                stop ??= ExceptionDispatchInfo.Capture(exception is BatchStoppedException ? exception.InnerException! : exception);
        }
    }

    private CorpusItem? Next(IEnumerator<CorpusItem> source)
    {
        lock (gate)
            return !IsEnding && source.MoveNext() ? source.Current : null;
    }

    private void Handle(CorpusItem item, Journal journal)
    {
        var started = Stopwatch.GetTimestamp();
        var entry = new JournalEntry
        {
            Id = item.Id,
            Input = item.Path,
            Part = BatchDecision.PartOf(item),
            Parameters = task.Description.ParametersHash,
            Model = task.Description.Model,
            Outcome = BatchOutcome.Done,
            Finished = DateTime.UtcNow,
        };
        using var outputs = new BatchOutputs(folder);
        try
        {
            item.RequireUsable();
            var stamp = FileStamp.Of(item.Path);
            var decision = BatchDecision.Of(item, stamp, journal.Find(item.Id), task.Description, folder.Path);
            entry = entry with { InputStamp = stamp, InputHash = decision.InputHash };
            if (!decision.IsNeeded || (options.RetryFailed && decision.Earlier?.Outcome != BatchOutcome.Failed))
            {
                Skip(journal, decision.Earlier, stamp);
                return;
            }

            entry = Process(item, entry with { InputHash = decision.InputHash }, outputs);
            if (FileStamp.Of(item.Path) != stamp)
                throw new BadFileException(item.Path, null, "the file has changed while it was worked on");
            entry = entry with { Outputs = outputs.Flush(), Warnings = outputs.Warnings, Notes = outputs.Notes };
            Finish(
                journal,
                entry with
                {
                    Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds,
                    Finished = DateTime.UtcNow,
                },
                outputs,
                decision.Earlier
            );
        }
        catch (OperationCanceledException)
        {
            // The batch is ending, and this item had not begun.
        }
        catch (TemporaryFileException exception)
        {
            throw new BatchStoppedException(exception);
        }
        catch (Exception exception) when (exception is not BatchStoppedException)
        {
            Fail(
                journal,
                entry with
                {
                    Outcome = BatchOutcome.Failed,
                    Reason = BatchFailures.Describe(item.Path, exception),
                    Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds,
                }
            );
        }
    }

    /// <summary>
    /// The part of the work that keeps a core busy: as many do it at a time as there are jobs, while others wait for the disk.
    /// </summary>
    private JournalEntry Process(CorpusItem item, JournalEntry entry, BatchOutputs outputs)
    {
        working.Wait(cancellation);
        try
        {
            lock (gate)
            {
                if (IsEnding)
                    throw new OperationCanceledException();
            }

            var hash = entry.InputHash ?? ContentHash.OfFile(item.Path);
            using var recording = BatchInput.Open(item, outputs);

            // The jobs share the cores: each has one.
            using var limit = ParallelLimit.Enter(1);
            task.Process(item, recording, outputs, cancellation);
            return entry with { InputHash = hash, AudioSeconds = recording.Stream.Duration.TotalSeconds };
        }
        finally
        {
            _ = working.Release();
        }
    }

    /// <summary>An input that was only touched is noted with its new time, so that it is not read again and again.</summary>
    private void Skip(Journal journal, JournalEntry? earlier, FileStamp stamp)
    {
        lock (gate)
        {
            progress = progress with { Skipped = progress.Skipped + 1 };
            if (!isClosed && earlier is { Outcome: BatchOutcome.Done } && earlier.InputStamp != stamp && !options.RetryFailed)
                Append(journal, earlier with { InputStamp = stamp });
        }
    }

    private void Finish(Journal journal, JournalEntry entry, BatchOutputs outputs, JournalEntry? earlier)
    {
        lock (gate)
        {
            if (isClosed)
                return;
            Append(journal, entry);
            try
            {
                outputs.Commit();
                foreach (var old in earlier?.Outputs.Where(output => !entry.Outputs.Any(kept => kept.Name == output.Name)) ?? [])
                    DeleteOutput(old.Name);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new BatchStoppedException(exception);
            }

            progress = progress with
            {
                Done = progress.Done + 1,
                Warned = progress.Warned + (entry.Warnings.Count > 0 ? 1 : 0),
                AudioSeconds = progress.AudioSeconds + entry.AudioSeconds,
            };
        }
    }

    private void DeleteOutput(string name)
    {
        try
        {
            File.Delete(ContainedPath.Of(folder.Path, name));
        }
        catch (BadFileException)
        {
            // It lies behind a link that leads out of the folder: whatever is there is not this batch's.
        }
    }

    private void Fail(Journal journal, JournalEntry entry)
    {
        lock (gate)
        {
            if (isClosed)
                return;
            Append(journal, entry with { Finished = DateTime.UtcNow });
            failures.Add(entry);
            progress = progress with { Failed = progress.Failed + 1 };
        }

        failure(entry.Reason!);
    }

    private static void Append(Journal journal, JournalEntry entry)
    {
        try
        {
            journal.Append(entry);
        }
        catch (IOException exception)
        {
            throw new BatchStoppedException(exception);
        }
    }
}

/// <summary>The settings of <see cref="BatchRunner"/>.</summary>
public sealed record BatchOptions
{
    /// <summary>Gets or sets how many items are worked on at a time; the number of cores by default.</summary>
    public int Jobs { get; init; } = Environment.ProcessorCount;

    /// <summary>Gets or sets whether the first failure ends the batch.</summary>
    public bool FailFast { get; init; }

    /// <summary>Gets or sets whether only items that failed before are worked on.</summary>
    public bool RetryFailed { get; init; }

    /// <summary>
    /// Gets or sets how long running items may go on after the batch was asked to stop; 2 s by default. What has not ended then is
    /// abandoned and done again by the next run.
    /// </summary>
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
    /// <summary>Gets how many seconds of sound are done in a second.</summary>
    public double Throughput => Elapsed > TimeSpan.Zero ? AudioSeconds / Elapsed.TotalSeconds : 0;

    /// <summary>Gets how long the rest will take if it goes on like this; null before anything can be said.</summary>
    public TimeSpan? Remaining => Done + Failed == 0 ? null : Elapsed * ((double)(Total - Done - Skipped - Failed) / (Done + Failed));
}

/// <summary>The list of what failed, for people: one line an item with name, file and reason, between tabs.</summary>
internal static class BatchFailures
{
    /// <summary>Writes the list; where nothing failed there is none.</summary>
    public static void Write(BatchFolder folder, IReadOnlyList<JournalEntry> failures)
    {
        if (failures.Count == 0)
        {
            File.Delete(folder.FailedPath);
            return;
        }

        folder.WriteState(
            folder.FailedPath,
            stream =>
            {
                using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true);
                foreach (var entry in failures.OrderBy(entry => entry.Id, StringComparer.Ordinal))
                {
                    string[] fields = [entry.Id, entry.Input, entry.Reason ?? ""];
                    writer.Write(string.Join('\t', fields.Select(BadFileException.OnOneLine)) + "\n");
                }
            }
        );
    }

    /// <summary>Which file failed and why, in words.</summary>
    public static string Describe(string path, Exception exception) =>
        exception switch
        {
            AggregateException { InnerExceptions.Count: > 0 } aggregate => Describe(path, aggregate.InnerExceptions[0]),
            BadFileException or IOException or UnauthorizedAccessException => exception.Message,
            DeviceException => $"{BadFileException.OnOneLine(path)}: {exception.Message}",
            UnusableDataException => $"{BadFileException.OnOneLine(path)}: {exception.Message}",
            _ => $"{BadFileException.OnOneLine(path)}: this is a bug, please report it: {exception.GetType().Name}: {exception.Message}",
        };
}
