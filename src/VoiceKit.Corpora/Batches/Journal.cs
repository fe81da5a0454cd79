using Microsoft.Win32.SafeHandles;
using VoiceKit.Files;

namespace VoiceKit.Batches;

/// <summary>
/// What a batch has done, one line an item, appended as items end; the last line of an item counts. In memory there are some tens of bytes
/// an item. A line that a crash has cut is dropped. Safe across threads.
/// </summary>
public sealed class Journal : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<UInt128, Place> places = [];
    private readonly List<SafeFileHandle> files = [];
    private string? path;
    private long length;

    private Journal() { }

    /// <summary>Opens a journal to go on with; it is created where there is none.</summary>
    /// <param name="path">The journal to read and append to.</param>
    /// <param name="earlier">Journals to read before that one, the oldest first.</param>
    /// <param name="belongs">Which items to remember; null for all.</param>
    /// <exception cref="BadFileException">A name in a line leads out of the output folder.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static Journal Open(string path, IReadOnlyList<string>? earlier = null, Func<string, bool>? belongs = null)
    {
        var journal = ReadAll(earlier ?? [], belongs);
        try
        {
            var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
            journal.path = path;
            journal.length = journal.Index(path, file, belongs);

            // What follows the last line break was cut off in writing.
            if (RandomAccess.GetLength(file) > journal.length)
                RandomAccess.SetLength(file, journal.length);
            return journal;
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    /// <summary>Opens journals to look things up in.</summary>
    /// <param name="paths">The journals, the oldest first.</param>
    /// <param name="belongs">Which items to remember; null for all.</param>
    /// <exception cref="BadFileException">A name in a line leads out of the output folder.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static Journal ReadAll(IReadOnlyList<string> paths, Func<string, bool>? belongs = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var journal = new Journal();
        try
        {
            foreach (var path in paths)
                _ = journal.Index(path, File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite), belongs);
            return journal;
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    /// <summary>The last entry of an item, or null where there is none.</summary>
    /// <param name="id">The item's name.</param>
    public JournalEntry? Find(string id)
    {
        Place place;
        lock (gate)
        {
            if (!places.TryGetValue(Shard.Hash(id), out place))
                return null;
        }

        return JournalLine.Read(Line(place));
    }

    /// <summary>Gets the number of items that it knows.</summary>
    public int Count => places.Count;

    /// <summary>The last entries of the items that failed; the others are not parsed.</summary>
    public IEnumerable<JournalEntry> Failures() =>
        Lines().Where(JournalLine.IsFailure).Select(line => JournalLine.Read(line)).OfType<JournalEntry>();

    /// <summary>The last lines of all items, in the order in which they were written.</summary>
    internal IEnumerable<byte[]> Lines() => places.Values.OrderBy(place => (place.File, place.Offset)).Select(Line);

    /// <summary>
    /// Appends an entry. It is handed to the system at once, so that it outlives the process; <see cref="Flush"/> brings it to the disk.
    /// </summary>
    /// <param name="entry">The entry.</param>
    /// <exception cref="IOException">It cannot be written; the journal is as it was before.</exception>
    public void Append(JournalEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (path is null)
            throw new InvalidOperationException("The journals were opened to be read.");
        var line = JournalLine.Write(entry);
        lock (gate)
        {
            var file = files[^1];
            try
            {
                RandomAccess.Write(file, line, length);
            }
            catch (IOException exception)
            {
                RandomAccess.SetLength(file, length);
                throw new IOException($"{path}: {exception.Message}", exception) { HResult = exception.HResult };
            }

            places[Shard.Hash(entry.Id)] = new Place(files.Count - 1, line.Length, length);
            length += line.Length;
        }
    }

    /// <summary>Brings what was appended to the disk; others may append meanwhile.</summary>
    /// <exception cref="IOException">The disk does not take it.</exception>
    public void Flush() => RandomAccess.FlushToDisk(files[^1]);

    /// <summary>Closes the journal.</summary>
    public void Dispose()
    {
        foreach (var file in files)
            file.Dispose();
    }

    private byte[] Line(Place place)
    {
        var line = new byte[place.Length];
        _ = RandomAccess.Read(files[place.File], line, place.Offset);
        return line;
    }

    private long Index(string path, SafeFileHandle file, Func<string, bool>? belongs)
    {
        files.Add(file);
        var (end, number) = (0L, 0L);
        foreach (var (offset, line) in JournalLines.Of(file))
        {
            (end, number) = (offset + line.Length + 1, number + 1);
            var id = JournalLine.Id(line.Span, out var fault);
            if (fault is not null)
                throw new BadFileException(
                    path,
                    null,
                    $"line {number}: {fault}; VoiceKit did not write this journal as it is, and nothing was done: repair the "
                        + $"line, or remove the journal"
                );
            if (id is not null && (belongs is null || belongs(id)))
                places[Shard.Hash(id)] = new Place(files.Count - 1, line.Length + 1, offset);
        }

        return end;
    }

    /// <summary>The place of a line.</summary>
    private readonly record struct Place(int File, int Length, long Offset);
}

/// <summary>Cuts a file into lines by their bytes and tells where each begins.</summary>
internal static class JournalLines
{
    private const int BlockSize = 1 << 16;

    /// <summary>
    /// The whole lines of a file, without their line breaks, and their offsets. A line is valid until the next is asked for.
    /// </summary>
    public static IEnumerable<(long Offset, ReadOnlyMemory<byte> Line)> Of(SafeFileHandle file)
    {
        var buffer = new byte[BlockSize];
        var (start, filled, position) = (0L, 0, 0L);
        while (true)
        {
            if (filled == buffer.Length)
                Array.Resize(ref buffer, 2 * buffer.Length);
            var read = RandomAccess.Read(file, buffer.AsSpan(filled), position);
            if (read == 0)
                yield break;
            position += read;
            filled += read;
            var used = 0;
            for (int length; (length = buffer.AsSpan(used, filled - used).IndexOf((byte)'\n')) >= 0; used += length + 1)
                yield return (start + used, buffer.AsMemory(used, length));
            buffer.AsSpan(used, filled - used).CopyTo(buffer);
            start += used;
            filled -= used;
        }
    }
}
