using ILGPU.Runtime;
using VoiceKit.Audio;
using VoiceKit.Devices;
using VoiceKit.Mixtures;
using VoiceKit.Numerics;
using VoiceKit.Spectra;

namespace VoiceKit.Gpu;

/// <content>What the device takes over beyond the compute contract: expectation steps and spectra.</content>
public sealed partial class GpuDevice : IMixtureDevice, ISpectraDevice
{
    private GpuExpectation? expectation;

    /// <inheritdoc/>
    public bool HasDoublePrecision => program.HasDoublePrecision;

    /// <inheritdoc/>
    public IExpectationStep Share(Frames frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        if (!HasDoublePrecision)
            throw new DeviceException(
                $"{Name} has no double precision, which the statistics of mixtures need; --device cpu does without it"
            );
        expectation?.Dispose();
        expectation = null;
        return expectation = new GpuExpectation(program, Pool, frames);
    }

    /// <inheritdoc/>
    public Frames Mel(Waveform waveform, MelSpectrogramOptions options)
    {
        try
        {
            // The threads of a batch take turns, and a CUDA context belongs to the thread that it is bound to.
            program.Accelerator.Bind();
            return new GpuSpectra(this).Mel(waveform, options);
        }
        catch (AcceleratorException exception)
        {
            throw new DeviceException($"{Name} fails: {exception.Message}", exception);
        }
    }
}
