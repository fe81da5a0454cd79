using System.Globalization;
using System.Text;
using VoiceKit.Audio;
using VoiceKit.Files;
using static VoiceKit.Corpora.KaldiDirectory;

namespace VoiceKit.Corpora;

/// <summary>Writes the tables of a Kaldi data directory.</summary>
internal static class KaldiWriter
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes sorted utterances; wav.scp comes last, as it makes the folder a data directory.</summary>
    public static int Write(string folder, KaldiUtterance[] utterances)
    {
        var isSegmented = utterances.Any(utterance => utterance.Item.Segment is not null);
        var hasText = utterances.Any(utterance => utterance.Item.Text is not null);
        RequireAbsent(folder, SegmentList, isSegmented);
        RequireAbsent(folder, TextList, hasText);
        RequireAbsent(folder, ChannelList, utterances.Any(utterance => utterance.Item.Channel is not null));
        var names = isSegmented ? RecordingNames(utterances) : null;
        var segments = names is null
            ? null
            : utterances.Select(utterance => $"{utterance.Id} {names[Recording(utterance)]} {Times(utterance.Item)}").ToArray();

        Table(folder, SpeakerList, utterances.Select(utterance => $"{utterance.Id} {utterance.Speaker}"));
        Table(
            folder,
            UtteranceList,
            utterances
                .GroupBy(utterance => utterance.Speaker)
                .Select(group => $"{group.Key} {string.Join(' ', group.Select(utterance => utterance.Id))}")
        );
        if (hasText)
            Table(
                folder,
                TextList,
                utterances
                    .Where(utterance => utterance.Item.Text is not null)
                    .Select(utterance => $"{utterance.Id} {KaldiUtterance.OnOneLine(utterance.Item.Text!)}".TrimEnd())
            );
        if (segments is not null)
            Table(folder, SegmentList, segments);
        var channels = utterances
            .Where(utterance => utterance.Item.Channel is not null)
            .DistinctBy(utterance => names is null ? utterance.Id : names[Recording(utterance)])
            .Select(utterance =>
                $"{(names is null ? utterance.Id : names[Recording(utterance)])} {FileName(utterance.Path)} {ChannelName(utterance.Item)}"
            )
            .ToArray();
        if (channels.Length > 0)
            Table(folder, ChannelList, channels.Order(Utf8Order.Instance));
        Table(
            folder,
            WaveList,
            names is null
                ? utterances.Select(utterance => $"{utterance.Id} {utterance.Path}")
                : names.OrderBy(pair => pair.Value, Utf8Order.Instance).Select(pair => $"{pair.Value} {pair.Key.Path}")
        );
        return utterances.Length;
    }

    /// <summary>
    /// A table of an earlier directory must not seem to belong to this one; it is someone's work, so it is not deleted either.
    /// </summary>
    private static void RequireAbsent(string folder, string name, bool isWritten)
    {
        var path = Path.Combine(folder, name);
        if (!isWritten && File.Exists(path))
            throw new IOException(
                $"{path}: this file of an earlier data directory does not belong to the new one, which has no {name}: remove it, "
                    + $"or choose another folder"
            );
    }

    /// <summary>
    /// Names of the recordings, which are channels of files: those of the files, or the ids of their first utterances where names of files
    /// come twice.
    /// </summary>
    private static Dictionary<(string Path, int? Channel), string> RecordingNames(KaldiUtterance[] utterances)
    {
        var firsts = utterances.DistinctBy(Recording).ToArray();
        var names = firsts.ToDictionary(
            Recording,
            first => FileName(first.Path) + (first.Item.Channel is null ? "" : "-" + ChannelName(first.Item))
        );
        return names.Values.Distinct(StringComparer.Ordinal).Count() == names.Count
            ? names
            : firsts.ToDictionary(Recording, first => first.Id);
    }

    private static (string Path, int? Channel) Recording(KaldiUtterance utterance) => (utterance.Path, utterance.Item.Channel);

    private static string ChannelName(CorpusItem item) =>
        item.Channel < 26 ? ((char)('A' + item.Channel)).ToString() : (item.Channel + 1)!.Value.ToString(CultureInfo.InvariantCulture);

    private static string FileName(string path) =>
        Path.GetFileNameWithoutExtension(path) is { Length: > 0 } name ? KaldiUtterance.Fit(name) : KaldiUtterance.Fit(path);

    // Kaldi's programs know -1 for the end, but its checks refuse it: the duration is looked up.
    private static string Times(CorpusItem item)
    {
        var segment = item.Segment ?? new TimeSegment(0, double.PositiveInfinity);
        if (!double.IsFinite(segment.End))
            segment = segment with { End = AudioFile.Describe(item.Path).Seconds };
        return segment.End > segment.Start
            ? string.Create(CultureInfo.InvariantCulture, $"{segment.Start} {segment.End}")
            : throw new BadFileException(
                item.Path,
                null,
                string.Create(CultureInfo.InvariantCulture, $"the recording has {segment.End} s, so '{item.Id}' has no sample")
            );
    }

    private static void Table(string folder, string name, IEnumerable<string> lines) =>
        AtomicFile.Write(
            Path.Combine(folder, name),
            stream =>
            {
                using var writer = new StreamWriter(stream, Utf8, leaveOpen: true) { NewLine = "\n" };
                foreach (var line in lines)
                    writer.WriteLine(line);
            }
        );
}
