namespace VoiceKit.Synthesis;

/// <summary>How closely an <see cref="MlsaFilter"/> approximates the exponential.</summary>
public sealed record MlsaOptions
{
    /// <summary>The order of the Pade approximation of exp, 4 or 5. The default is 5.</summary>
    public int PadeOrder { get; init; } = 5;

    /// <summary>
    /// The largest |F| in nepers that one section exp(F) is asked for; a cascade that needs more is made of n sections exp(F / n). The smaller |F|,
    /// the better the approximation: order 5 is off by at most 0.004 dB up to 3, 0.07 dB up to 5, 0.27 dB up to 6 and 0.9 dB up to 6.5; order 4 by
    /// at most 0.02 dB up to 3, 0.11 dB up to 4 and 0.24 dB up to 4.5. Range: above 0, up to 6 for order 4 and 7 for order 5; a section becomes
    /// unstable a little beyond (6.2 and 7.6). The default, null, is 4 for order 4 and 5 for order 5. SPTK always has one section.
    /// </summary>
    public double? SectionLimit { get; init; }

    /// <summary>The limit in force.</summary>
    internal double EffectiveSectionLimit => SectionLimit ?? PadeOrder;

    /// <summary>Throws where a value is out of its range.</summary>
    internal void Validate()
    {
        if (PadeOrder is not (4 or 5))
            throw new ArgumentOutOfRangeException(nameof(PadeOrder), PadeOrder, "The Pade order must be 4 or 5.");
        var highest = PadeOrder + 2.0;
        if (SectionLimit is { } limit && !(limit > 0 && limit <= highest))
            throw new ArgumentOutOfRangeException(nameof(SectionLimit), limit, $"The section limit must be above 0, up to {highest} for order {PadeOrder}.");
    }
}
