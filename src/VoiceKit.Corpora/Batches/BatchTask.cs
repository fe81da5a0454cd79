using VoiceKit.Audio;
using VoiceKit.Files;

namespace VoiceKit.Batches;

/// <summary>A task: the work of a batch on each of its items. Safe across threads.</summary>
public abstract class BatchTask : IDisposable
{
    private BatchDescription? description;

    /// <summary>Gets its name on the command line, such as "analyze".</summary>
    public abstract string Verb { get; }

    /// <summary>Gets what the names of its outputs end in, with the dot.</summary>
    public abstract string Extension { get; }

    /// <summary>Gets whether an item may become several files, NAME_0001 and so on, instead of NAME.</summary>
    public virtual bool MakesPieces => false;

    /// <summary>Everything that decides what comes out, besides the input and the model.</summary>
    protected abstract IReadOnlyDictionary<string, string> Parameters { get; }

    /// <summary>The SHA-256 of the model's file; null where none is used.</summary>
    protected virtual string? ModelHash => null;

    /// <summary>Gets what decides what comes out.</summary>
    public BatchDescription Description =>
        description ??= new BatchDescription(Verb, typeof(BatchTask).Assembly.GetName().Version!.ToString(3), Parameters, ModelHash);

    /// <summary>Acquires resources such as a device. A run calls it once, before its first item.</summary>
    public virtual void Open() { }

    /// <summary>Works on one recording.</summary>
    /// <param name="input">The recording.</param>
    /// <param name="outputs">Receives the output files.</param>
    /// <param name="progress">Receives the part that is done, 0 .. 1, of a long recording.</param>
    /// <param name="cancellation">Ends the work on a long recording.</param>
    /// <exception cref="BadFileException">The recording cannot be decoded.</exception>
    /// <exception cref="UnusableDataException">The recording cannot be worked on.</exception>
    public abstract void Process(
        RecordingInput input,
        RecordingOutputs outputs,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default
    );

    /// <summary>Releases what <see cref="Open"/> acquired.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what <see cref="Open"/> acquired.</summary>
    /// <param name="disposing">True from Dispose, false from a finalizer.</param>
    protected virtual void Dispose(bool disposing) { }
}

/// <summary>A recording, opened for a task.</summary>
/// <param name="Name">Its name in the corpus, with "/" between folders.</param>
/// <param name="Path">Its file, as errors name it.</param>
/// <param name="Stream">The sound, at least one sample.</param>
/// <param name="Signal">What was measured in it.</param>
public sealed record RecordingInput(string Name, string Path, AudioReader Stream, SignalReport Signal) : IDisposable
{
    /// <summary>Opens a recording and notes what is odd about it.</summary>
    /// <param name="name">Its name in the corpus, with "/" between folders.</param>
    /// <param name="path">Its file, as errors name it.</param>
    /// <param name="open">Opens it.</param>
    /// <param name="outputs">Receives the warnings.</param>
    /// <exception cref="BadFileException">It cannot be decoded, or is empty.</exception>
    public static RecordingInput Open(string name, string path, Func<AudioReader> open, RecordingOutputs outputs)
    {
        ArgumentNullException.ThrowIfNull(open);
        ArgumentNullException.ThrowIfNull(outputs);
        var stream = open();
        try
        {
            if (stream.Length == 0)
                throw new BadFileException(path, null, "the recording is empty");
            var signal = SignalMeter.Measure(stream).Report();
            outputs.Warn(stream.Warnings);
            outputs.Warn(signal.Warnings);
            return new RecordingInput(name, path, stream, signal);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => Stream.Dispose();
}

/// <summary>Receives the outputs of a recording: in a batch's folder, a file, a pipe.</summary>
public abstract class RecordingOutputs
{
    private readonly List<string> warnings = [];
    private readonly List<string> notes = [];

    /// <summary>Gets what is odd about the recording, one plain sentence each.</summary>
    public IReadOnlyList<string> Warnings => warnings;

    /// <summary>Gets notes on what was done to the recording, one plain sentence each.</summary>
    public IReadOnlyList<string> Notes => notes;

    /// <summary>Gets an existing folder for what a task sets aside while it works.</summary>
    public abstract string TemporaryFolder { get; }

    /// <summary>Writes a file.</summary>
    /// <param name="suffix">What its name has after the recording's, such as ".wav" or "_0001.wav".</param>
    /// <param name="write">Writes the content; the only errors expected of it are those of the disk.</param>
    /// <exception cref="BadFileException">A folder on the way is a link that leads out of the output folder.</exception>
    public abstract void Write(string suffix, Action<Stream> write);

    /// <summary>Notes something odd about the recording.</summary>
    /// <param name="texts">Plain sentences.</param>
    public virtual void Warn(IEnumerable<string> texts) => warnings.AddRange(texts);

    /// <summary>Notes what was done to the recording.</summary>
    /// <param name="texts">Plain sentences.</param>
    public void Note(IEnumerable<string> texts) => notes.AddRange(texts);
}

/// <summary>The files that one item of a batch becomes. They take their names together, after all of them are on the disk.</summary>
/// <param name="place">Where they go.</param>
/// <param name="id">The item's name, with "/" between folders.</param>
internal sealed class StagedOutputs(OutputPlace place, string id) : RecordingOutputs, IDisposable
{
    private readonly List<(string Name, StagedFile File)> staged = [];

    /// <inheritdoc/>
    public override string TemporaryFolder => place.TemporaryFolder;

    /// <inheritdoc/>
    public override void Write(string suffix, Action<Stream> write)
    {
        var path = ContainedPath.Of(place.Path, id + suffix);
        OrStop(() =>
        {
            staged.Add((id + suffix, StagedFile.Write(path, place.TemporaryFolder, write)));
            return true;
        });
    }

    /// <summary>Deletes what has not taken its name.</summary>
    public void Dispose()
    {
        foreach (var (_, file) in staged)
            file.Dispose();
    }

    /// <summary>Brings the files to the disk.</summary>
    public void Flush() =>
        OrStop(() =>
            staged.ConvertAll(item =>
            {
                item.File.Flush();
                return true;
            })
        );

    /// <summary>Describes the files as the journal notes them.</summary>
    public IReadOnlyList<BatchOutput> Describe() =>
        OrStop(() =>
            staged.ConvertAll(item =>
            {
                var info = item.File.Info;
                return new BatchOutput(item.Name, new FileStamp(info.Length, info.LastWriteTimeUtc), ContentHash.OfFile(info.FullName));
            })
        );

    /// <summary>Gives the files their names.</summary>
    public void Commit()
    {
        foreach (var (_, file) in staged)
            file.Commit();
    }

    /// <summary>Runs an action on the disk. A refusal would meet every further item too, and stops the batch.</summary>
    private static T OrStop<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BatchStoppedException(exception);
        }
    }
}

/// <summary>The folders of a run's outputs.</summary>
/// <param name="Path">The output folder.</param>
/// <param name="TemporaryFolder">An existing folder on the same file system, for files that have not their names yet.</param>
internal sealed record OutputPlace(string Path, string TemporaryFolder);

/// <summary>The exception for what every further item would meet too, such as a full disk: the batch stops.</summary>
/// <param name="cause">What happened.</param>
internal sealed class BatchStoppedException(Exception cause) : Exception(cause.Message, cause);
