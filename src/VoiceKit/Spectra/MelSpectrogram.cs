using System.Numerics.Tensors;
using VoiceKit.Audio;
using VoiceKit.Devices;
using VoiceKit.Numerics;

namespace VoiceKit.Spectra;

/// <summary>The transform, the filters and the scale of a <see cref="MelSpectrogram"/>.</summary>
public sealed record MelSpectrogramOptions
{
    /// <summary>The short-time Fourier transform.</summary>
    public ShortTimeFourierOptions Transform { get; init; } = new();

    /// <summary>The mel filters.</summary>
    public MelFilterbankOptions Filterbank { get; init; } = new();

    /// <summary>True for the natural logarithm of the filter outputs, false (the default) for the outputs.</summary>
    public bool Logarithm { get; init; }

    /// <summary>The smallest filter output that the logarithm sees, above 0; 1e-10 by default.</summary>
    public double Floor { get; init; } = 1e-10;
}

/// <summary>The power of a signal in mel bands over time. Safe for use by several threads at once.</summary>
/// <remarks>Each frame goes from samples to bands at once; the spectra are never stored.</remarks>
public sealed class MelSpectrogram
{
    private readonly ShortTimeFourierTransform transform;

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
    }

    /// <summary>The options.</summary>
    public MelSpectrogramOptions Options { get; }

    /// <summary>The filters.</summary>
    public MelFilterbank Filterbank { get; }

    /// <summary>The frames' places in the signal.</summary>
    public FrameGrid Grid => transform.Grid(Filterbank.SampleRate);

    /// <summary>Computes the mel spectrogram of a signal.</summary>
    /// <param name="signal">The samples, at this object's sampling frequency.</param>
    /// <returns>The powers, or their natural logarithms, [T, M].</returns>
    public Frames Compute(ReadOnlySpan<double> signal)
    {
        var result = new Frames(transform.FrameCount(signal.Length), Filterbank.FilterCount);
        var fft = new RealFft(transform.FftLength);
        var buffer = new double[transform.FftLength];
        var real = new double[transform.BinCount];
        var imaginary = new double[transform.BinCount];
        for (var t = 0; t < result.Count; t++)
        {
            transform.LoadFrame(signal, t, buffer);
            fft.Forward(buffer, real, imaginary);
            ComplexSpectrogram.Power(real, imaginary, real);
            Filterbank.Apply(real, result[t]);
        }

        if (Options.Logarithm)
        {
            TensorPrimitives.Max(result.Values, Options.Floor, result.Values);
            ElementaryFunctions.Log(result.Values, result.Values);
        }

        return result;
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
}

/// <summary>
/// A device that can take over the spectra of whole signals, in single precision. The CPU is none: <see cref="MelSpectrogram"/> is its way.
/// Not for several threads at once.
/// </summary>
public interface ISpectraDevice
{
    /// <summary>The mel spectrogram of a signal, within 1e-4 of the largest power of <see cref="MelSpectrogram"/>'s.</summary>
    /// <param name="waveform">The signal.</param>
    /// <param name="options">The transform, the filters and the scale.</param>
    /// <returns>The powers, or their natural logarithms, [T, M].</returns>
    /// <exception cref="ArgumentException">A number is out of range; the sentence names it.</exception>
    /// <exception cref="DeviceMemoryException">The signal is too long for the device.</exception>
    /// <exception cref="DeviceException">The device fails.</exception>
    Frames Mel(Waveform waveform, MelSpectrogramOptions options);
}
