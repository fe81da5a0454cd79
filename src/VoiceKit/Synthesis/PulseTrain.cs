using VoiceKit.Pitch;

namespace VoiceKit.Synthesis;

/// <summary>One excitation instant of the vocoder.</summary>
/// <param name="Sample">The sample at or before the instant.</param>
/// <param name="Fraction">How far the instant lies behind it, 0 .. 1 samples.</param>
/// <param name="Voiced">Whether it is a glottal pulse; else only noise starts here.</param>
internal readonly record struct Pulse(int Sample, double Fraction, bool Voiced);

/// <summary>Places the excitation instants of an F0 contour: where the phase of the fundamental completes a turn.</summary>
internal static class PulseTrain
{
    private const double UnvoicedF0 = 500;

    /// <summary>Lists the instants within <paramref name="sampleCount"/> samples.</summary>
    internal static List<Pulse> Place(F0Contour contour, int sampleRate, int sampleCount, double lowestF0)
    {
        var frameSeconds = contour.FramePeriod.TotalSeconds;
        var pulses = new List<Pulse>();
        double phase = 0, previous = 0;
        var previousVoiced = false;
        for (var i = 0; i < sampleCount; i++)
        {
            var (f0, voiced) = At(contour, i / (frameSeconds * sampleRate), lowestF0);
            phase += 2 * Math.PI * f0 / sampleRate;
            var wrapped = phase % (2 * Math.PI);
            if (i > 0 && Math.Abs(wrapped - previous) > Math.PI)
            {
                // The turn lies where the straight line between the two samples' phases crosses it.
                var before = previous - (2 * Math.PI);
                pulses.Add(new Pulse(i - 1, -before / (wrapped - before), previousVoiced));
            }

            (previous, previousVoiced) = (wrapped, voiced);
        }

        return pulses;
    }

    /// <summary>F0 and voicing between frames. The midpoint between a voiced and an unvoiced frame counts as unvoiced: rounding must not decide.</summary>
    private static (double F0, bool Voiced) At(F0Contour contour, double position, double lowestF0)
    {
        var t = Math.Min((int)position, contour.Count - 1);
        var fraction = position - t;
        var left = Floored(contour[t], lowestF0);
        double Previous() => t > 0 ? Floored(contour[t - 1], lowestF0) : left;

        // Beyond the last frame the line through the last two goes on.
        var right = t + 1 < contour.Count ? Floored(contour[t + 1], lowestF0) : (2 * left) - Previous();
        var rightVoiced = t + 1 < contour.Count ? (right > 0 ? 1.0 : 0) : ((left > 0 ? 2.0 : 0) - (Previous() > 0 ? 1.0 : 0));
        var leftVoiced = left > 0 ? 1.0 : 0;
        var voiced = leftVoiced + (fraction * (rightVoiced - leftVoiced)) > 0.5 + 1e-9;
        return (voiced ? left + (fraction * (right - left)) : UnvoicedF0, voiced);
    }

    private static double Floored(double f0, double lowest) => f0 < lowest ? 0 : f0;
}
