using VoiceKit.Files;

namespace VoiceKit.Batches;

/// <summary>The exception where another run is at work in the same output folder.</summary>
/// <param name="message">The message, one plain sentence.</param>
public sealed class BatchBusyException(string message) : IOException(message);

/// <summary>
/// The folder that a batch writes to, held by one run: either one of the whole, or any number of different parts. What VoiceKit knows of
/// the batch is in its subfolder <see cref="StateName"/>: item lists, journals, lists of what failed.
/// </summary>
/// <remarks>Runs are kept apart by locks of the operating system, which end with the process however it ends; over NFS they need version 4
/// or lockd.</remarks>
public sealed class BatchFolder : IDisposable
{
    /// <summary>The subfolder for what is known of the batch.</summary>
    public const string StateName = ".voicekit";

    /// <summary>The kind of the state files that list items.</summary>
    internal const string ItemsKind = "items";

    /// <summary>The kind of the state files that are journals.</summary>
    internal const string JournalKind = "journal";

    /// <summary>The kind of the state files that list what failed.</summary>
    internal const string FailedKind = "failed";

    private const int LockAttempts = 5;
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(40);
    private const string TemporaryKind = "tmp";
    private readonly List<FileLock> locks = [];

    private BatchFolder(string path, Shard shard) => (Path, Shard) = (System.IO.Path.GetFullPath(path), shard);

    /// <summary>Gets the output folder's full path.</summary>
    public string Path { get; }

    /// <summary>Gets the part of the batch that is worked on.</summary>
    public Shard Shard { get; }

    /// <summary>Gets the list of this part's items.</summary>
    public string ItemsPath => StateFile(ItemsKind, Shard, ".jsonl");

    /// <summary>Gets this part's journal.</summary>
    public string JournalPath => StateFile(JournalKind, Shard, ".jsonl");

    /// <summary>Gets this part's list of what failed.</summary>
    public string FailedPath => StateFile(FailedKind, Shard, ".tsv");

    /// <summary>The folder of outputs that have not their names yet.</summary>
    internal string TemporaryFolder => StateFile(TemporaryKind, Shard, "");

    /// <summary>
    /// Takes the folder for a run; it is created where there is none. Temporary files of a run that was killed are deleted.
    /// </summary>
    /// <param name="path">The output folder.</param>
    /// <param name="shard">The part to work on.</param>
    /// <exception cref="BatchBusyException">Another run is at work there.</exception>
    /// <exception cref="BadFileException">The subfolder <see cref="StateName"/> is a link that leads out of the folder, or holds
    /// links.</exception>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is read-only.</exception>
    public static BatchFolder Open(string path, Shard shard)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var folder = new BatchFolder(path, shard);
        if (FileKinds.Of(path) is not (FileKind.Missing or FileKind.Directory))
            throw new IOException($"{path}: a folder is needed here, and this is a file");
        _ = ContainedPath.Of(folder.Path, $"{StateName}/{ItemsKind}");
        Directory.CreateDirectory(folder.StateFolder);
        if (
            new DirectoryInfo(folder.StateFolder).EnumerateFileSystemInfos().FirstOrDefault(entry => entry.LinkTarget is not null) is
            { } link
        )
            throw new BadFileException(
                link.FullName,
                null,
                "this is a link; a batch's own files are read and written in their folder alone"
            );
        try
        {
            folder.Lock(LockName(Shard.Whole), isShared: !shard.IsWhole);
            if (!shard.IsWhole)
                folder.Lock(LockName(shard), isShared: false);
            folder.DeleteTemporaryFolders();
            Directory.CreateDirectory(folder.TemporaryFolder);
            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>The state files of a kind and the parts that they belong to, in the order of the parts.</summary>
    /// <param name="path">The output folder.</param>
    /// <param name="kind">One of the kinds above.</param>
    internal static IReadOnlyList<(Shard Shard, string Path)> StateFiles(string path, string kind)
    {
        var state = System.IO.Path.Combine(path, StateName);
        if (!Directory.Exists(state))
            throw new DirectoryNotFoundException($"{path}: no batch has been run here (there is no {StateName} in it)");
        return
        [
            .. Directory
                .EnumerateFiles(state, kind + "*")
                .Select(file => (ShardOf(file, kind), file))
                .Where(item => item.Item1 is not null)
                .Select(item => (item.Item1!.Value, item.file))
                .OrderBy(item => (item.Value.Count, item.Value.Index)),
        ];
    }

    /// <summary>Determines whether a run is at work on a part.</summary>
    internal static bool IsHeld(string path, Shard shard)
    {
        var name = LockName(shard);
        if (!File.Exists(System.IO.Path.Combine(path, StateName, name)))
            return false;
        using var taken = FileLock.TryTake(System.IO.Path.Combine(path, StateName, name), isShared: true);
        return taken is null;
    }

    /// <summary>
    /// Opens the journal. A run of the whole first joins the journals of parts; a part that has none yet remembers what the others' say of
    /// its items.
    /// </summary>
    internal Journal OpenJournal()
    {
        if (Shard.IsWhole)
            BatchMerge.JoinJournals(this);
        return Journal.Open(JournalPath, File.Exists(JournalPath) ? [] : JournalFiles(Path), Shard.Contains);
    }

    /// <summary>Writes a file of the batch's state whole or not at all; what a killed run leaves of it is deleted by the next.</summary>
    /// <param name="path">The file, below the subfolder <see cref="StateName"/>.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void WriteState(string path, Action<Stream> write)
    {
        using var staged = StagedFile.Write(path, TemporaryFolder, write);
        staged.Flush();
        staged.Commit();
    }

    /// <summary>The path of a file of the batch as a whole.</summary>
    internal static string StatePath(string path, string name) => System.IO.Path.Combine(path, StateName, name);

    /// <summary>All journals of a batch, the oldest first.</summary>
    internal static string[] JournalFiles(string path) =>
        [.. StateFiles(path, JournalKind).Select(item => item.Path).OrderBy(File.GetLastWriteTimeUtc)];

    /// <summary>Releases the folder for other runs and removes temporary files.</summary>
    public void Dispose()
    {
        try
        {
            if (locks.Count > 0)
                DeleteTemporaryFolders();
        }
        catch (IOException)
        {
            // An item that was abandoned may still be writing there; the next start deletes it.
        }

        foreach (var held in locks)
            held.Dispose();
    }

    private static string LockName(Shard shard) => "lock" + shard.Suffix;

    private string StateFolder => System.IO.Path.Combine(Path, StateName);

    private string StateFile(string kind, Shard shard, string extension) =>
        System.IO.Path.Combine(StateFolder, kind + shard.Suffix + extension);

    private static Shard? ShardOf(string file, string kind)
    {
        var suffix = System.IO.Path.GetFileNameWithoutExtension(file)[kind.Length..];
        if (suffix.Length == 0)
            return Shard.Whole;
        var parts = suffix.Split("-of-");
        try
        {
            return parts.Length == 2 && parts[0].StartsWith('-') ? Shard.Parse($"{parts[0][1..]}/{parts[1]}") : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private void Lock(string name, bool isShared)
    {
        // Another process may be checking whether a run is at work: see IsHeld.
        var path = System.IO.Path.Combine(StateFolder, name);
        for (var attempt = 1; ; attempt++)
        {
            if (FileLock.TryTake(path, isShared) is { } taken)
            {
                locks.Add(taken);
                return;
            }

            if (attempt == LockAttempts)
                throw new BatchBusyException($"{Path}: another run is at work in this folder; run the same line again when it has ended");
            Thread.Sleep(LockPause);
        }
    }

    /// <summary>Deletes this run's temporary folder; a run of the whole, beside which no part runs, also those of killed parts.</summary>
    private void DeleteTemporaryFolders()
    {
        if (Directory.Exists(TemporaryFolder))
            Directory.Delete(TemporaryFolder, recursive: true);
        if (!Shard.IsWhole)
            return;
        foreach (var left in Directory.GetDirectories(StateFolder, TemporaryKind + "-*"))
            Directory.Delete(left, recursive: true);
    }
}

/// <summary>The exception for inputs whose results would replace each other, or an input.</summary>
/// <param name="message">The message, one plain sentence.</param>
public sealed class BatchConflictException(string message) : Exception(message);
