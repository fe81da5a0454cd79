using VoiceKit.Pitch;

namespace VoiceKit.Conversion;

/// <summary>The spectral mappings to choose from.</summary>
public enum SpectralMapping
{
    /// <summary>Whole trajectories (MLPG): <see cref="TrajectoryMapper"/>.</summary>
    Trajectory,

    /// <summary>Frame by frame: <see cref="FrameMapper"/>.</summary>
    Frame,
}

/// <summary>The settings of <see cref="VoiceConverter"/>.</summary>
public sealed record ConversionOptions
{
    /// <summary>The spectral mapping; trajectories by default.</summary>
    public SpectralMapping Mapping { get; init; } = SpectralMapping.Trajectory;

    /// <summary>How the global variance is restored; by scaling by default.</summary>
    public GlobalVarianceMethod GlobalVariance { get; init; } = GlobalVarianceMethod.Scaling;

    /// <summary>How F0 is converted; log-Gaussian by default.</summary>
    public F0ConversionKind F0 { get; init; } = F0ConversionKind.LogGaussian;

    /// <summary>How many semitones the converted F0 is raised by, -48 .. 48; 0 by default.</summary>
    public double Transpose { get; init; }

    /// <summary>Where to look for the source's F0; null (the default) joins the model's range with that of each recording.</summary>
    public F0Range? F0Range { get; init; }

    /// <summary>Whether aperiodicity is mapped too; else the source's is kept. True by default.</summary>
    public bool MapAperiodicity { get; init; } = true;

    /// <summary>
    /// Whether only the difference of the spectra is applied to the source's own waveform, by a filter and with no vocoder: the most natural
    /// sound, but F0 stays the source's. False by default.
    /// </summary>
    public bool Differential { get; init; }
}
