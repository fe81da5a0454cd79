using VoiceKit.Devices;
using VoiceKit.Mixtures;
using VoiceKit.Numerics;

namespace VoiceKit.Tests.TestKit;

/// <summary>A device that has double precision, counts the fits that it is given, and computes nothing else.</summary>
internal sealed class MixingDevice : SilentDevice
{
    public override string Name => "mixing";

    public override ComputeBackend Backend => ComputeBackend.Cuda;

    public override bool HasDoublePrecision => true;

    /// <summary>The fits that devices of this kind have got.</summary>
    public static int Shared { get; private set; }

    protected override IExpectationStep BeginExpectationCore(Frames frames)
    {
        Shared++;
        return base.BeginExpectationCore(frames);
    }
}
