using System.Numerics.Tensors;
using ILGPU;
using VoiceKit.Devices;
using VoiceKit.Gpu.Kernels;
using VoiceKit.Numerics;

namespace VoiceKit.Gpu;

/// <summary>
/// Power spectra of whole signals on a GPU, in single precision. The signal is uploaded once, what a plan needs once a device; results come
/// back in blocks of frames, so that the device's memory is bounded.
/// </summary>
internal sealed class GpuSpectra(GpuDevice device) : IDisposable
{
    private const int MaxBlockNumbers = 1 << 24,
        MaxPlans = 8;

    private readonly List<PreparedPlan> plans = [];

    /// <summary>Gets the longest transform in samples.</summary>
    public static int MaxTransformLength => SpectrumKernel.MaxLength;

    /// <summary>The power spectra of a signal, or their sums in the plan's bands: one product of matrices.</summary>
    public Frames Compute(SpectrumPlan plan, ReadOnlySpan<double> samples)
    {
        if (plan.FftLength > MaxTransformLength)
            throw new DeviceException($"The transform length {plan.FftLength} is above {MaxTransformLength}, the longest on a GPU.");
        var result = new FrameBuffer(plan.FrameCount(samples.Length), plan.Dimension);
        if (result.Count == 0)
            return result;
        var (prepared, program) = (Prepare(plan), device.Program);
        using var signal = Send(ToFloats(samples));
        var blockFrames = Math.Min(result.Count, Math.Max(1, MaxBlockNumbers / Math.Max(plan.BinCount, plan.Dimension)));
        using var powers = device.Pool.Rent(blockFrames * plan.BinCount);
        using var bands = prepared.Weights is null ? null : device.Pool.Rent(blockFrames * plan.Dimension);
        var threads = Math.Clamp(plan.FftLength / 4, 1, program.SumThreads);
        for (var first = 0; first < result.Count; first += blockFrames)
        {
            var count = Math.Min(blockFrames, result.Count - first);
            var sizes = new FrameSizes(plan.FftLength, plan.Window.Length, plan.FrameShift, first);
            program.WritePowers(
                new KernelConfig(count, threads),
                sizes,
                View(signal),
                View(prepared.Window),
                View(prepared.Rotations),
                View(powers)
            );
            var spectra = new DeviceArray(powers).Slice(0, count * plan.BinCount);
            if (bands is null || prepared.Weights is null)
            {
                Download(spectra, result, first, count);
                continue;
            }

            var sums = new DeviceArray(bands).Slice(0, count * plan.Dimension);
            var product = new MatrixProduct(count, plan.BinCount, plan.Dimension, TransposeRight: true);
            device.Multiply(product, spectra, new DeviceArray(prepared.Weights), sums);
            Download(sums, result, first, count);
        }

        return result;
    }

    public void Dispose()
    {
        plans.ForEach(plan => plan.Dispose());
        plans.Clear();
    }

    /// <summary>e^(-2 pi i k / N), k = 0 .. N / 2.</summary>
    private static float[] Rotations(int length)
    {
        var result = new float[length + 2];
        for (var k = 0; k <= length / 2; k++)
            (result[2 * k], result[(2 * k) + 1]) = ((float)double.CosPi(2.0 * k / length), (float)-double.SinPi(2.0 * k / length));
        return result;
    }

    private static float[] ToFloats(ReadOnlySpan<double> values)
    {
        var result = new float[values.Length];
        TensorPrimitives.ConvertSaturating(values, result);
        return result;
    }

    private static ArrayView<float> View(GpuBuffer buffer) => buffer.View(0, buffer.Length);

    private PreparedPlan Prepare(SpectrumPlan plan)
    {
        var found = plans.Find(item => item.Plan == plan);
        if (found is not null)
            return found;
        if (plans.Count == MaxPlans)
        {
            plans[0].Dispose();
            plans.RemoveAt(0);
        }

        var weights = plan.Bands is null ? null : Send(ToFloats(plan.Bands.ToMatrix().Values));
        var prepared = new PreparedPlan(plan, Send(ToFloats(plan.Window)), Send(Rotations(plan.FftLength)), weights);
        plans.Add(prepared);
        return prepared;
    }

    private GpuBuffer Send(float[] values)
    {
        var buffer = device.Pool.Rent(values.Length);
        device.Upload(values, new DeviceArray(buffer));
        return buffer;
    }

    private void Download(DeviceArray source, FrameBuffer destination, int first, int count)
    {
        var values = new float[count * destination.Dimension];
        device.Download(source, values);
        TensorPrimitives.ConvertSaturating(values, destination.Values.Slice(first * destination.Dimension, values.Length));
    }

    /// <summary>The arrays of a plan on the device.</summary>
    private sealed record PreparedPlan(SpectrumPlan Plan, GpuBuffer Window, GpuBuffer Rotations, GpuBuffer? Weights) : IDisposable
    {
        public void Dispose()
        {
            Window.Dispose();
            Rotations.Dispose();
            Weights?.Dispose();
        }
    }
}
