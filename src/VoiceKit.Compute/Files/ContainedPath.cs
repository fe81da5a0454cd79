namespace VoiceKit.Files;

/// <summary>
/// The one check between a name that was read from a file, or was made of one, and the file system: a path that is made of it stays below
/// its folder.
/// </summary>
internal static class ContainedPath
{
    private const int MaxLinks = 40;

    /// <summary>The fault of a name, without a full stop; null where it can be a path below a folder.</summary>
    /// <param name="name">The name, with "/" between folders.</param>
    public static string? Fault(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length == 0)
            return "it is empty";
        if (name[0] == '/' || Path.IsPathRooted(name))
            return "it starts with a slash";
        if (name.Contains('\0', StringComparison.Ordinal))
            return "it holds a NUL character";
        if (Path.DirectorySeparatorChar != '/' && name.AsSpan().ContainsAny('\\', ':'))
            return "it holds a backslash or a colon";
        foreach (var part in name.Split('/'))
        {
            if (part.Length == 0)
                return "it has an empty part: two slashes in a row, or one at the end";
            if (part is "." or "..")
                return $"it has the part '{part}', which leads to another folder";
        }

        return null;
    }

    /// <summary>The path of a name below a folder. A link at the path itself is not followed: writing replaces it.</summary>
    /// <param name="folder">The folder; it need not be there, and may itself be a link.</param>
    /// <param name="name">The name, with "/" between folders.</param>
    /// <exception cref="BadFileException">The name leads out of the folder, by itself or through a folder on the way that is a
    /// link.</exception>
    public static string Of(string folder, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (Fault(name) is { } fault)
            throw new BadFileException(folder, null, $"'{name}' cannot be the name of a file in this folder: {fault}");
        string? real = null;
        var path = folder;
        foreach (var part in name.Split('/')[..^1])
        {
            path = Path.Combine(path, part);
            if (new DirectoryInfo(path).LinkTarget is null)
                continue;
            real ??= RealPath(folder);
            if (!IsBelow(RealPath(path), real))
                throw new BadFileException(path, null, $"this folder is a link that leads out of {folder}: nothing is written through it");
        }

        return Path.Combine(folder, name);
    }

    private static bool IsBelow(string path, string folder) =>
        path == folder
        || path.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    /// <summary>
    /// The path of what a write to a path would replace: its folder's <see cref="RealPath"/> with its name, as a link at the path itself is
    /// replaced.
    /// </summary>
    /// <param name="path">The path.</param>
    public static string RealPlace(string path)
    {
        var full = Path.GetFullPath(path);
        return Path.GetDirectoryName(full) is { } folder ? Path.Combine(RealPath(folder), Path.GetFileName(full)) : full;
    }

    /// <summary>A full path without links, as far as it is there. .NET resolves a link at a path's end alone.</summary>
    /// <param name="path">The path.</param>
    /// <exception cref="IOException">There are too many links on the way.</exception>
    public static string RealPath(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var full = Path.GetFullPath(path);
        var real = Path.GetPathRoot(full)!;
        var rest = new Stack<string>(Parts(full[real.Length..]));
        for (var links = 0; rest.TryPop(out var part);)
        {
            if (part == "..")
            {
                real = Path.GetDirectoryName(real) ?? real;
                continue;
            }

            var next = Path.Combine(real, part);
            if (new DirectoryInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }

            if (++links > MaxLinks)
                throw new IOException($"{path}: there are too many links on the way");
            if (Path.IsPathRooted(target))
                real = Path.GetPathRoot(target)!;
            foreach (var word in Parts(Path.IsPathRooted(target) ? target[real.Length..] : target))
                rest.Push(word);
        }

        return real;
    }

    /// <summary>The parts of a path, the last one first.</summary>
    private static IEnumerable<string> Parts(string path) =>
        path.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".").Reverse();
}
