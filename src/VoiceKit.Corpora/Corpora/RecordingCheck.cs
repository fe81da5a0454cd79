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
    public const int MaxChannels = 8;

    // Blocks of whole steps of the loudness.
    private const int StepsPerBlock = 40;

    /// <summary>
    /// Reads and measures a recording, block by block: memory takes some bytes for each 10 ms. The time follows from the bytes of its file.
    /// </summary>
    /// <param name="item">The recording.</param>
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
            if (stream.Length > 0 && stream.Duration < Loudness.MinDuration)
                warnings.Add(
                    Invariant($"It is shorter than the {Loudness.MinDuration.TotalMilliseconds:0} ms for which loudness is ")
                        + "defined: its level is that of the whole of it."
                );
            var measures = Measure(item, stream, signal, warnings);
            return new RecordingReport(item, measures, fault, [.. warnings.Where(warning => warning != fault)]);
        }
        catch (BadFileException exception)
        {
            var place = exception.Offset is { } offset ? Invariant($" (at byte {offset})") : "";
            return Unreadable(item, exception.Reason + place);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or UnusableDataException)
        {
            return Unreadable(item, exception.PlainMessage().Replace(item.Path + ": ", "", StringComparison.Ordinal).TrimEnd('.'));
        }
    }

    private static RecordingReport Unreadable(CorpusItem item, string reason) => new(item, null, reason, []);

    private static RecordingMeasures Measure(CorpusItem item, AudioReader stream, SignalReport signal, List<string> warnings)
    {
        var isMixed = item.Channel is not null || stream.ChannelCount is 1 or > MaxChannels;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(BitConverter.GetBytes(stream.SampleRate));
        if (!isMixed)
            hash.AppendData(BitConverter.GetBytes(stream.ChannelCount));
        var (signals, loudness) = (new List<SignalReport>(), new List<LoudnessMeter>());
        foreach (
            var (number, channel) in isMixed
                ? [(0, stream)]
                : Enumerable.Range(0, stream.ChannelCount).Select(i => (i + 1, stream.OneChannel(i)))
        )
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
                warnings.AddRange(
                    signals[^1].Warnings.Except(signal.Warnings).Select(warning => Invariant($"Channel {number}: {warning}"))
                );
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

/// <summary>
/// What was measured in a recording. With 2 .. 8 channels peak, clipping, offset and loudness are those of all channels, else those of
/// their mean.
/// </summary>
public sealed record RecordingMeasures
{
    /// <summary>Gets or sets the sampling frequency in Hz.</summary>
    public required int SampleRate { get; init; }

    /// <summary>Gets or sets the number of channels.</summary>
    public required int ChannelCount { get; init; }

    /// <summary>Gets or sets how the file stores its samples, in words.</summary>
    public required string Encoding { get; init; }

    /// <summary>Gets or sets the length in time.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Gets or sets the largest magnitude of any channel; 1 is full scale.</summary>
    public required double Peak { get; init; }

    /// <summary>Gets or sets the mean of the samples, of the channel where it is largest.</summary>
    public required double DcOffset { get; init; }

    /// <summary>Gets or sets the share of samples at or beyond 16-bit full scale, 0 .. 1.</summary>
    public required double ClippedFraction { get; init; }

    /// <summary>Gets or sets the integrated loudness in LUFS: see <see cref="Audio.Loudness"/>. Negative infinity in silence.</summary>
    public required double Loudness { get; init; }

    /// <summary>
    /// Gets or sets the power of the speech over that of the noise in dB: see <see cref="Audio.SpeechActivity.SignalToNoiseDb"/>. Null
    /// where it cannot be told.
    /// </summary>
    public required double? SignalToNoiseDb { get; init; }

    /// <summary>Gets or sets the time before the first speech.</summary>
    public required TimeSpan LeadingSilence { get; init; }

    /// <summary>Gets or sets the time after the last speech.</summary>
    public required TimeSpan TrailingSilence { get; init; }

    /// <summary>
    /// Gets or sets the SHA-256 of rate and decoded samples, as hexadecimal digits: equal for equal content in whatever container.
    /// </summary>
    public required string ContentHash { get; init; }
}

/// <summary>The findings of <see cref="RecordingCheck"/> about one recording: numbers and sentences, without its samples.</summary>
/// <param name="Item">The recording.</param>
/// <param name="Measures">What was measured; null where the file cannot be decoded.</param>
/// <param name="Fault">Why the recording cannot be used, as a sentence or its end; null where it can.</param>
/// <param name="Warnings">What else is odd, one plain sentence each.</param>
public sealed record RecordingReport(CorpusItem Item, RecordingMeasures? Measures, string? Fault, IReadOnlyList<string> Warnings)
{
    /// <summary>Gets the name for people: the id, with the file's extension where the item is a whole file.</summary>
    public string Name => Item.Segment is null ? Item.Id + Path.GetExtension(Item.Path) : Item.Id;

    /// <summary>Gets whether the recording can be used.</summary>
    public bool IsUsable => Fault is null;
}
