using System.IO.Compression;
using VoiceKit.Files;

namespace VoiceKit.Corpora;

/// <summary>
/// lhotse's manifests as JSON Lines, plain or gzip: recordings ("recordings_X.jsonl.gz") and, beside them, supervisions ("supervisions_X.jsonl.gz"), which say
/// who speaks when and what. The formats are those of lhotse's Recording and SupervisionSegment.
/// </summary>
public static class LhotseManifest
{
    private const string Recordings = "recordings";
    private const string Supervisions = "supervisions";

    /// <summary>
    /// Reads recordings, one line in memory at a time, and the supervisions beside them, which are in memory. A supervision is an item, a part of its recording
    /// unless it spans it; a recording without one is an item itself. Supervisions of recordings that are not listed are passed over.
    /// </summary>
    /// <param name="path">The manifest of the recordings. A relative source in it is meant from the current directory, or from the manifest's own folder where only there is a
    /// file.</param>
    /// <param name="warn">Receives what was passed over: supervisions of no length.</param>
    /// <returns>The items as they are read. Whether an id is there twice is not looked at.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="BadFileException">A line is none of lhotse's or longer than 1 MiB; a recording is not one file (a command, which is never run, a URL, bytes in memory,
    /// several files) or is transformed; a supervision is of several, but not all, of its channels; a rate, a length or a duration is not above 0; an id is one that <see cref="CorpusId"/> refuses.</exception>
    public static IEnumerable<CorpusItem> Read(string path, Action<string>? warn = null)
    {
        InputFile.RequireRegular(path);
        return Items(path, warn ?? (_ => { }));
    }

    /// <summary>
    /// Writes items: recordings, and supervisions beside them where an item has a speaker, a text or is a part. Sample rates, channels and lengths come from
    /// the files. Items that are parts of one file share a recording when they follow each other; its id is that of the first.
    /// </summary>
    /// <param name="path">The manifest of the recordings; gzip where the name ends in .gz.</param>
    /// <param name="items">The items, of which the ids are kept to find one that is there twice.</param>
    /// <param name="leaveOut">Gets each item whose file cannot be used, and why; null to end with that exception.</param>
    /// <param name="relativeTo">The folder that written paths start from, such as the manifest's; null, the default, for paths as they are.</param>
    /// <returns>How many items were written.</returns>
    /// <exception cref="ArgumentException">An id is there twice, or a segment is none.</exception>
    /// <exception cref="BadFileException">A file cannot be decoded, has no samples, or ends before a part starts.</exception>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="IOException">A manifest cannot be written, or supervisions of an earlier one would wrongly belong to the new one.</exception>
    public static int Write(string path, IEnumerable<CorpusItem> items, Action<CorpusItem, Exception>? leaveOut = null, string? relativeTo = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(items);
        var count = 0;
        AtomicFile.Write(path, stream => Pack(path, stream, recordings =>
        {
            var writer = new LhotseWriter(recordings, leaveOut, relativeTo);
            using var rest = items.GetEnumerator();
            var isMore = rest.MoveNext();
            for (; isMore && !LhotseWriter.IsSupervised(rest.Current); isMore = rest.MoveNext())
                writer.Add(rest.Current, null);
            var beside = SupervisionsBeside(path);
            if (isMore)
            {
                AtomicFile.Write(beside, target => Pack(path, target, supervisions =>
                {
                    for (; isMore; isMore = rest.MoveNext())
                        writer.Add(rest.Current, supervisions);
                }));
            }
            else if (File.Exists(beside))
            {
                throw new IOException($"{beside}: these supervisions of an earlier manifest do not belong to the new one, which has none: remove them, or choose another name");
            }

            count = writer.Count;
        }));
        return count;
    }

    /// <summary>Where the supervisions of recordings are: "recordings" in the name becomes "supervisions", or that comes in front.</summary>
    internal static string SupervisionsBeside(string path)
    {
        var name = Path.GetFileName(path);
        var at = name.LastIndexOf(Recordings, StringComparison.Ordinal);
        name = at < 0 ? $"{Supervisions}_{name}" : string.Concat(name.AsSpan(0, at), Supervisions, name.AsSpan(at + Recordings.Length));
        return Path.Combine(Path.GetDirectoryName(path) ?? "", name);
    }

    private static IEnumerable<CorpusItem> Items(string path, Action<string> warn)
    {
        var supervisions = LhotseSupervisions.Read(ExistingSupervisions(path), warn);
        using var lines = new TextLines(path);
        var folder = Path.GetDirectoryName(path) ?? "";
        while (JsonLine.Next(lines) is { } document)
        {
            CorpusItem[] items;
            using (document)
                items = LhotseRecording.Read(lines, new JsonLine(lines, document.RootElement), folder).Items(supervisions);
            foreach (var item in items)
                yield return item;
        }
    }

    /// <summary>The supervisions beside a manifest, packed or not, whichever the manifest is; null where there are none.</summary>
    private static string? ExistingSupervisions(string path)
    {
        var beside = SupervisionsBeside(path);
        var other = beside.EndsWith(".gz", StringComparison.Ordinal) ? beside[..^3] : beside + ".gz";
        return beside == path ? null : new[] { beside, other }.FirstOrDefault(File.Exists);
    }

    private static void Pack(string path, Stream stream, Action<JsonLineWriter> write)
    {
        using var packed = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true) : null;
        using var lines = new JsonLineWriter(packed ?? stream);
        write(lines);
        lines.Flush();
    }
}
