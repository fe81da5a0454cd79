using System.Runtime.InteropServices;
using System.Security.Cryptography;
using VoiceKit.Audio;
using VoiceKit.Files;
using static System.FormattableString;

namespace VoiceKit.Corpora;

/// <summary>Looks at one recording of a corpus. Nothing that a file holds makes it fail: what cannot be read is reported.</summary>
public static class RecordingCheck
{
    /// <summary>Up to this many channels each is looked at on its own; of more than that only the mean.</summary>
    public const int MostChannels = 8;

    // Blocks of whole steps of the loudness.
    private const int StepsPerBlock = 40;

    /// <summary>Reads and measures a recording, block by block: memory takes some bytes for each 10 ms. The time follows from the bytes of its file.</summary>
    public static RecordingReport Inspect(CorpusItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        try
        {
            using var stream = item.Open();
            var meter = SignalMeter.Measure(stream);
            var signal = meter.Report();
            var fault = SignalCheck.Fault(stream.Length, stream.SampleRate, signal);
            List<string> warnings = [.. stream.Warnings, .. item.Contradictions(stream), .. signal.Warnings];
            if (stream.Length > 0 && stream.Duration < Loudness.ShortestDuration)
                warnings.Add(Invariant($"It is shorter than the {Loudness.ShortestDuration.TotalMilliseconds:0} ms for which loudness is defined: its level is that of the whole of it."));
            var measures = Measure(item, stream, signal, warnings);
            return new RecordingReport(item, measures, fault, [.. warnings.Where(warning => warning != fault)]);
        }
        catch (BadFileException exception)
        {
            var place = exception.Offset is { } offset ? Invariant($" (at byte {offset})") : "";
            return Unreadable(item, exception.Reason + place);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or ArithmeticException)
        {
            return Unreadable(item, exception.PlainMessage().Replace(item.Path + ": ", "", StringComparison.Ordinal).TrimEnd('.'));
        }
    }

    private static RecordingReport Unreadable(CorpusItem item, string reason) => new(item, null, reason, []);

    private static RecordingMeasures Measure(CorpusItem item, AudioReader stream, SignalReport signal, List<string> warnings)
    {
        var isMixed = item.Channel is not null || stream.ChannelCount is 1 or > MostChannels;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(BitConverter.GetBytes(stream.SampleRate));
        if (!isMixed)
            hash.AppendData(BitConverter.GetBytes(stream.ChannelCount));
        var (signals, loudness) = (new List<SignalReport>(), new List<LoudnessMeter>());
        foreach (var (number, channel) in isMixed ? [(0, stream)] : Enumerable.Range(0, stream.ChannelCount).Select(i => (i + 1, stream.OneChannel(i))))
        {
            var (meter, level) = (new SignalMeter(stream.SampleRate), new LoudnessMeter(stream.SampleRate, stream.Length));
            foreach (var block in channel.Blocks(StepsPerBlock * level.StepLength))
            {
                meter.Add(block.Samples);
                level.Add(block.Samples);
                hash.AppendData(MemoryMarshal.AsBytes(block.Samples));
            }

            loudness.Add(level);
            signals.Add(meter.Report());
            if (number > 0)
                warnings.AddRange(signals[^1].Warnings.Except(signal.Warnings).Select(warning => Invariant($"Channel {number}: {warning}")));
        }

        var activity = SpeechActivity.Detect(stream, signal.DcOffset);
        return new RecordingMeasures
        {
            SampleRate = stream.SampleRate,
            ChannelCount = stream.ChannelCount,
            Encoding = stream.Encoding,
            Duration = stream.Duration,
            Peak = signals.Max(channel => channel.Peak),
            DcOffset = signals.MaxBy(channel => Math.Abs(channel.DcOffset))!.DcOffset,
            ClippedFraction = signals.Average(channel => channel.ClippedFraction),
            Loudness = Audio.Loudness.OfMeters(loudness),
            SignalToNoiseDb = activity.SignalToNoiseDb,
            LeadingSilence = activity.LeadingSilence,
            TrailingSilence = activity.TrailingSilence,
            ContentHash = Convert.ToHexStringLower(hash.GetHashAndReset()),
        };
    }
}
