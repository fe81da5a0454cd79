using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Text;
using VoiceKit.Corpora;
using VoiceKit.Devices;
using VoiceKit.Files;
using VoiceKit.Numerics;

namespace VoiceKit.Batches;

/// <summary>
/// Does the same with every recording, several at a time. One that fails is noted, and the others go on. With a journal the line of an item
/// is written after its outputs are on the disk and before they take their names: an output under its name always has its line, so that
/// nothing whole is done twice.
/// </summary>
public sealed class BatchRunner : IDisposable
{
    // While one item of a job is worked on, another may be on its way to the disk.
    private const int ThreadsPerJob = 2;
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(250);
    private readonly OutputPlace place;
    private readonly RecordingWork work;
    private readonly BatchRecord? record;
    private readonly BatchOptions options;
    private readonly BatchEvents events;
    private readonly CancellationToken cancellation;
    private readonly SemaphoreSlim working;
    private readonly Lock gate = new();
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly List<JournalEntry> failures = [];
    private BatchProgress progress;
    private ExceptionDispatchInfo? stop;
    private bool isClosed;
    private bool hasFailed;

    private BatchRunner(
        OutputPlace place,
        RecordingWork work,
        BatchRecord? record,
        BatchOptions options,
        BatchEvents? events,
        CancellationToken cancellation
    )
    {
        (this.place, this.work, this.record, this.options, this.cancellation) = (place, work, record, options, cancellation);
        this.events = events ?? new BatchEvents();
        working = new SemaphoreSlim(options.Jobs);
        progress = new BatchProgress(0, 0, 0, 0, 0, 0, TimeSpan.Zero);
    }

    /// <summary>Runs a batch: what an earlier run has done whole is left as it is.</summary>
    /// <param name="folder">The output folder, held for this run.</param>
    /// <param name="items">What to work on.</param>
    /// <param name="task">What to do.</param>
    /// <param name="options">The settings.</param>
    /// <param name="events">Receives progress and failures.</param>
    /// <param name="cancellation">Asks the batch to stop: running items get <see cref="BatchOptions.Grace"/> to end.</param>
    /// <returns>How it ended.</returns>
    /// <exception cref="OperationCanceledException">It was asked to stop; the next run goes on.</exception>
    /// <exception cref="IOException">Outputs or journal cannot be written: nothing more was tried.</exception>
    public static BatchProgress Run(
        BatchFolder folder,
        BatchItems items,
        BatchTask task,
        BatchOptions options,
        BatchEvents? events = null,
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
        var place = new OutputPlace(folder.Path, folder.TemporaryFolder);
        using var runner = new BatchRunner(place, task.Process, new BatchRecord(folder, task, journal), options, events, cancellation);
        return runner.Run(items.Read(), items.Count);
    }

    /// <summary>
    /// Works on recordings without a journal: each is worked on, whatever there is, and nothing is noted for a later run.
    /// </summary>
    /// <param name="folder">The output folder; it is created where there is none.</param>
    /// <param name="items">The recordings; no two may have the same name.</param>
    /// <param name="work">What to do with each.</param>
    /// <param name="options">The settings.</param>
    /// <param name="events">Receives progress, warnings and failures.</param>
    /// <param name="cancellation">Asks the run to stop: running items get <see cref="BatchOptions.Grace"/> to end.</param>
    /// <returns>How it ended.</returns>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    /// <exception cref="IOException">Outputs cannot be written: nothing more was tried.</exception>
    public static BatchProgress RunOnce(
        string folder,
        IReadOnlyList<CorpusItem> items,
        RecordingWork work,
        BatchOptions options,
        BatchEvents? events = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(work);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Jobs, 1);
        var temporary = Directory.CreateDirectory(StagedFile.TemporaryName(folder));
        try
        {
            var place = new OutputPlace(folder, temporary.FullName);
            using var runner = new BatchRunner(place, work, null, options, events, cancellation);
            return runner.Run(items, items.Count);
        }
        finally
        {
            try
            {
                temporary.Delete(recursive: true);
            }
            catch (IOException)
            {
                // An item that was abandoned is still writing there.
            }
        }
    }

    /// <summary>Releases the run's resources.</summary>
    public void Dispose() => working.Dispose();

    private BatchProgress Run(IEnumerable<CorpusItem> items, long count)
    {
        progress = progress with { Total = count };
        using var source = items.GetEnumerator();
        var workers = new Thread[(int)Math.Min(ThreadsPerJob * options.Jobs, Math.Max(1, count))];
        for (var i = 0; i < workers.Length; i++)
        {
            // In the background: one that is abandoned must not keep the process.
            workers[i] = new Thread(() => Work(source)) { IsBackground = true, Name = $"batch {i + 1}" };
            workers[i].Start();
        }

        for (var flushed = clock.Elapsed; Array.Exists(workers, worker => worker.IsAlive) && !cancellation.IsCancellationRequested;)
        {
            _ = Array.Find(workers, worker => worker.IsAlive)?.Join(ProgressInterval);
            events.Progress?.Report(Snapshot());
            if (clock.Elapsed - flushed < FlushInterval)
                continue;
            FlushJournal();
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
        FlushJournal();
        record?.WriteFailures(failures);
        stop?.Throw();
        if (!(options.FailFast && failures.Count > 0))
            cancellation.ThrowIfCancellationRequested();
        var end = Snapshot();
        events.Progress?.Report(end);
        return end;
    }

    private void FlushJournal()
    {
        if (record is not null)
            StopOnFailure(record.Journal.Flush);
    }

    private BatchProgress Snapshot()
    {
        lock (gate)
            return progress with { Elapsed = clock.Elapsed };
    }

    private bool IsEnding => stop is not null || isClosed || cancellation.IsCancellationRequested || (options.FailFast && hasFailed);

    private void Work(IEnumerator<CorpusItem> source) =>
        StopOnFailure(() =>
        {
            while (Next(source) is { } item)
                Handle(item);
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

    private void Handle(CorpusItem item)
    {
        var started = Stopwatch.GetTimestamp();
        var entry = BatchRecord.Begin(item, record?.Task.Description);
        using var outputs = new StagedOutputs(place, item.Id);
        try
        {
            item.RequireUsable();
            var stamp = FileStamp.Of(item.Path);
            var decision = record?.Decide(item, stamp, place.Path);
            entry = entry with { InputStamp = stamp, InputHash = decision?.InputHash };
            if (decision is { IsNeeded: false } || (options.RetryFailed && decision?.Earlier?.Outcome != BatchOutcome.Failed))
            {
                Skip(decision?.Earlier, stamp);
                return;
            }

            entry = Process(item, entry, outputs);
            if (FileStamp.Of(item.Path) != stamp)
                throw new BadFileException(item.Path, null, "the file has changed while it was worked on");
            outputs.Flush();
            entry = entry with
            {
                Outputs = record is null ? [] : outputs.Describe(),
                Warnings = outputs.Warnings,
                Notes = outputs.Notes,
                Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds,
                Finished = DateTime.UtcNow,
            };
            Finish(entry, outputs, decision?.Earlier);
        }
        catch (OperationCanceledException)
        {
            // The run is ending, and this item had not ended.
            return;
        }
        catch (TemporaryFileException exception)
        {
            throw new BatchStoppedException(exception);
        }
        catch (Exception exception) when (exception is not BatchStoppedException)
        {
            Fail(
                entry with
                {
                    Outcome = BatchOutcome.Failed,
                    Reason = BatchFailures.Describe(item.Path, exception),
                    Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds,
                }
            );
            return;
        }

        if (outputs.Warnings.Count > 0)
            events.Warned?.Invoke(item, outputs.Warnings);
    }

    /// <summary>
    /// The part of the work that keeps a core busy: as many do it at a time as there are jobs, while others wait for the disk.
    /// </summary>
    private JournalEntry Process(CorpusItem item, JournalEntry entry, StagedOutputs outputs)
    {
        working.Wait(cancellation);
        try
        {
            lock (gate)
            {
                if (IsEnding)
                    throw new OperationCanceledException();
            }

            var hash = record is null ? null : entry.InputHash ?? ContentHash.OfFile(item.Path);
            using var recording = RecordingInput.Open(item.Id, item.Path, item.Open, outputs);
            outputs.Warn(item.Contradictions(recording.Stream));

            // The jobs share the cores: each has one.
            using var limit = ParallelLimit.Enter(1);
            work(recording, outputs, null, cancellation);
            return entry with { InputHash = hash, AudioSeconds = recording.Stream.Duration.TotalSeconds };
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // The next item, which may begin as soon as this one's turn ends, must see it.
            lock (gate)
                hasFailed = true;
            throw;
        }
        finally
        {
            _ = working.Release();
        }
    }

    /// <summary>An input that was only touched is noted with its new time, so that it is not read again and again.</summary>
    private void Skip(JournalEntry? earlier, FileStamp stamp)
    {
        lock (gate)
        {
            progress = progress with { Skipped = progress.Skipped + 1 };
            if (!isClosed && earlier is { Outcome: BatchOutcome.Done } && earlier.InputStamp != stamp && !options.RetryFailed)
                record?.Append(earlier with { InputStamp = stamp });
        }
    }

    private void Finish(JournalEntry entry, StagedOutputs outputs, JournalEntry? earlier)
    {
        lock (gate)
        {
            if (isClosed)
                return;
            record?.Append(entry);
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
            File.Delete(ContainedPath.Of(place.Path, name));
        }
        catch (BadFileException)
        {
            // It lies behind a link that leads out of the folder: whatever is there is not this batch's.
        }
    }

    private void Fail(JournalEntry entry)
    {
        lock (gate)
        {
            if (isClosed)
                return;
            record?.Append(entry with { Finished = DateTime.UtcNow });
            failures.Add(entry);
            hasFailed = true;
            progress = progress with { Failed = progress.Failed + 1 };
        }

        events.Failed?.Invoke(entry.Reason!);
    }
}

/// <summary>Works on a recording, as <see cref="BatchTask.Process"/> does.</summary>
/// <param name="input">The recording.</param>
/// <param name="outputs">Receives the output files.</param>
/// <param name="progress">Receives the part that is done, 0 .. 1, of a long recording.</param>
/// <param name="cancellation">Ends the work on a long recording.</param>
public delegate void RecordingWork(
    RecordingInput input,
    RecordingOutputs outputs,
    IProgress<double>? progress,
    CancellationToken cancellation
);

/// <summary>Receives what happens during a run.</summary>
public sealed record BatchEvents
{
    /// <summary>Gets or sets what receives the progress, a few times a second, on the thread that runs the batch.</summary>
    public IProgress<BatchProgress>? Progress { get; init; }

    /// <summary>Gets or sets what receives the reason of each failure; called from several threads.</summary>
    public Action<string>? Failed { get; init; }

    /// <summary>Gets or sets what receives the warnings of each recording that has some; called from several threads.</summary>
    public Action<CorpusItem, IReadOnlyList<string>>? Warned { get; init; }
}

/// <summary>The journal of a run, with the task that it is of.</summary>
/// <param name="folder">The batch's folder.</param>
/// <param name="task">What is done.</param>
/// <param name="journal">What was done.</param>
internal sealed class BatchRecord(BatchFolder folder, BatchTask task, Journal journal)
{
    public BatchTask Task { get; } = task;

    public Journal Journal { get; } = journal;

    /// <summary>The entry of an item that is being worked on.</summary>
    public static JournalEntry Begin(CorpusItem item, BatchDescription? description) =>
        new()
        {
            Id = item.Id,
            Input = item.Path,
            Part = BatchDecision.PartOf(item),
            Parameters = description?.ParametersHash ?? "",
            Model = description?.Model,
            Outcome = BatchOutcome.Done,
            Finished = DateTime.UtcNow,
        };

    /// <summary>Whether an item needs work.</summary>
    public BatchDecision Decide(CorpusItem item, FileStamp stamp, string folder) =>
        BatchDecision.Of(item, stamp, Journal.Find(item.Id), Task.Description, folder);

    /// <summary>Writes the list of what failed.</summary>
    public void WriteFailures(IReadOnlyList<JournalEntry> failures) => BatchFailures.Write(folder, failures);

    /// <summary>Appends to the journal. A journal that cannot be written ends the run.</summary>
    public void Append(JournalEntry entry)
    {
        try
        {
            Journal.Append(entry);
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

/// <summary>The progress of a batch.</summary>
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

    /// <summary>Describes a failure: the file and the reason.</summary>
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
