using VoiceKit.Numerics;
using static System.FormattableString;

namespace VoiceKit.Audio;

/// <summary>What is heard of a speaker's recordings in the voice that is learned from them: noise, and a band that is empty.</summary>
public static class RecordingQuality
{
    private const double WantedSignalToNoiseDb = 30;
    private const int Window = 1024;

    // A resampler's or a codec's edge falls by far more within a tenth of its frequency; speech does not.
    private const double MinEdgeDb = 25;
    private const double MaxEdgeRatio = 0.75;
    private static readonly int[] LowerRates = [8000, 11025, 12000, 16000, 22050, 24000, 32000];

    /// <summary>Says in plain sentences what will be heard of the recordings in a voice; nothing for good ones.</summary>
    /// <param name="speaker">Whose they are, such as "source".</param>
    /// <param name="recordings">The recordings, all of one rate.</param>
    public static IEnumerable<string> Warnings(string speaker, IReadOnlyList<Waveform> recordings)
    {
        ArgumentNullException.ThrowIfNull(recordings);
        if (SignalToNoiseDb(recordings) is { } ratio && ratio < WantedSignalToNoiseDb)
        {
            yield return Invariant($"the {speaker} recordings have noise {ratio:0} dB below the speech: {WantedSignalToNoiseDb:0} dB ")
                + "or more are wanted, as 20 dB cost the converted voice 1 - 3 dB of distortion and are heard in it (voicekit corpus "
                + "prepare --denoise helps; a quieter room helps more)";
        }

        if (EmptyAbove(recordings) is { } edge)
        {
            yield return Invariant(
                $"the {speaker} recordings hold nothing above {edge / 1000:0.#} kHz, as if brought up from {2 * edge:0} Hz: "
            ) + Invariant($"a model of that rate is learned better (voicekit corpus prepare --rate {2 * edge:0})");
        }
    }

    /// <summary>
    /// The median over recordings of the power of speech over that of the noise in pauses, in dB; null where none has both.
    /// </summary>
    /// <param name="recordings">The recordings.</param>
    internal static double? SignalToNoiseDb(IEnumerable<Waveform> recordings)
    {
        var ratios = recordings
            .InParallel()
            .Select(recording => SpeechActivity.Detect(recording).SignalToNoiseDb)
            .OfType<double>()
            .Order()
            .ToArray();
        return ratios.Length == 0 ? null : ratios[ratios.Length / 2];
    }

    /// <summary>
    /// The highest frequency in Hz that recordings hold, where it is half of a common lower rate and their own would allow a third more;
    /// null where the spectrum goes on to the end.
    /// </summary>
    /// <param name="recordings">The recordings, all of one rate.</param>
    internal static double? EmptyAbove(IReadOnlyList<Waveform> recordings)
    {
        if (recordings.Count == 0)
            return null;
        var nyquist = recordings[0].SampleRate / 2.0;
        var density = MeanSpectrum(recordings);
        double Mean(double from, double to) => density[Bin(from)..(Bin(to) + 1)].Average();
        int Bin(double hertz) => Math.Clamp((int)Math.Round(hertz / nyquist * (density.Length - 1)), 0, density.Length - 1);
        foreach (var edge in LowerRates.Select(rate => rate / 2.0).Where(edge => edge <= MaxEdgeRatio * nyquist))
        {
            if (Mean(0.8 * edge, 0.95 * edge) - density[Bin(1.05 * edge)..].Max() >= MinEdgeDb)
                return edge;
        }

        return null;
    }

    /// <summary>The mean power spectrum in dB, smoothed over some bins.</summary>
    private static double[] MeanSpectrum(IReadOnlyList<Waveform> recordings)
    {
        var fft = new RealFft(Window);
        var segment = new double[Window];
        var (real, imaginary, power) = (new double[fft.BinCount], new double[fft.BinCount], new double[fft.BinCount]);
        var sum = new double[fft.BinCount];
        foreach (var recording in recordings)
        {
            var offset = recording.DcOffset;
            for (var start = 0; start + Window <= recording.Length; start += Window)
            {
                for (var i = 0; i < Window; i++)
                {
                    var weight = 0.42 - (0.5 * Math.Cos(2 * Math.PI * i / Window)) + (0.08 * Math.Cos(4 * Math.PI * i / Window));
                    segment[i] = weight * (recording.Samples[start + i] - offset);
                }

                fft.Forward(segment, real, imaginary);
                ComplexSpectrum.Power(real, imaginary, power);
                for (var k = 0; k < sum.Length; k++)
                    sum[k] += power[k];
            }
        }

        const int radius = 4;
        return
        [
            .. Enumerable
                .Range(0, sum.Length)
                .Select(k => sum[Math.Max(0, k - radius)..Math.Min(sum.Length, k + radius + 1)].Average())
                .Select(value => 10 * Math.Log10(value + 1e-12)),
        ];
    }
}
