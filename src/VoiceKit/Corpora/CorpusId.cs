using System.Text;
using VoiceKit.Files;
using static System.FormattableString;

namespace VoiceKit.Corpora;

/// <summary>
/// Which names of recordings can be used. An id becomes the path of an output file below a folder, so one that would lead out of that folder, or that
/// no file system takes, is refused where it is read.
/// </summary>
public static class CorpusId
{
    /// <summary>The most UTF-8 bytes of one part between slashes: file systems take 255, and the number of a piece and an extension must fit as well.</summary>
    public const int LongestPart = 240;

    /// <summary>The most UTF-8 bytes of an id: Linux takes paths of 4095.</summary>
    public const int Longest = 2048;

    /// <summary>The first part that no id may have: the folder in which a batch keeps its journal.</summary>
    public const string ReservedFolder = ".voicekit";

    /// <summary>What is wrong with an id, without a full stop; null where it can be used.</summary>
    /// <param name="id">The id, with "/" between folders.</param>
    public static string? Fault(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (id.Length == 0)
            return "it is empty";
        if (id[0] == '/')
            return "it starts with a slash";
        if (id.Contains('\0', StringComparison.Ordinal))
            return "it holds a NUL character";
        if (Encoding.UTF8.GetByteCount(id) > Longest)
            return Invariant($"it is longer than {Longest} bytes");
        var parts = id.Split('/');
        if (parts[0].Equals(ReservedFolder, StringComparison.OrdinalIgnoreCase))
            return $"{ReservedFolder} is the folder of the batch's own files";
        foreach (var part in parts)
        {
            if (part.Length == 0)
                return "it has an empty part: two slashes in a row, or one at the end";
            if (part is "." or "..")
                return $"it has the part '{part}', which leads to another folder";
            if (Encoding.UTF8.GetByteCount(part) > LongestPart)
                return Invariant($"a part of it is longer than {LongestPart} bytes");
        }

        return null;
    }

    /// <summary>Makes sure that an id can be used, and returns it.</summary>
    /// <param name="id">The id, with "/" between folders.</param>
    /// <param name="path">The file that it was read from.</param>
    /// <param name="line">The line in that file, from 1.</param>
    /// <exception cref="BadFileException">The id cannot be used; the message names file, line and reason.</exception>
    public static string Require(string id, string path, long line) =>
        Fault(id) is { } fault ? throw new BadFileException(path, null, Invariant($"line {line}: the id '{Shortened(id)}' cannot be used as the name of an output: {fault}")) : id;

    /// <summary>The start of a text, for a message.</summary>
    internal static string Shortened(string text) => text.Length <= 80 ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[79]) ? 79 : 80), "...");
}
