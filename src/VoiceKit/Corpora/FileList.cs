using System.Text;

namespace VoiceKit.Corpora;

/// <summary>Reads lists of file names.</summary>
public static class FileList
{
    /// <summary>Reads names of audio files. An item's name is the file's path as it is written, or below the root, without its extension.</summary>
    /// <param name="reader">The list.</param>
    /// <param name="separator">What ends a name: a line break (a carriage return before it is dropped) or NUL.</param>
    /// <param name="root">The folder that relative names start from; null for the current one.</param>
    /// <param name="speakers">Who speaks, by the names below the root; null for the first folder. Without a root it is each file's own folder.</param>
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
        return new CorpusItem(id, path) { Speaker = root is null && speakers is null ? folder : (speakers ?? SpeakerNames.FirstFolder).Of(id) };
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
