using VoiceKit.Corpora;
using VoiceKit.Files;

namespace VoiceKit.Batches;

/// <summary>Whether an item is to be worked on, and why.</summary>
/// <param name="IsNeeded">Whether there is work to do.</param>
/// <param name="Why">Why, in words; empty where there is none.</param>
/// <param name="Earlier">The item's last entry in the journal, if there is one.</param>
/// <param name="InputHash">The input's hash, where it had to be read to decide.</param>
public sealed record BatchDecision(bool IsNeeded, string Why, JournalEntry? Earlier = null, string? InputHash = null)
{
    /// <summary>
    /// Compares an item with what the journal says of it: it is skipped only where input, parameters and model are the same and every output is whole. Size
    /// and time stand for the content; where only the time differs, the content is read.
    /// </summary>
    /// <param name="item">The item.</param>
    /// <param name="stamp">The input's size and time now.</param>
    /// <param name="entry">The item's last entry.</param>
    /// <param name="description">What the batch does.</param>
    /// <param name="folder">The output folder.</param>
    public static BatchDecision Of(CorpusItem item, FileStamp stamp, JournalEntry? entry, BatchDescription description, string folder)
    {
        ArgumentNullException.ThrowIfNull(item);
        ArgumentNullException.ThrowIfNull(description);
        if (entry is null)
            return new(true, "not done before");
        if (entry.Outcome == BatchOutcome.Failed)
            return new(true, "failed before", entry);
        if (entry.Parameters != description.ParametersHash)
            return new(true, "other parameters", entry);
        if (entry.Model != description.Model)
            return new(true, "another model", entry);
        if (entry.Part != PartOf(item) || stamp.Size != entry.InputStamp?.Size)
            return new(true, "another input", entry);
        var hash = stamp == entry.InputStamp ? entry.InputHash : ContentHash.OfFile(item.Path);
        if (hash != entry.InputHash)
            return new(true, "another input", entry, hash);
        return entry.Outputs.FirstOrDefault(output => !IsWhole(output, folder, readAlways: false)) is { } torn
            ? new(true, $"{torn.Name} is not as it was written", entry, hash)
            : new(false, "", entry, hash);
    }

    /// <summary>Whether an output is there as it was written.</summary>
    /// <param name="output">The output.</param>
    /// <param name="folder">The output folder.</param>
    /// <param name="readAlways">Whether its content is read even where size and time are the same.</param>
    public static bool IsWhole(BatchOutput output, string folder, bool readAlways)
    {
        ArgumentNullException.ThrowIfNull(output);
        try
        {
            var path = ContainedPath.Of(folder, output.Name);
            var stamp = FileStamp.Of(path);
            return stamp.Size == output.Stamp.Size && ((stamp == output.Stamp && !readAlways) || ContentHash.OfFile(path) == output.Hash);
        }
        catch (Exception exception) when (exception is FileNotFoundException or BadFileException)
        {
            return false;
        }
    }

    /// <summary>The part of its file that an item is, as the journal notes it.</summary>
    internal static string? PartOf(CorpusItem item)
    {
        var part = (item.Segment is { } segment ? FormattableString.Invariant($"{segment.Start:R}-{segment.End:R}") : "") + (item.Channel is { } channel ? FormattableString.Invariant($" channel {channel}") : "");
        return part.Length == 0 ? null : part.TrimStart();
    }
}
