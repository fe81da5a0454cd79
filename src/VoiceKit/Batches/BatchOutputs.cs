using VoiceKit.Files;

namespace VoiceKit.Batches;

/// <summary>The files that one item becomes. They take their names together, after all of them are on the disk.</summary>
public sealed class BatchOutputs : IDisposable
{
    private readonly BatchFolder folder;
    private readonly List<(string Name, StagedFile File)> staged = [];
    private readonly List<string> warnings = [];
    private readonly List<string> notes = [];

    internal BatchOutputs(BatchFolder folder) => this.folder = folder;

    /// <summary>What is odd about the item.</summary>
    public IReadOnlyList<string> Warnings => warnings;

    /// <summary>What was done to the item that is worth knowing.</summary>
    public IReadOnlyList<string> Notes => notes;

    /// <summary>A folder for what a task sets aside while it works; it is emptied when the batch ends.</summary>
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
            return [.. staged.Select(item =>
            {
                item.File.Flush();
                var info = item.File.Info;
                return new BatchOutput(item.Name, new FileStamp(info.Length, info.LastWriteTimeUtc), ContentHash.OfFile(info.FullName));
            })];
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
