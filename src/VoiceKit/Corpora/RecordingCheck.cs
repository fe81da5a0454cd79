using System.Numerics.Tensors;
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

    private const double SixteenBitStep = 1.0 / 32768;

    /// <summary>Reads and measures a recording. The time and memory follow from the bytes of its file.</summary>
    public static RecordingReport Inspect(CorpusItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        try
        {
            var recording = item.Read();
            var signal = SignalCheck.Inspect(recording.Waveform);
            var fault = SignalCheck.Fault(recording.Waveform, signal) ?? Constancy(recording.Waveform);
            var warnings = recording.Warnings.Concat(signal.Warnings).ToList();
            var measures = Measure(item, recording, signal, warnings);
            return new RecordingReport(item, measures, fault, [.. warnings.Where(warning => warning != fault)]);
        }
        catch (BadFileException exception)
        {
            var place = exception.Offset is { } offset ? Invariant($" (at byte {offset})") : "";
            return Unreadable(item, exception.Reason + place);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or ArithmeticException)
        {
            return Unreadable(item, exception.Message.Replace(item.Path + ": ", "", StringComparison.Ordinal).TrimEnd('.'));
        }
    }

    private static RecordingReport Unreadable(CorpusItem item, string reason) => new(item, null, reason, []);

    // An offset alone is no sound.
    private static string? Constancy(Waveform waveform) =>
        TensorPrimitives.Max(waveform.Samples) - TensorPrimitives.Min(waveform.Samples) <= SixteenBitStep ? "The recording is silent: all samples have the same value." : null;

    private static RecordingMeasures Measure(CorpusItem item, AudioRecording recording, SignalReport signal, List<string> warnings)
    {
        var mean = recording.Waveform;
        var signals = new List<SignalReport>();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var loudness = Loudness.Integrated(Channels());
        var activity = SpeechActivity.Detect(mean);
        return new RecordingMeasures
        {
            SampleRate = mean.SampleRate,
            ChannelCount = recording.ChannelCount,
            Encoding = recording.Encoding,
            Duration = mean.Duration,
            Peak = signals.Max(channel => channel.Peak),
            DcOffset = signals.MaxBy(channel => Math.Abs(channel.DcOffset))!.DcOffset,
            ClippedFraction = signals.Average(channel => channel.ClippedFraction),
            Loudness = loudness,
            SignalToNoiseDb = activity.SignalToNoiseDb,
            LeadingSilence = activity.LeadingSilence,
            TrailingSilence = activity.TrailingSilence,
            ContentHash = Convert.ToHexStringLower(hash.GetHashAndReset()),
        };

        IEnumerable<Waveform> Channels()
        {
            hash.AppendData(BitConverter.GetBytes(mean.SampleRate));
            if (recording.ChannelCount is 1 or > MostChannels)
            {
                signals.Add(signal);
                hash.AppendData(MemoryMarshal.AsBytes(mean.Samples));
                yield return mean;
                yield break;
            }

            hash.AppendData(BitConverter.GetBytes(recording.ChannelCount));
            for (var i = 0; i < recording.ChannelCount; i++)
            {
                var channel = item.Read(new WaveReadOptions { Channel = i }).Waveform;
                var channelSignal = SignalCheck.Inspect(channel);
                signals.Add(channelSignal);
                warnings.AddRange(channelSignal.Warnings.Except(signal.Warnings).Select(warning => Invariant($"Channel {i + 1}: {warning}")));
                hash.AppendData(MemoryMarshal.AsBytes(channel.Samples));
                yield return channel;
            }
        }
    }
}
