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

    /// <summary>The most UTF-8 bytes of one part of an output's name, the number of a piece and the extension included.</summary>
    private const int LongestName = 255;

    /// <summary>The most UTF-8 bytes of an id: Linux takes paths of 4095.</summary>
    public const int Longest = 2048;

    /// <summary>The first part that no id may have: the folder in which a batch keeps its journal.</summary>
    public const string ReservedFolder = ".voicekit";

    /// <summary>What is wrong with an id, without a full stop; null where it can be used.</summary>
    /// <param name="id">The id, with "/" between folders.</param>
    public static string? Fault(string id) => Fault(id, LongestPart);

    /// <summary>What is wrong with the name of an output, which is an id and an ending; null where it can be used.</summary>
    /// <param name="name">The name below the output folder, with "/" between folders.</param>
    internal static string? OutputFault(string name) => Fault(name, LongestName);

    private static string? Fault(string id, int longestPart)
    {
        if (ContainedPath.Fault(id) is { } fault)
            return fault;
        if (Encoding.UTF8.GetByteCount(id) > Longest)
            return Invariant($"it is longer than {Longest} bytes");
        if (IsReserved(id))
            return $"{ReservedFolder} is the folder of the batch's own files";
        return Array.Exists(id.Split('/'), part => Encoding.UTF8.GetByteCount(part) > longestPart) ? Invariant($"a part of it is longer than {longestPart} bytes") : null;
    }

    private static bool IsReserved(string id) => id.Split('/')[0].Equals(ReservedFolder, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// An item whose id can be used. One that is only too long, or empty, gets another id, made of a hash, and a <see cref="CorpusItem.Fault"/>, so that it fails alone;
    /// an id that would lead out of a folder is refused, as nobody names a recording so by mistake.
    /// </summary>
    /// <param name="item">The item.</param>
    /// <param name="place">The list and line that it was read from, for errors; null for its file.</param>
    /// <exception cref="BadFileException">The id leads out of a folder, or is that of a batch's own files.</exception>
    public static CorpusItem Admit(CorpusItem item, (string Path, long Line)? place = null)
    {
        ArgumentNullException.ThrowIfNull(item);
        if (Fault(item.Id) is not { } fault)
            return item;
        if (item.Id.Length > 0 && (ContainedPath.Fault(item.Id) is not null || IsReserved(item.Id)))
            throw new BadFileException(place?.Path ?? item.Path, null, $"{(place is { } at ? Invariant($"line {at.Line}: ") : "")}the id '{Shortened(item.Id)}' cannot be used as the name of an output: {fault}");
        return item with { Id = "unusable-name-" + ContentHash.OfText(item.Id + "\0" + item.Path)[..16], Fault = $"the name '{Shortened(item.Id)}' cannot be that of an output: {fault}" };
    }

    /// <summary>The start of a text, for a message.</summary>
    internal static string Shortened(string text) => text.Length <= 80 ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[79]) ? 79 : 80), "...");
}
