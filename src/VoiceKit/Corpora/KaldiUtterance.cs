using System.Text;
using VoiceKit.Audio;
using VoiceKit.Files;
using static System.FormattableString;

namespace VoiceKit.Corpora;

/// <summary>An item with the names that it has in a Kaldi data directory.</summary>
/// <param name="Id">The utterance's name.</param>
/// <param name="Speaker">Its speaker's name; the utterance's own where none is known.</param>
/// <param name="Path">Its file as wav.scp has it.</param>
/// <param name="Item">The item.</param>
internal sealed record KaldiUtterance(string Id, string Speaker, string Path, CorpusItem Item)
{
    /// <summary>The items with fit names, sorted as Kaldi asks.</summary>
    /// <param name="items">The items.</param>
    /// <param name="relativeTo">The folder that written paths start from; null for paths as they are.</param>
    /// <exception cref="ArgumentException">There is no item, or there are no such names.</exception>
    public static KaldiUtterance[] Of(IEnumerable<CorpusItem> items, string? relativeTo)
    {
        CorpusItem[] list = [.. items.Select(item => item.Channel is null || HasChannels(item.Path) ? item : item with { Channel = null })];
        if (list.Length == 0)
            throw new ArgumentException("there are no recordings to write", nameof(items));
        foreach (var item in list)
        {
            var path = ManifestPath.Written(item.Path, relativeTo);
            if (KaldiAudioPath.WritingFault(path) is { } fault)
                throw new ArgumentException($"the path '{path}' cannot stand in {KaldiDirectory.WaveList}: {fault}", nameof(items));
            if (item.Segment is { } segment && !(segment.Start >= 0 && double.IsFinite(segment.Start) && segment.End > segment.Start))
                throw new ArgumentException(Invariant($"'{item.Id}' cannot be the part {segment.Start} .. {segment.End} s of its file"), nameof(items));
        }

        // Ids such as p1_001 have their speaker's name in front, but "p10_001" sorts before "p1_001": then the speaker comes in front of all, with "-".
        var utterances = Sorted(list, item => Prefixed(item, relativeTo, ""));
        if (Disorder(utterances) is not null)
            utterances = Sorted(list, item => Prefixed(item, relativeTo, "-"));
        return Disorder(utterances) is not var (first, second) ? utterances : throw new ArgumentException(
            $"the speakers '{first.Speaker}' and '{second.Speaker}' cannot be sorted as Kaldi asks, which needs utterances and speakers in the same order: rename one", nameof(items));
    }

    /// <summary>Whether a file has several channels, of which one can be meant; a file that cannot be read may.</summary>
    private static bool HasChannels(string path)
    {
        try
        {
            return AudioFile.Describe(path).ChannelCount > 1;
        }
        catch (Exception exception) when (exception is IOException or BadFileException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    /// <summary>A name without what Kaldi's tables cannot hold: "/" becomes "-"; blanks and control characters become "_".</summary>
    public static string Fit(string name)
    {
        if (name.Length == 0)
            throw new ArgumentException("an id or a speaker's name is empty");
        var fit = new StringBuilder(name.Length);
        foreach (var unit in name)
            fit.Append(unit == '/' ? '-' : char.IsWhiteSpace(unit) || char.IsControl(unit) || unit == '\uFEFF' ? '_' : unit);
        return fit.ToString();
    }

    /// <summary>A text on one line, with single blanks between its words.</summary>
    public static string OnOneLine(string text) => string.Join(' ', new string([.. text.Select(unit => char.IsControl(unit) ? ' ' : unit)]).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static KaldiUtterance Prefixed(CorpusItem item, string? relativeTo, string separator)
    {
        var path = ManifestPath.Written(item.Path, relativeTo);
        var id = Fit(item.Id);
        if (item.Speaker is null)
            return new KaldiUtterance(id, id, path, item);
        var speaker = Fit(item.Speaker);
        return new KaldiUtterance(id.StartsWith(speaker + separator, StringComparison.Ordinal) ? id : $"{speaker}-{id}", speaker, path, item);
    }

    private static KaldiUtterance[] Sorted(CorpusItem[] items, Func<CorpusItem, KaldiUtterance> utterance)
    {
        var sorted = items.Select(utterance).OrderBy(one => one.Id, Utf8Order.Instance).ToArray();
        for (var i = 1; i < sorted.Length; i++)
        {
            var (one, other) = (sorted[i - 1], sorted[i]);
            if (one.Id == other.Id)
                throw new ArgumentException($"the ids '{one.Item.Id}' ({one.Item.Path}) and '{other.Item.Id}' ({other.Item.Path}) would both be '{one.Id}': rename one", nameof(items));
        }

        return sorted;
    }

    /// <summary>Two neighbours whose speakers are in the other order; null where there are none.</summary>
    private static (KaldiUtterance First, KaldiUtterance Second)? Disorder(KaldiUtterance[] utterances)
    {
        for (var i = 1; i < utterances.Length; i++)
        {
            if (Utf8Order.Instance.Compare(utterances[i - 1].Speaker, utterances[i].Speaker) > 0)
                return (utterances[i - 1], utterances[i]);
        }

        return null;
    }
}
