using System.Text.Json;
using VoiceKit.Audio;
using VoiceKit.Files;
using static System.FormattableString;

namespace VoiceKit.Corpora;

/// <summary>Writes items as lhotse's recordings and supervisions.</summary>
/// <param name="recordings">The recordings' lines.</param>
/// <param name="leaveOut">Gets each item whose file cannot be used, and why; null to end with that exception.</param>
/// <param name="relativeTo">The folder that written paths start from; null for paths as they are.</param>
internal sealed class LhotseWriter(JsonLineWriter recordings, Action<CorpusItem, Exception>? leaveOut, string? relativeTo)
{
    private readonly HashSet<string> ids = new(StringComparer.Ordinal);
    private (CorpusItem Item, AudioDescription Audio)? last;

    /// <summary>Gets how many items were written.</summary>
    public int Count { get; private set; }

    /// <summary>Determines whether a supervision tells what a recording cannot.</summary>
    public static bool IsSupervised(CorpusItem item) =>
        item.Speaker is not null || item.Text is not null || item.Segment is not null || item.Channel is not null;

    /// <summary>Writes an item.</summary>
    /// <param name="item">The item.</param>
    /// <param name="supervisions">The supervisions' lines; null where the item needs none.</param>
    public void Add(CorpusItem item, JsonLineWriter? supervisions)
    {
        if (!ids.Add(item.Id))
            throw new UnusableDataException($"the id '{item.Id}' is there twice, the second time for {item.Path}: rename one");

        // The parts of one file follow each other: one recording for all of them.
        var isShared = item.Segment is not null && last?.Item is { Segment: not null } before && before.Path == item.Path;
        AudioDescription audio;
        TimeSegment time;
        try
        {
            audio = isShared ? last!.Value.Audio : Describe(item.Path);
            item.RequireChannels(audio.ChannelCount);
            time = Clamp(item, audio);
        }
        catch (Exception exception)
            when (leaveOut is not null && exception is BadFileException or IOException or UnauthorizedAccessException)
        {
            leaveOut(item, exception);
            return;
        }

        if (!isShared)
        {
            recordings.Write(json => Recording(json, item, audio));
            last = (item, audio);
        }

        if (IsSupervised(item))
            supervisions!.Write(json => Supervision(json, item, last!.Value.Item.Id, audio, time));
        Count++;
    }

    private static AudioDescription Describe(string path)
    {
        var audio = AudioFile.Describe(path);
        return audio.SampleCount > 0 ? audio : throw new BadFileException(path, null, "the recording is empty");
    }

    private static TimeSegment Clamp(CorpusItem item, AudioDescription audio)
    {
        var (start, end) = item.Segment ?? new TimeSegment(0, audio.Seconds);
        if (!(start >= 0 && end > start))
            throw new UnusableDataException(Invariant($"'{item.Id}' cannot be the part {start} .. {end} s of its file"));
        end = Math.Min(end, audio.Seconds);
        return end > start
            ? new TimeSegment(start, end)
            : throw new BadFileException(
                item.Path,
                null,
                Invariant($"the recording has {end} s; the part '{item.Id}' starts at {start} s")
            );
    }

    private void Recording(Utf8JsonWriter json, CorpusItem item, AudioDescription audio)
    {
        json.WriteString("id", item.Id);
        json.WriteStartArray("sources");
        json.WriteStartObject();
        json.WriteString("type", "file");
        Channels(json, "channels", audio);
        json.WriteString("source", ManifestPath.Written(item.Path, relativeTo));
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteNumber("sampling_rate", audio.SampleRate);
        json.WriteNumber("num_samples", audio.SampleCount);
        json.WriteNumber("duration", audio.Seconds);
        Channels(json, "channel_ids", audio);
    }

    // lhotse adds start and duration up again: in decimal, 0.1 + 0.2 are 0.3.
    private static void Supervision(Utf8JsonWriter json, CorpusItem item, string recording, AudioDescription audio, TimeSegment time)
    {
        json.WriteString("id", item.Id);
        json.WriteString("recording_id", recording);
        json.WriteNumber("start", time.Start);
        json.WriteNumber("duration", item.Segment is null ? audio.Seconds : (double)((decimal)time.End - (decimal)time.Start));
        if (audio.ChannelCount == 1 || item.Channel is not null)
            json.WriteNumber("channel", audio.ChannelCount == 1 ? 0 : item.Channel!.Value);
        else
            Channels(json, "channel", audio);
        if (item.Text is not null)
            json.WriteString("text", item.Text);
        if (item.Speaker is not null)
            json.WriteString("speaker", item.Speaker);
    }

    private static void Channels(Utf8JsonWriter json, string name, AudioDescription audio)
    {
        json.WriteStartArray(name);
        for (var channel = 0; channel < audio.ChannelCount; channel++)
            json.WriteNumberValue(channel);
        json.WriteEndArray();
    }
}
