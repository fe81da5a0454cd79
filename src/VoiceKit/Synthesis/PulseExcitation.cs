using VoiceKit.Audio;
using VoiceKit.Numerics;
using VoiceKit.Pitch;

namespace VoiceKit.Synthesis;

/// <summary>
/// The classical excitation of a vocoder: pulses at the pitch period where voiced, white noise where not, both of power 1 on average. It is
/// what SPTK 3.9's excite makes, but for the noise, which is Gaussian here (SPTK's default is a sequence of +1 and -1).
/// </summary>
public static class PulseExcitation
{
    /// <summary>
    /// Generates (T - 1) x frame period + 1 samples, as <see cref="WorldSynthesizer"/> does; none where there are no frames.
    /// </summary>
    /// <param name="contour">F0, [T], at most half the sampling frequency.</param>
    /// <param name="sampleRate">The sampling frequency in Hz.</param>
    public static Waveform Generate(F0Contour contour, int sampleRate)
    {
        ArgumentNullException.ThrowIfNull(contour);
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 1);
        var length = contour.Count == 0 ? 0 : checked((int)((contour.Count - 1) * contour.FramePeriod.TotalSeconds * sampleRate) + 1);
        return Generate(contour, sampleRate, length);
    }

    /// <summary>Generates <paramref name="sampleCount"/> samples. The same arguments give the same samples.</summary>
    /// <param name="contour">
    /// F0, [T], at most half the sampling frequency. A sample is voiced where the frames on both sides of it are; between them the period
    /// moves in a straight line. The last frame holds to the end; without frames all is unvoiced.
    /// </param>
    /// <param name="sampleRate">The sampling frequency in Hz.</param>
    /// <param name="sampleCount">The number of samples, at least 0.</param>
    /// <returns>
    /// Voiced stretches begin with a pulse; a pulse is sqrt(period), with the period in samples, and all else there is 0. Unvoiced samples
    /// are normally distributed with variance 1.
    /// </returns>
    /// <exception cref="ArgumentException">An F0 is above half the sampling frequency.</exception>
    public static Waveform Generate(F0Contour contour, int sampleRate, int sampleCount)
    {
        ArgumentNullException.ThrowIfNull(contour);
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(sampleCount);
        var periods = Periods(contour, sampleRate);
        var frameShift = contour.FramePeriod.TotalSeconds * sampleRate;
        var noise = new NormalNoise();
        var samples = new double[sampleCount];
        var sincePulse = double.PositiveInfinity;
        for (var i = 0; i < sampleCount; i++)
        {
            var period = PeriodAt(periods, i / frameShift);
            if (period == 0)
            {
                samples[i] = noise.Next();
                sincePulse = double.PositiveInfinity;
                continue;
            }

            sincePulse++;
            if (sincePulse >= period)
            {
                samples[i] = Math.Sqrt(period);

                // What a pulse comes late by, less than a sample, is made good with the next. The first counts as a whole sample late, as
                // in SPTK.
                sincePulse = double.IsInfinity(sincePulse) ? 1 : sincePulse - period;
            }
        }

        return Waveform.Wrap(samples, sampleRate);
    }

    private static double[] Periods(F0Contour contour, int sampleRate)
    {
        var periods = new double[contour.Count];
        for (var t = 0; t < periods.Length; t++)
        {
            if (contour[t] > sampleRate / 2.0)
                throw new ArgumentException(
                    $"Frame {t} has F0 {contour[t]} Hz: at {sampleRate} Hz it must be at most {sampleRate / 2.0} Hz.",
                    nameof(contour)
                );
            periods[t] = contour[t] > 0 ? sampleRate / contour[t] : 0;
        }

        return periods;
    }

    /// <summary>The period in samples at a position in frames, 0 = unvoiced.</summary>
    private static double PeriodAt(double[] periods, double position)
    {
        if (periods.Length == 0)
            return 0;
        var at = Math.Min(position, periods.Length - 1);
        var t = (int)at;
        var (left, right) = (periods[t], periods[Math.Min(t + 1, periods.Length - 1)]);
        return left == 0 || right == 0 ? 0 : left + ((at - t) * (right - left));
    }
}
