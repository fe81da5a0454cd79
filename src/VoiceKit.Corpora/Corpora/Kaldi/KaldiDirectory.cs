using System.Text;
using VoiceKit.Audio;
using VoiceKit.Files;
using static System.FormattableString;

namespace VoiceKit.Corpora;

/// <summary>
/// Kaldi data directories: wav.scp (names and files), segments (parts of them), utt2spk and spk2utt (speakers), text. The format is that of
/// "Data preparation" in Kaldi's documentation.
/// </summary>
public static class KaldiDirectory
{
    /// <summary>The file that makes a folder such a directory.</summary>
    internal const string WaveList = "wav.scp";

    internal const string SegmentList = "segments";
    internal const string SpeakerList = "utt2spk";
    internal const string UtteranceList = "spk2utt";
    internal const string TextList = "text";
    internal const string ChannelList = "reco2file_and_channel";

    /// <summary>
    /// Reads a directory: wav.scp, and segments, utt2spk, reco2file_and_channel and text where they are. An item is an utterance: a line of
    /// segments, or of wav.scp where there is no segments. Lines of utt2spk and text for other utterances are passed over, as a shortened
    /// wav.scp leaves them; an utterance that is its own speaker has none, as Kaldi's documentation proposes. The end -1 is the recording's
    /// end.
    /// </summary>
    /// <param name="folder">The folder. A relative path in wav.scp is meant from the current directory, or from the folder where only there
    /// is a file.</param>
    /// <param name="warn">Receives what was passed over: segments of no length, or of unknown recordings.</param>
    /// <returns>The utterances in the files' order; all are in memory.</returns>
    /// <exception cref="FileNotFoundException">There is no wav.scp in the folder.</exception>
    /// <exception cref="BadFileException">A line is not as Kaldi has it, names a command (which is code and is never run), standard input
    /// or an archive, is longer than 1 MiB, comes twice, or has an id that <see cref="CorpusId"/> refuses.</exception>
    public static IReadOnlyList<CorpusItem> Read(string folder, Action<string>? warn = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var segments = Path.Combine(folder, SegmentList);
        var isSegmented = File.Exists(segments);
        var recordings = new List<CorpusItem>();
        var channels = KaldiTable.ReadOptional(
            Path.Combine(folder, ChannelList),
            (entry, lines) =>
                KaldiTable.Words(entry.Rest) is [_, var name]
                    ? Channel(name, lines)
                    : throw lines.Bad("a recording, the name of a file and a channel were expected")
        );
        KaldiTable.Read(
            Path.Combine(folder, WaveList),
            (entry, lines) =>
            {
                if (KaldiAudioPath.Fault(entry.Rest) is { } fault)
                    throw lines.Bad(fault);
                var recording = new CorpusItem(entry.Key, ManifestPath.Resolve(entry.Rest, folder))
                {
                    Channel = channels.TryGetValue(entry.Key, out var channel) ? channel : null,
                };
                recordings.Add(isSegmented ? recording : CorpusId.Admit(recording, (lines.Path, entry.Line)));
            },
            takesAnyBytes: true
        );
        var items = isSegmented
            ? ReadSegments(segments, recordings.ToDictionary(recording => recording.Id, StringComparer.Ordinal), warn ?? (_ => { }))
            : recordings;
        var speakers = KaldiTable.ReadOptional(Path.Combine(folder, SpeakerList), Speaker);
        var texts = KaldiTable.ReadOptional(Path.Combine(folder, TextList), (entry, _) => entry.Rest);
        return items.ConvertAll(item =>
            item with
            {
                Speaker = speakers.GetValueOrDefault(item.Id) is { } speaker && speaker != item.Id ? speaker : null,
                Text = texts.GetValueOrDefault(item.Id),
            }
        );
    }

    /// <summary>
    /// Writes a directory: wav.scp, utt2spk and spk2utt, text where an item has one, and segments where an item is a part of its file; each
    /// sorted by the bytes of its first words, as "LC_ALL=C sort" does, and written whole or not at all.
    /// </summary>
    /// <remarks>
    /// Ids are made fit: "/" becomes "-"; blanks and control characters become "_"; and an id that does not start with its speaker's name
    /// gets it in front with "-", since Kaldi sorts by both. An item without a speaker is its own. Blanks in texts become single ones. With
    /// segments, a recording has the name of its file, or the id of its first utterance where names of files come twice.
    /// </remarks>
    /// <param name="folder">The folder; it is created where it is missing. Other files in it stay.</param>
    /// <param name="items">The items; all are in memory.</param>
    /// <param name="relativeTo">The folder that written paths start from, such as <paramref name="folder"/>; null, the default, for paths
    /// as they are.</param>
    /// <returns>How many utterances were written.</returns>
    /// <exception cref="ArgumentException">There is no item, two ids become one, speakers' names cannot be sorted as Kaldi asks, a path
    /// cannot stand in wav.scp, or a segment is none. Nothing is written then.</exception>
    /// <exception cref="BadFileException">Some items are parts, and the duration of another's whole file cannot be read.</exception>
    /// <exception cref="IOException">A file cannot be written, or one of an earlier directory (text, segments) would wrongly belong to the
    /// new one.</exception>
    public static int Write(string folder, IEnumerable<CorpusItem> items, string? relativeTo = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(items);
        return KaldiWriter.Write(folder, KaldiUtterance.Of(items, relativeTo));
    }

    /// <summary>The channel that "A", "B" ... or "1", "2" ... tell, counted from 0.</summary>
    private static int Channel(string name, TextLines lines) =>
        name switch
        {
            [>= 'A' and <= 'Z' and var letter] => letter - 'A',
            _ when StrictNumber.Whole(name) is >= 1 and <= ushort.MaxValue and var counted => counted - 1,
            _ => throw lines.Bad($"'{CorpusId.Shortened(name)}' is no channel; it is A, B ... or 1, 2 ..."),
        };

    /// <summary>The channel that a line of segments tells: other than elsewhere, extract-segments counts from 0.</summary>
    private static int SegmentChannel(string text, TextLines lines) =>
        StrictNumber.Whole(text) is >= 0 and < ushort.MaxValue and var channel
            ? channel
            : throw lines.Bad($"'{CorpusId.Shortened(text)}' is no channel; in {SegmentList} it is 0, 1 ...");

    private static List<CorpusItem> ReadSegments(string path, Dictionary<string, CorpusItem> recordings, Action<string> warn)
    {
        var items = new List<CorpusItem>();
        KaldiTable.Read(
            path,
            (entry, lines) =>
            {
                var words = KaldiTable.Words(entry.Rest);
                if (words.Length is not (3 or 4))
                    throw lines.Bad("an utterance, a recording, a start and an end were expected");
                if (!recordings.TryGetValue(words[0], out var recording))
                {
                    warn($"{path}: line {entry.Line}: left out, the recording '{CorpusId.Shortened(words[0])}' is not in {WaveList}");
                    return;
                }

                var (start, end) = (Time(words[1], lines), Time(words[2], lines));
                if (end == start)
                {
                    warn($"{path}: line {entry.Line}: left out, '{CorpusId.Shortened(entry.Key)}' has no length");
                    return;
                }

                var segment = lines.Segment(start, end == -1 ? double.PositiveInfinity : end);
                var isWhole = segment is { Start: 0, End: double.PositiveInfinity };
                var channel = words.Length == 4 ? SegmentChannel(words[3], lines) : recording.Channel;
                items.Add(
                    CorpusId.Admit(
                        recording with
                        {
                            Id = entry.Key,
                            Segment = isWhole ? null : segment,
                            Channel = channel,
                        },
                        (path, entry.Line)
                    )
                );
            }
        );
        return items;
    }

    private static string Speaker(KaldiEntry entry, TextLines lines) =>
        KaldiTable.Words(entry.Rest) is [var speaker] ? speaker : throw lines.Bad("an utterance and its speaker were expected");

    private static double Time(string text, TextLines lines) =>
        StrictNumber.Real(text) ?? throw lines.Bad($"'{CorpusId.Shortened(text)}' is no time in seconds");
}

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
            throw new UnusableDataException("there are no recordings to write");
        foreach (var item in list)
        {
            var path = ManifestPath.Written(item.Path, relativeTo);
            if (KaldiAudioPath.WritingFault(path) is { } fault)
                throw new UnusableDataException($"the path '{path}' cannot stand in {KaldiDirectory.WaveList}: {fault}");
            if (item.Segment is { } segment && !(segment.Start >= 0 && double.IsFinite(segment.Start) && segment.End > segment.Start))
                throw new UnusableDataException(
                    Invariant($"'{item.Id}' cannot be the part {segment.Start} .. {segment.End} s of its file")
                );
        }

        // Ids such as p1_001 have their speaker's name in front, but "p10_001" sorts before "p1_001": then the speaker comes in front of
        // all, with "-".
        var utterances = Sorted(list, item => Prefixed(item, relativeTo, ""));
        if (Disorder(utterances) is not null)
            utterances = Sorted(list, item => Prefixed(item, relativeTo, "-"));
        return Disorder(utterances) is not var (first, second)
            ? utterances
            : throw new UnusableDataException(
                $"the speakers '{first.Speaker}' and '{second.Speaker}' cannot be sorted as Kaldi asks, which needs utterances "
                    + $"and speakers in the same order: rename one"
            );
    }

    /// <summary>Determines whether a file has several channels, of which one can be meant; a file that cannot be read may.</summary>
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
            throw new UnusableDataException("an id or a speaker's name is empty");
        var fit = new StringBuilder(name.Length);
        foreach (var unit in name)
            fit.Append(
                unit == '/' ? '-'
                : char.IsWhiteSpace(unit) || char.IsControl(unit) || unit == '\uFEFF' ? '_'
                : unit
            );
        return fit.ToString();
    }

    /// <summary>A text on one line, with single blanks between its words.</summary>
    public static string OnOneLine(string text) =>
        string.Join(
            ' ',
            new string([.. text.Select(unit => char.IsControl(unit) ? ' ' : unit)]).Split(
                (char[]?)null,
                StringSplitOptions.RemoveEmptyEntries
            )
        );

    private static KaldiUtterance Prefixed(CorpusItem item, string? relativeTo, string separator)
    {
        var path = ManifestPath.Written(item.Path, relativeTo);
        var id = Fit(item.Id);
        if (item.Speaker is null)
            return new KaldiUtterance(id, id, path, item);
        var speaker = Fit(item.Speaker);
        return new KaldiUtterance(
            id.StartsWith(speaker + separator, StringComparison.Ordinal) ? id : $"{speaker}-{id}",
            speaker,
            path,
            item
        );
    }

    private static KaldiUtterance[] Sorted(CorpusItem[] items, Func<CorpusItem, KaldiUtterance> utterance)
    {
        var sorted = items.Select(utterance).OrderBy(one => one.Id, Utf8Order.Instance).ToArray();
        for (var i = 1; i < sorted.Length; i++)
        {
            var (one, other) = (sorted[i - 1], sorted[i]);
            if (one.Id == other.Id)
                throw new UnusableDataException(
                    $"the ids '{one.Item.Id}' ({one.Item.Path}) and '{other.Item.Id}' ({other.Item.Path}) would both be "
                        + $"'{one.Id}': rename one"
                );
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
