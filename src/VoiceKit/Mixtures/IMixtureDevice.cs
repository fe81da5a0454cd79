using VoiceKit.Compute;
using VoiceKit.Numerics;

namespace VoiceKit.Mixtures;

/// <summary>A device that can take over the expectation steps of a fit. The CPU is none: <see cref="MixtureStatistics"/> is its step.</summary>
public interface IMixtureDevice
{
    /// <summary>Whether the device computes in double precision, as statistics need.</summary>
    bool HasDoublePrecision { get; }

    /// <summary>Takes the frames of a fit to the device; those of the fit before are given up, and its step can no longer be used.</summary>
    /// <param name="frames">[T, D].</param>
    /// <exception cref="DeviceException">The device has no double precision, or no memory for the frames.</exception>
    IExpectationStep Share(Frames frames);
}
