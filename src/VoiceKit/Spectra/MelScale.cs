namespace VoiceKit.Spectra;

/// <summary>The mel scales in use: frequency as the ear spaces it.</summary>
public enum MelScale
{
    /// <summary>Linear up to 1000 Hz (3 mel for 200 Hz), logarithmic above (27 mel for a factor of 6.4): M. Slaney, Auditory Toolbox, 1998.</summary>
    Slaney,

    /// <summary>2595 log10(1 + f / 700): D. O'Shaughnessy, Speech Communication, 1987; the HTK book.</summary>
    Htk,
}

/// <summary>Conversion between Hz and mel.</summary>
public static class MelScaleConversion
{
    private const double BreakHertz = 1000;
    private const double HertzPerMel = 200.0 / 3;
    private const double BreakMel = BreakHertz / HertzPerMel;
    private static readonly double LogStep = Math.Log(6.4) / 27;

    /// <summary>The mel value of a frequency in Hz, at least 0.</summary>
    public static double ToMel(this MelScale scale, double frequency)
    {
        if (scale == MelScale.Htk)
            return 2595 * Math.Log10(1 + (frequency / 700));
        return frequency < BreakHertz ? frequency / HertzPerMel : BreakMel + (Math.Log(frequency / BreakHertz) / LogStep);
    }

    /// <summary>The frequency in Hz of a mel value, at least 0.</summary>
    public static double ToHertz(this MelScale scale, double mel)
    {
        if (scale == MelScale.Htk)
            return 700 * (Math.Pow(10, mel / 2595) - 1);
        return mel < BreakMel ? mel * HertzPerMel : BreakHertz * Math.Exp(LogStep * (mel - BreakMel));
    }
}
