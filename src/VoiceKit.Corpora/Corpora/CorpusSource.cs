using System.IO.Enumeration;
using System.Text;
using Microsoft.Extensions.FileSystemGlobbing;
using VoiceKit.Audio;
using VoiceKit.Files;

namespace VoiceKit.Corpora;

/// <summary>Opens a corpus by what was typed.</summary>
public static class CorpusSource
{
    /// <summary>The items of a folder, a manifest, a pattern or a single file.</summary>
    /// <param name="path">What was typed. What is there under that name counts before it is taken for a pattern.</param>
    /// <param name="except">A folder that is left out; null for none.</param>
    /// <param name="speakers">Who speaks in a folder's recordings; null for the first folder below it. Manifests say it themselves.</param>
    /// <param name="warn">Receives what a manifest has that was passed over.</param>
    /// <exception cref="FileNotFoundException">There is nothing of that name.</exception>
    /// <exception cref="DirectoryNotFoundException">A pattern's folder does not exist.</exception>
    public static IEnumerable<CorpusItem> Open(
        string path,
        string? except = null,
        SpeakerNames? speakers = null,
        Action<string>? warn = null
    )
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (ManifestFile.IsManifest(path))
            return ManifestFile.Read(path, warn);
        if (Directory.Exists(path))
            return CorpusFolder.List(path, except, speakers);
        if (Path.Exists(path))
            return [new CorpusItem(Path.GetFileNameWithoutExtension(path), path)];
        return CorpusPattern.IsPattern(path)
            ? CorpusPattern.List(path, except, speakers)
            : throw new FileNotFoundException($"{path}: there is no such file or folder", path);
    }
}

/// <summary>Lists the recordings below a folder.</summary>
public static class CorpusFolder
{
    /// <summary>
    /// The audio files below a folder, by the endings of their names, in a fixed order: each folder's files by name, then its subfolders'.
    /// Links to folders are not followed and hidden files and folders are left out. A folder that is named as an audio file is, and holds
    /// none, is listed, so that whoever reads it is told. One folder's names are in memory at a time.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="except">A folder below it that is left out, such as one that results are written to; null for none.</param>
    /// <param name="speakers">Who speaks; null for the first folder below this one.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder cannot be read.</exception>
    public static IEnumerable<CorpusItem> List(string folder, string? except = null, SpeakerNames? speakers = null)
    {
        if (!Directory.Exists(folder))
            throw File.Exists(folder)
                ? new BadFileException(folder, null, "this is a file; a folder was expected")
                : new DirectoryNotFoundException($"{folder}: there is no such folder");
        return Below(
            folder,
            "",
            except is null ? null : Path.TrimEndingDirectorySeparator(Path.GetFullPath(except)),
            speakers ?? SpeakerNames.FirstFolder
        );
    }

    private static IEnumerable<CorpusItem> Below(string folder, string prefix, string? except, SpeakerNames speakers)
    {
        var options = new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false };
        var entries = new FileSystemEnumerable<(string Name, bool IsFolder)>(
            folder,
            (ref entry) => (entry.FileName.ToString(), entry.IsDirectory),
            options
        )
        {
            // A link to a folder may lead back up.
            ShouldIncludePredicate = (ref entry) =>
                entry.FileName[0] != '.'
                && (entry.IsDirectory ? (entry.Attributes & FileAttributes.ReparsePoint) == 0 : AudioFile.HasAudioName(entry.FileName)),
        }
            .OrderBy(entry => entry.IsFolder)
            .ThenBy(entry => entry.Name, StringComparer.Ordinal)
            .ToArray();

        foreach (var (name, isFolder) in entries)
        {
            var path = Path.Combine(folder, name);
            var isEmpty = true;
            if (isFolder && name.Contains('\uFFFD', StringComparison.Ordinal) && !Directory.Exists(path))
            {
                yield return new CorpusItem(prefix + name, path)
                {
                    Fault = "the folder's name is not UTF-8, so it cannot be opened; rename it",
                };
                continue;
            }

            if (isFolder && (except is null || Path.GetFullPath(path) != except))
            {
                foreach (var item in Below(path, prefix + name + "/", except, speakers))
                {
                    isEmpty = false;
                    yield return item;
                }
            }

            if (!isFolder || (isEmpty && AudioFile.HasAudioName(name)))
            {
                var id = prefix + Path.GetFileNameWithoutExtension(name);
                yield return new CorpusItem(id, path) { Speaker = speakers.Of(id) };
            }
        }
    }
}

/// <summary>Recordings by a pattern of their paths: * within a name, ** across folders.</summary>
public static class CorpusPattern
{
    private const char Wildcard = '*';

    /// <summary>Determines whether a text is a pattern.</summary>
    /// <param name="text">The text.</param>
    public static bool IsPattern(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Contains(Wildcard, StringComparison.Ordinal);
    }

    /// <summary>
    /// The recordings whose paths match. The corpus' folder is the part of the pattern before the first name with a wildcard.
    /// </summary>
    /// <param name="pattern">The pattern, such as "corpus/**/*.wav".</param>
    /// <param name="except">A folder that is left out; null for none.</param>
    /// <param name="speakers">Who speaks; null for the first folder below the corpus' own.</param>
    /// <exception cref="DirectoryNotFoundException">The corpus' folder does not exist.</exception>
    public static IEnumerable<CorpusItem> List(string pattern, string? except = null, SpeakerNames? speakers = null)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        var wildcard = pattern.IndexOf(Wildcard, StringComparison.Ordinal);
        var slash = wildcard < 0 ? pattern.LastIndexOf('/') : pattern.LastIndexOf('/', wildcard);
        var root =
            slash < 0 ? "."
            : slash == 0 ? "/"
            : pattern[..slash];
        var matcher = new Matcher(StringComparison.Ordinal).AddInclude(pattern[(slash + 1)..]);
        return CorpusFolder.List(root, except, speakers).Where(item => matcher.Match(Path.GetRelativePath(root, item.Path)).HasMatches);
    }
}

/// <summary>Reads lists of file names.</summary>
internal static class FileList
{
    /// <summary>
    /// Reads names of audio files. An item's name is the file's path as it is written, or below the root, without its extension.
    /// </summary>
    /// <param name="reader">The list.</param>
    /// <param name="separator">What ends a name: a line break (a carriage return before it is dropped) or NUL.</param>
    /// <param name="root">The folder that relative names start from; null for the current one.</param>
    /// <param name="speakers">Who speaks, by the names below the root; null for the first folder. Without a root it is each file's own
    /// folder.</param>
    public static IReadOnlyList<CorpusItem> Read(TextReader reader, char separator, string? root = null, SpeakerNames? speakers = null)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return [.. Names(reader, separator).Select(name => Item(name, root, speakers))];
    }

    private static CorpusItem Item(string name, string? root, SpeakerNames? speakers)
    {
        var path = root is null ? name : Path.Combine(root, name);
        var relative = root is not null && Path.IsPathRooted(name) ? Path.GetRelativePath(root, name) : name;
        var parts = relative.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".").ToArray();
        var folder = parts.Length > 1 ? parts[^2] : null;
        if (parts.Length > 0)
            parts[^1] = Path.GetFileNameWithoutExtension(parts[^1]);
        var id = string.Join('/', parts);
        return new CorpusItem(id, path)
        {
            Speaker = root is null && speakers is null ? folder : (speakers ?? SpeakerNames.FirstFolder).Of(id),
        };
    }

    private static IEnumerable<string> Names(TextReader reader, char separator)
    {
        var name = new StringBuilder();
        for (int character; (character = reader.Read()) >= 0;)
        {
            if (character != separator)
            {
                _ = name.Append((char)character);
                continue;
            }

            if (Finished(name, separator) is { } whole)
                yield return whole;
            _ = name.Clear();
        }

        if (Finished(name, separator) is { } last)
            yield return last;
    }

    private static string? Finished(StringBuilder name, char separator)
    {
        if (separator == '\n' && name.Length > 0 && name[^1] == '\r')
            name.Length--;
        return name.Length > 0 ? name.ToString() : null;
    }
}

/// <summary>Files of one kind below a corpus' folder that are not read.</summary>
/// <param name="Extension">What their names end in, in lower case, with its dot; "" where that is nothing.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Reason">Why they are not read.</param>
public sealed record OtherFiles(string Extension, int Count, string Reason)
{
    private static readonly string[] Unsupported =
    [
        ".m4a",
        ".mp4",
        ".aac",
        ".wma",
        ".amr",
        ".3gp",
        ".ape",
        ".wv",
        ".tta",
        ".dsf",
        ".dff",
        ".webm",
        ".mka",
        ".mkv",
        ".mov",
        ".avi",
        ".ac3",
        ".ra",
        ".mpc",
        ".spx",
        ".gsm",
        ".vox",
        ".raw",
        ".pcm",
        ".sd2",
        ".mp2",
        ".mid",
        ".midi",
    ];

    /// <summary>
    /// Counts the files below a folder that <see cref="CorpusFolder.List"/> leaves out, hidden ones excepted, by the endings of their
    /// names.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <returns>The kinds, the most frequent first.</returns>
    public static IReadOnlyList<OtherFiles> Below(string folder)
    {
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            IgnoreInaccessible = true,
            AttributesToSkip = FileAttributes.Hidden,
        };
        return
        [
            .. Directory
                .EnumerateFiles(folder, "*", options)
                .Where(path =>
                    !AudioFile.HasAudioName(path)
                    && !Path.GetRelativePath(folder, path).Split(Path.DirectorySeparatorChar).Any(part => part.StartsWith('.'))
                )
                .GroupBy(path => Path.GetExtension(path).ToLowerInvariant(), StringComparer.Ordinal)
                .Select(group => new OtherFiles(
                    group.Key,
                    group.Count(),
                    Unsupported.Contains(group.Key) ? "not supported" : "not named as audio"
                ))
                .OrderByDescending(kind => kind.Count)
                .ThenBy(kind => kind.Extension, StringComparer.Ordinal),
        ];
    }

    /// <summary>
    /// All kinds in words: "10 other files: 7 .txt (not named as audio), 3 .m4a (not supported)"; empty where there are none.
    /// </summary>
    /// <param name="kinds">The kinds.</param>
    public static string Describe(IReadOnlyList<OtherFiles> kinds)
    {
        ArgumentNullException.ThrowIfNull(kinds);
        var all = kinds.Sum(kind => kind.Count);
        return all == 0 ? "" : $"{all} other {(all == 1 ? "file" : "files")}: {string.Join(", ", kinds.Select(Describe))}";
    }

    private static string Describe(OtherFiles kind) =>
        $"{kind.Count} {(kind.Extension.Length > 0 ? kind.Extension : "without an ending")} ({kind.Reason})";
}
