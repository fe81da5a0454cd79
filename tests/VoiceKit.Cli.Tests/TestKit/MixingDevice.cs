using VoiceKit.Devices;
using VoiceKit.Mixtures;
using VoiceKit.Numerics;

namespace VoiceKit.Tests.TestKit;

/// <summary>A device that takes expectation steps, and hands them to the CPU.</summary>
internal sealed class MixingDevice : SilentDevice, IMixtureDevice
{
    public override string Name => "mixing";

    public bool HasDoublePrecision => true;

    /// <summary>The fits that devices of this kind have got.</summary>
    public static int Shared { get; private set; }

    public IExpectationStep Share(Frames frames)
    {
        Shared++;
        return new Step(frames);
    }

    private sealed class Step(Frames frames) : IExpectationStep
    {
        public MixtureStatistics Collect(GaussianMixture mixture) => MixtureStatistics.Collect(mixture, frames);
    }
}
