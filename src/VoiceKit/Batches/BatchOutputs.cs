using VoiceKit.Files;

namespace VoiceKit.Batches;

/// <summary>The files that one item becomes. They take their names together, after all of them are on the disk.</summary>
public sealed class BatchOutputs : IDisposable
{
    private readonly BatchFolder folder;
    private readonly List<(string Name, StagedFile File)> staged = [];
    private readonly List<string> warnings = [];

    internal BatchOutputs(BatchFolder folder) => this.folder = folder;

    /// <summary>What is to be noted about the item.</summary>
    public IReadOnlyList<string> Warnings => warnings;

    /// <summary>Writes a file.</summary>
    /// <param name="name">Its path below the output folder, with "/" between folders.</param>
    /// <param name="write">Writes the content; no other errors than those of the disk are expected of it.</param>
    public void Write(string name, Action<Stream> write)
    {
        try
        {
            staged.Add((name, StagedFile.Write(Path.Combine(folder.Path, name), folder.TemporaryFolder, write)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BatchStoppedException(exception);
        }
    }

    /// <summary>Notes something about the item.</summary>
    public void Warn(IEnumerable<string> texts) => warnings.AddRange(texts);

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
