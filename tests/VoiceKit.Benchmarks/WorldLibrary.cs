using System.Runtime.InteropServices;

namespace VoiceKit.Benchmarks;

/// <summary>The WORLD shared library that the user has built, by its C interface (the headers in its src/world folder).</summary>
internal sealed unsafe class WorldLibrary(string path)
{
    private readonly nint library = NativeLibrary.Load(Path.GetFullPath(path));

    /// <summary>DIO with its default options, speed 1; [T] at times 0, 5 ms, ...</summary>
    public double[] Dio(double[] signal, int sampleRate, double[] times)
    {
        DioOption option;
        ((delegate* unmanaged<DioOption*, void>)Symbol("InitializeDioOption"))(&option);
        var f0 = new double[times.Length];
        fixed (
            double* x = signal,
                t = times,
                result = f0
        )
            ((delegate* unmanaged<double*, int, int, DioOption*, double*, double*, void>)Symbol("Dio"))(
                x,
                signal.Length,
                sampleRate,
                &option,
                t,
                result
            );
        return f0;
    }

    /// <summary>StoneMask, [T].</summary>
    public double[] StoneMask(double[] signal, int sampleRate, double[] times, double[] f0)
    {
        var refined = new double[times.Length];
        fixed (
            double* x = signal,
                t = times,
                coarse = f0,
                result = refined
        )
            ((delegate* unmanaged<double*, int, int, double*, double*, int, double*, void>)Symbol("StoneMask"))(
                x,
                signal.Length,
                sampleRate,
                t,
                coarse,
                f0.Length,
                result
            );
        return refined;
    }

    /// <summary>Harvest with its default options, [T] at times 0, 5 ms, ...</summary>
    public double[] Harvest(double[] signal, int sampleRate, double[] times)
    {
        HarvestOption option;
        ((delegate* unmanaged<HarvestOption*, void>)Symbol("InitializeHarvestOption"))(&option);
        var f0 = new double[times.Length];
        fixed (
            double* x = signal,
                t = times,
                result = f0
        )
            ((delegate* unmanaged<double*, int, int, HarvestOption*, double*, double*, void>)Symbol("Harvest"))(
                x,
                signal.Length,
                sampleRate,
                &option,
                t,
                result
            );
        return f0;
    }

    /// <summary>CheapTrick with its default options, [T, fftLength / 2 + 1].</summary>
    public double[] CheapTrick(double[] signal, int sampleRate, double[] times, double[] f0, int fftLength)
    {
        CheapTrickOption option;
        ((delegate* unmanaged<int, CheapTrickOption*, void>)Symbol("InitializeCheapTrickOption"))(sampleRate, &option);
        if (option.FftLength != fftLength)
            throw new InvalidOperationException(
                $"WORLD takes {option.FftLength} samples, VoiceKit {fftLength}: the two cannot be compared."
            );
        var envelope = new double[f0.Length * ((fftLength / 2) + 1)];
        fixed (
            double* x = signal,
                t = times,
                contour = f0,
                result = envelope
        )
        {
            var rows = Rows(result, f0.Length, fftLength);
            fixed (double** row = rows)
                ((delegate* unmanaged<double*, int, int, double*, double*, int, CheapTrickOption*, double**, void>)Symbol("CheapTrick"))(
                    x,
                    signal.Length,
                    sampleRate,
                    t,
                    contour,
                    f0.Length,
                    &option,
                    row
                );
        }

        return envelope;
    }

    /// <summary>D4C with its default options, [T, fftLength / 2 + 1].</summary>
    public double[] D4C(double[] signal, int sampleRate, double[] times, double[] f0, int fftLength)
    {
        double threshold;
        ((delegate* unmanaged<double*, void>)Symbol("InitializeD4COption"))(&threshold);
        var aperiodicity = new double[f0.Length * ((fftLength / 2) + 1)];
        fixed (
            double* x = signal,
                t = times,
                contour = f0,
                result = aperiodicity
        )
        {
            var rows = Rows(result, f0.Length, fftLength);
            fixed (double** row = rows)
                ((delegate* unmanaged<double*, int, int, double*, double*, int, int, double*, double**, void>)Symbol("D4C"))(
                    x,
                    signal.Length,
                    sampleRate,
                    t,
                    contour,
                    f0.Length,
                    fftLength,
                    &threshold,
                    row
                );
        }

        return aperiodicity;
    }

    /// <summary>Synthesis of frames 5 ms apart, [sampleCount].</summary>
    public double[] Synthesis(double[] f0, double[] envelope, double[] aperiodicity, int fftLength, int sampleRate, int sampleCount)
    {
        var samples = new double[sampleCount];
        fixed (
            double* contour = f0,
                power = envelope,
                share = aperiodicity,
                result = samples
        )
        {
            var (powerRows, shareRows) = (Rows(power, f0.Length, fftLength), Rows(share, f0.Length, fftLength));
            fixed (
                double** p = powerRows,
                    s = shareRows
            )
                ((delegate* unmanaged<double*, int, double**, double**, int, double, int, int, double*, void>)Symbol("Synthesis"))(
                    contour,
                    f0.Length,
                    p,
                    s,
                    fftLength,
                    5,
                    sampleRate,
                    sampleCount,
                    result
                );
        }

        return samples;
    }

    private nint Symbol(string name) => NativeLibrary.GetExport(library, name);

    private static double*[] Rows(double* first, int count, int fftLength)
    {
        var rows = new double*[count];
        for (var t = 0; t < count; t++)
            rows[t] = first + (t * ((fftLength / 2) + 1));
        return rows;
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct DioOption
    {
        public readonly double F0Floor;
        public readonly double F0Ceiling;
        public readonly double ChannelsInOctave;
        public readonly double FramePeriod;
        public readonly int Speed;
        public readonly double AllowedRange;
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct HarvestOption
    {
        public readonly double F0Floor;
        public readonly double F0Ceiling;
        public readonly double FramePeriod;
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct CheapTrickOption
    {
        public readonly double Recovery;
        public readonly double F0Floor;
        public readonly int FftLength;
    }
}
