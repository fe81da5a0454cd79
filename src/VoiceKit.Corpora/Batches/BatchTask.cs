using VoiceKit.Audio;
using VoiceKit.Corpora;
using VoiceKit.Files;

namespace VoiceKit.Batches;

/// <summary>What a batch does with each of its items. Safe across threads.</summary>
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

    /// <summary>Takes what the work needs beyond memory. A run calls it once, before its first item.</summary>
    public virtual void Open() { }

    /// <summary>Works on one item.</summary>
    /// <param name="item">The item.</param>
    /// <param name="input">Its sound.</param>
    /// <param name="outputs">Takes the files that it becomes.</param>
    /// <param name="cancellation">Ends the work on a long recording.</param>
    /// <exception cref="BadFileException">The recording cannot be worked on.</exception>
    /// <exception cref="ArgumentException">The recording cannot be worked on.</exception>
    public abstract void Process(CorpusItem item, BatchInput input, BatchOutputs outputs, CancellationToken cancellation = default);

    /// <summary>Gives back what <see cref="Open"/> took.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives back what <see cref="Open"/> took.</summary>
    protected virtual void Dispose(bool disposing) { }
}

/// <summary>An item's sound, opened for a task.</summary>
/// <param name="Stream">The sound, at least one sample.</param>
/// <param name="Signal">What was measured in it.</param>
public sealed record BatchInput(AudioReader Stream, SignalReport Signal) : IDisposable
{
    /// <summary>Closes the file.</summary>
    public void Dispose() => Stream.Dispose();

    /// <summary>Opens the sound and notes what is odd about it.</summary>
    /// <exception cref="BadFileException">It cannot be decoded, or is empty.</exception>
    internal static BatchInput Open(CorpusItem item, BatchOutputs outputs)
    {
        var stream = item.Open();
        try
        {
            if (stream.Length == 0)
                throw new BadFileException(item.Path, null, "the recording is empty");
            var signal = SignalMeter.Measure(stream).Report();
            outputs.Warn(stream.Warnings);
            outputs.Warn(item.Contradictions(stream));
            outputs.Warn(signal.Warnings);
            return new BatchInput(stream, signal);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }
}

/// <summary>The files that one item becomes. They take their names together, after all of them are on the disk.</summary>
public sealed class BatchOutputs : IDisposable
{
    private readonly BatchFolder folder;
    private readonly List<(string Name, StagedFile File)> staged = [];
    private readonly List<string> warnings = [];
    private readonly List<string> notes = [];

    internal BatchOutputs(BatchFolder folder) => this.folder = folder;

    /// <summary>Gets what is odd about the item.</summary>
    public IReadOnlyList<string> Warnings => warnings;

    /// <summary>Gets what was done to the item that is worth knowing.</summary>
    public IReadOnlyList<string> Notes => notes;

    /// <summary>Gets a folder for what a task sets aside while it works; it is emptied when the batch ends.</summary>
    public string TemporaryFolder => folder.TemporaryFolder;

    /// <summary>Writes a file.</summary>
    /// <param name="name">Its path below the output folder, with "/" between folders.</param>
    /// <param name="write">Writes the content; no other errors than those of the disk are expected of it.</param>
    /// <exception cref="BadFileException">A folder on the way is a link that leads out of the output folder.</exception>
    public void Write(string name, Action<Stream> write)
    {
        var path = ContainedPath.Of(folder.Path, name);
        try
        {
            staged.Add((name, StagedFile.Write(path, folder.TemporaryFolder, write)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BatchStoppedException(exception);
        }
    }

    /// <summary>Notes something odd about the item.</summary>
    public void Warn(IEnumerable<string> texts) => warnings.AddRange(texts);

    /// <summary>Notes what was done to the item.</summary>
    public void Note(IEnumerable<string> texts) => notes.AddRange(texts);

    /// <summary>Deletes what has not taken its name.</summary>
    public void Dispose()
    {
        foreach (var (_, file) in staged)
            file.Dispose();
    }

    /// <summary>Brings the files to the disk and describes them as the journal notes them.</summary>
    internal IReadOnlyList<BatchOutput> Flush()
    {
        try
        {
            return
            [
                .. staged.Select(item =>
                {
                    item.File.Flush();
                    var info = item.File.Info;
                    return new BatchOutput(item.Name, new FileStamp(info.Length, info.LastWriteTimeUtc), ContentHash.OfFile(info.FullName));
                }),
            ];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BatchStoppedException(exception);
        }
    }

    /// <summary>Gives the files their names.</summary>
    internal void Commit()
    {
        foreach (var (_, file) in staged)
            file.Commit();
    }
}

/// <summary>The exception for what every further item would meet too, such as a full disk: the batch stops.</summary>
/// <param name="cause">What happened.</param>
internal sealed class BatchStoppedException(Exception cause) : Exception(cause.Message, cause);
