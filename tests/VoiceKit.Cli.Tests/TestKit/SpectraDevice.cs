using VoiceKit.Devices;
using VoiceKit.Numerics;

namespace VoiceKit.Tests.TestKit;

/// <summary>A device that computes spectra and counts them.</summary>
internal sealed class SpectraDevice : RelayDevice
{
    private int count;

    public override string Name => "spectral";

    public override ComputeBackend Backend => ComputeBackend.Cuda;

    /// <summary>The spectra that it has computed.</summary>
    public int Count => count;

    /// <summary>Thrown instead of the spectrum of a recording longer than 1000 samples.</summary>
    public Exception? Failure { get; init; }

    protected override Frames PowerSpectraCore(SpectrumPlan plan, ReadOnlySpan<double> signal)
    {
        if (Failure is not null && signal.Length > 1000)
            throw Failure;
        Interlocked.Increment(ref count);
        return base.PowerSpectraCore(plan, signal);
    }
}
