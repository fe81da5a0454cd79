using VoiceKit.Audio;

namespace VoiceKit.Pitch;

/// <summary>
/// StoneMask: refines an F0 contour by the instantaneous frequencies of the first harmonics
/// (Morise, Yokomori, Ozawa 2016, "WORLD", section 2; after Flanagan and Golden 1966).
/// </summary>
public static class StoneMask
{
    private const double LowestF0 = 40;

    /// <summary>Returns the refined contour; unvoiced frames stay so, and a change of over 20 % is refused.</summary>
    public static F0Contour Refine(Waveform waveform, F0Contour contour)
    {
        ArgumentNullException.ThrowIfNull(waveform);
        ArgumentNullException.ThrowIfNull(contour);
        var measure = new InstantaneousFrequency();
        var frameSeconds = contour.FramePeriod.TotalSeconds;
        var result = new double[contour.Count];
        for (var t = 0; t < result.Length; t++)
        {
            var f0 = contour[t];
            if (f0 <= LowestF0 || f0 > waveform.SampleRate / 12.0)
                continue;
            measure.MoveTo(waveform.Samples, waveform.SampleRate, t * frameSeconds, f0);
            var coarse = measure.Estimate(f0, 2).F0;
            var refined = coarse <= 0 || coarse > f0 * 2 ? 0 : measure.Estimate(coarse, 6).F0;
            result[t] = Math.Abs(refined - f0) > f0 * 0.2 ? f0 : refined;
        }

        return new F0Contour(result, contour.FramePeriod);
    }
}
