using System.Numerics.Tensors;
using VoiceKit.Numerics;

namespace VoiceKit.Devices;

/// <summary>Power spectra on the calling thread, in double precision: the definition. A frame goes from samples to bands at once.</summary>
internal static class CpuSpectra
{
    public static Frames Compute(SpectrumPlan plan, ReadOnlySpan<double> signal)
    {
        var result = new FrameBuffer(plan.FrameCount(signal.Length), plan.Dimension);
        var fft = new RealFft(plan.FftLength);
        var buffer = new double[plan.FftLength];
        var real = new double[plan.BinCount];
        var imaginary = new double[plan.BinCount];
        for (var t = 0; t < result.Count; t++)
        {
            plan.LoadFrame(signal, t, buffer);
            fft.Forward(buffer, real, imaginary);
            var power = plan.Bands is null ? result[t] : real;
            TensorPrimitives.Multiply(real, real, real);
            TensorPrimitives.MultiplyAdd(imaginary, imaginary, real, power);
            plan.Bands?.Apply(power, result[t]);
        }

        return result;
    }
}
