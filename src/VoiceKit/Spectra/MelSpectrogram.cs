using System.Numerics.Tensors;
using VoiceKit.Audio;
using VoiceKit.Devices;
using VoiceKit.Numerics;

namespace VoiceKit.Spectra;

/// <summary>The transform, the filters and the scale of a <see cref="MelSpectrogram"/>.</summary>
public sealed record MelSpectrogramOptions
{
    /// <summary>Gets or sets the short-time Fourier transform.</summary>
    public ShortTimeFourierOptions Transform { get; init; } = new();

    /// <summary>Gets or sets the mel filters.</summary>
    public MelFilterbankOptions Filterbank { get; init; } = new();

    /// <summary>True for the natural logarithm of the filter outputs, false (the default) for the outputs.</summary>
    public bool Logarithm { get; init; }

    /// <summary>Gets or sets the smallest filter output that the logarithm sees, above 0; 1e-10 by default.</summary>
    public double Floor { get; init; } = 1e-10;
}

/// <summary>The power of a signal in mel bands over time. Safe for use by several threads at once.</summary>
/// <remarks>Each frame goes from samples to bands at once; the spectra are never stored.</remarks>
public sealed class MelSpectrogram
{
    private readonly ShortTimeFourierTransform transform;
    private readonly SpectrumPlan plan;

    /// <summary>Prepares the transform and the filters.</summary>
    /// <param name="sampleRate">The sampling frequency in Hz, at least 1.</param>
    /// <param name="options">The transform, the filters and the scale.</param>
    /// <exception cref="ArgumentException">A number is out of range; the sentence names it.</exception>
    public MelSpectrogram(int sampleRate, MelSpectrogramOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!(options.Floor > 0))
            throw new ArgumentException($"The floor is {options.Floor}; it must be above 0.", nameof(options));
        Options = options;
        transform = new ShortTimeFourierTransform(options.Transform);
        Filterbank = new MelFilterbank(sampleRate, transform.FftLength, options.Filterbank);
        plan = new SpectrumPlan(transform.Plan.Window, options.Transform.FrameShift, transform.FftLength, Filterbank.Bands);
    }

    /// <summary>Gets the options.</summary>
    public MelSpectrogramOptions Options { get; }

    /// <summary>Gets the filters.</summary>
    public MelFilterbank Filterbank { get; }

    /// <summary>Gets the frames' places in the signal.</summary>
    public FrameGrid Grid => transform.Grid(Filterbank.SampleRate);

    /// <summary>Computes the mel spectrogram of a signal.</summary>
    /// <param name="signal">The samples, at this object's sampling frequency.</param>
    /// <returns>The powers, or their natural logarithms, [T, M].</returns>
    public Frames Compute(ReadOnlySpan<double> signal) => Scale(CpuSpectra.Compute(plan, signal));

    /// <summary>Computes the mel spectrogram of a signal on a device.</summary>
    /// <param name="signal">The samples, at this object's sampling frequency.</param>
    /// <param name="device">The device.</param>
    /// <returns>The powers, or their natural logarithms, [T, M].</returns>
    /// <exception cref="DeviceException">The device fails, or the transform is too long for it.</exception>
    public Frames Compute(ReadOnlySpan<double> signal, ComputeDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        return Scale(device.PowerSpectra(plan, signal));
    }

    /// <summary>Computes the mel spectrogram of a waveform.</summary>
    /// <inheritdoc cref="Compute(ReadOnlySpan{double})"/>
    /// <exception cref="ArgumentException">The waveform has another sampling frequency.</exception>
    public Frames Compute(Waveform waveform)
    {
        ArgumentNullException.ThrowIfNull(waveform);
        if (waveform.SampleRate != Filterbank.SampleRate)
            throw new ArgumentException(
                $"The waveform has {waveform.SampleRate} Hz; {Filterbank.SampleRate} Hz were expected.",
                nameof(waveform)
            );
        return Compute(waveform.Samples);
    }

    private Frames Scale(Frames powers)
    {
        if (!Options.Logarithm)
            return powers;
        var result = new FrameBuffer(powers.Count, powers.Dimension);
        TensorPrimitives.Max(powers.Values, Options.Floor, result.Values);
        ElementaryFunctions.Log(result.Values, result.Values);
        return result;
    }
}
