using System.IO.Enumeration;
using VoiceKit.Audio;
using VoiceKit.Files;

namespace VoiceKit.Corpora;

/// <summary>Lists the recordings below a folder.</summary>
public static class CorpusFolder
{
    /// <summary>
    /// The audio files below a folder, by the endings of their names, in a fixed order: each folder's files by name, then its subfolders'. Links to
    /// folders are not followed and hidden files and folders are left out. A folder that is named as an audio file is,
    /// and holds none, is listed, so that whoever reads it is told. One folder's names are in memory at a time.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="except">A folder below it that is left out, such as one that results are written to; null for none.</param>
    /// <param name="speakers">Who speaks; null for the first folder below this one.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder cannot be read.</exception>
    public static IEnumerable<CorpusItem> List(string folder, string? except = null, SpeakerNames? speakers = null)
    {
        if (!Directory.Exists(folder))
            throw File.Exists(folder) ? new BadFileException(folder, null, "this is a file; a folder was expected") : new DirectoryNotFoundException($"{folder}: there is no such folder");
        return Below(folder, "", except is null ? null : Path.TrimEndingDirectorySeparator(Path.GetFullPath(except)), speakers ?? SpeakerNames.FirstFolder);
    }

    private static IEnumerable<CorpusItem> Below(string folder, string prefix, string? except, SpeakerNames speakers)
    {
        var options = new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false };
        var entries = new FileSystemEnumerable<(string Name, bool IsFolder)>(folder, (ref entry) => (entry.FileName.ToString(), entry.IsDirectory), options)
        {
            // A link to a folder may lead back up.
            ShouldIncludePredicate = (ref entry) => entry.FileName[0] != '.' &&
                (entry.IsDirectory ? (entry.Attributes & FileAttributes.ReparsePoint) == 0 : AudioFile.HasAudioName(entry.FileName)),
        }.OrderBy(entry => entry.IsFolder).ThenBy(entry => entry.Name, StringComparer.Ordinal).ToArray();

        foreach (var (name, isFolder) in entries)
        {
            var path = Path.Combine(folder, name);
            var isEmpty = true;
            if (isFolder && name.Contains('\uFFFD', StringComparison.Ordinal) && !Directory.Exists(path))
            {
                yield return new CorpusItem(prefix + name, path) { Fault = "the folder's name is not UTF-8, so it cannot be opened; rename it" };
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
