using System.Numerics.Tensors;
using ILGPU;
using VoiceKit.Audio;
using VoiceKit.Devices;
using VoiceKit.Gpu.Kernels;
using VoiceKit.Numerics;
using VoiceKit.Spectra;

namespace VoiceKit.Gpu;

/// <summary>
/// Spectra of whole signals on a GPU, in single precision: the frames of <see cref="ShortTimeFourierTransform"/>, within 1e-4 of the
/// largest power of its result. The signal is uploaded once; results come back in blocks of frames, so that the device's memory is bounded.
/// </summary>
/// <param name="device">The device, which must outlive this object; not for several threads at once.</param>
public sealed class GpuSpectra(GpuDevice device)
{
    private const int MostBlockNumbers = 1 << 24;

    private readonly GpuDevice device = device ?? throw new ArgumentNullException(nameof(device));

    /// <summary>The longest transform in samples.</summary>
    public static int LongestTransform => SpectrumKernel.MostLength;

    /// <summary>The power spectra of a signal, |X[t, k]|^2.</summary>
    /// <param name="waveform">The signal.</param>
    /// <param name="options">The frames, the window and the transform length, at most <see cref="LongestTransform"/>.</param>
    /// <returns>[T, fftLength / 2 + 1], T as in <see cref="ShortTimeFourierTransform.FrameCount"/>.</returns>
    /// <exception cref="ArgumentException">A length is out of range.</exception>
    /// <exception cref="DeviceMemoryException">The signal is too long for the device.</exception>
    public Frames Power(Waveform waveform, ShortTimeFourierOptions options)
    {
        ArgumentNullException.ThrowIfNull(waveform);
        var transform = new ShortTimeFourierTransform(options);
        var result = new Frames(transform.FrameCount(waveform.Length), transform.BinCount);
        ForEachBlock(waveform, transform, transform.BinCount, (first, count, powers) => Download(powers, result, first, count));
        return result;
    }

    /// <summary>The mel spectrogram of a signal: the filters are one product of matrices on the device.</summary>
    /// <param name="waveform">The signal.</param>
    /// <param name="options">The transform, of at most <see cref="LongestTransform"/> samples, the filters and the scale.</param>
    /// <returns>The powers, or their natural logarithms, [T, M], as of <see cref="MelSpectrogram"/>.</returns>
    /// <exception cref="ArgumentException">A number is out of range; the sentence names it.</exception>
    /// <exception cref="DeviceMemoryException">The signal is too long for the device.</exception>
    public Frames Mel(Waveform waveform, MelSpectrogramOptions options)
    {
        ArgumentNullException.ThrowIfNull(waveform);
        var filterbank = new MelSpectrogram(waveform.SampleRate, options).Filterbank;
        var transform = new ShortTimeFourierTransform(options.Transform);
        var (bins, filters) = (filterbank.BinCount, filterbank.FilterCount);
        var result = new Frames(transform.FrameCount(waveform.Length), filters);
        using var weights = Send(Array.ConvertAll(filterbank.ToMatrix().Values.ToArray(), value => (float)value));
        ForEachBlock(
            waveform,
            transform,
            Math.Max(bins, filters),
            (first, count, powers) =>
            {
                using var bands = device.Allocate(count * filters);
                device.Multiply(
                    new MatrixProduct(count, bins, filters, TransposeRight: true),
                    powers,
                    new DeviceArray(weights),
                    new DeviceArray(bands)
                );
                Download(new DeviceArray(bands), result, first, count);
            }
        );
        if (options.Logarithm)
        {
            TensorPrimitives.Max(result.Values, options.Floor, result.Values);
            ElementaryFunctions.Log(result.Values, result.Values);
        }

        return result;
    }

    private void ForEachBlock(Waveform waveform, ShortTimeFourierTransform transform, int widest, Action<int, int, DeviceArray> take)
    {
        if (transform.FftLength > LongestTransform)
            throw new ArgumentException(
                $"The transform length {transform.FftLength} is above {LongestTransform}, the longest on a GPU.",
                nameof(transform)
            );
        var (frameCount, program, options) = (transform.FrameCount(waveform.Length), device.Program, transform.Options);
        if (frameCount == 0)
            return;
        var samples = ToFloats(waveform);
        using var signal = Send(samples);
        using var window = Send(Array.ConvertAll(Window.Create(options.Window, options.FrameLength), value => (float)value));
        using var rotations = Send(Rotations(transform.FftLength));
        var blockFrames = Math.Min(frameCount, Math.Max(1, MostBlockNumbers / widest));
        using var powers = device.Pool.Rent(blockFrames * transform.BinCount);
        var threads = Math.Clamp(transform.FftLength / 4, 1, program.SumThreads);
        for (var first = 0; first < frameCount; first += blockFrames)
        {
            var count = Math.Min(blockFrames, frameCount - first);
            var sizes = new FrameSizes(transform.FftLength, options.FrameLength, options.FrameShift, first);
            program.WritePowers(new KernelConfig(count, threads), sizes, View(signal), View(window), View(rotations), View(powers));
            take(first, count, new DeviceArray(powers).Slice(0, count * transform.BinCount));
        }
    }

    /// <summary>e^(-2 pi i k / N), k = 0 .. N / 2.</summary>
    private static float[] Rotations(int length)
    {
        var result = new float[length + 2];
        for (var k = 0; k <= length / 2; k++)
            (result[2 * k], result[(2 * k) + 1]) = ((float)double.CosPi(2.0 * k / length), (float)-double.SinPi(2.0 * k / length));
        return result;
    }

    private static float[] ToFloats(Waveform waveform)
    {
        var samples = new float[waveform.Length];
        ForEachPart(
            samples.Length,
            (start, length) => TensorPrimitives.ConvertSaturating(waveform.Samples.Slice(start, length), samples.AsSpan(start, length))
        );
        return samples;
    }

    /// <summary>Shares a conversion among the cores: one core alone takes longer than the GPU.</summary>
    private static void ForEachPart(int length, Action<int, int> convert)
    {
        const int Part = 1 << 18;
        Parallel.For(0, (length + Part - 1) / Part, part => convert(part * Part, Math.Min(Part, length - (part * Part))));
    }

    private static ArrayView<float> View(GpuBuffer buffer) => buffer.View(0, buffer.Length);

    private GpuBuffer Send(float[] values)
    {
        var buffer = device.Pool.Rent(values.Length);
        device.Upload(values, new DeviceArray(buffer));
        return buffer;
    }

    private void Download(DeviceArray source, Frames destination, int first, int count)
    {
        var values = new float[count * destination.Dimension];
        device.Download(source, values);
        ForEachPart(
            values.Length,
            (start, length) =>
                TensorPrimitives.ConvertSaturating(
                    values.AsSpan(start, length),
                    destination.Values.Slice((first * destination.Dimension) + start, length)
                )
        );
    }
}
