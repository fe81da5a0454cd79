using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using VoiceKit.Numerics;

namespace VoiceKit.Benchmarks;

/// <summary>Times <see cref="RealFft"/> and FFTW 3 in turn, in one process, on one thread.</summary>
internal static unsafe partial class PeerFft
{
    private const uint Measure = 0;

    /// <summary>Prints one line a length; the last line is the ratio of the times at the worse of 1024 and 2048 samples.</summary>
    /// <param name="args">Lengths, when others than the usual are wanted; then the ratio is the worst of these.</param>
    public static void Run(string[] args)
    {
        int[] lengths =
            args.Length > 0
                ? [.. args.Select(arg => int.Parse(arg, CultureInfo.InvariantCulture))]
                : [256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536, 131072];
        var worst = 0.0;
        Console.WriteLine("  length   VoiceKit us    FFTW us   forward   VoiceKit us    FFTW us   inverse");
        foreach (var length in lengths)
        {
            var (own, peer) = Time(length, inverse: false);
            var (ownInverse, peerInverse) = Time(length, inverse: true);
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{length,8} {own,13:F3} {peer,10:F3} {own / peer,9:F2} {ownInverse,13:F3} {peerInverse,10:F3} "
                        + $"{ownInverse / peerInverse,9:F2}"
                )
            );
            if (args.Length > 0 || length is 1024 or 2048)
                worst = Math.Max(worst, own / peer);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ratio {worst:F3}"));
    }

    private static (double Own, double Peer) Time(int length, bool inverse)
    {
        var fft = new RealFft(length);
        var random = new Random(1);
        var signal = new double[length];
        var (real, imaginary) = (new double[fft.BinCount], new double[fft.BinCount]);
        for (var n = 0; n < length; n++)
            signal[n] = random.NextDouble() - 0.5;
        fft.Forward(signal, real, imaginary);

        var time = (double*)Allocate((nuint)length * sizeof(double));
        var bins = (double*)Allocate((nuint)fft.BinCount * 2 * sizeof(double));
        var plan = inverse ? PlanInverse(length, bins, time, Measure) : PlanForward(length, time, bins, Measure);
        for (var n = 0; n < length; n++)
            time[n] = signal[n];
        for (var k = 0; k < fft.BinCount; k++)
            (bins[2 * k], bins[(2 * k) + 1]) = (real[k], imaginary[k]);

        Action own = inverse ? () => fft.Inverse(real, imaginary, signal) : () => fft.Forward(signal, real, imaginary);
        var repeats = Math.Max(4, 400_000 / length);
        var (bestOwn, bestPeer) = (double.MaxValue, double.MaxValue);
        for (var round = 0; round < 200; round++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < repeats; i++)
                own();
            var middle = Stopwatch.GetTimestamp();
            for (var i = 0; i < repeats; i++)
                Execute(plan);
            var end = Stopwatch.GetTimestamp();
            bestOwn = Math.Min(bestOwn, Stopwatch.GetElapsedTime(start, middle).TotalMicroseconds / repeats);
            bestPeer = Math.Min(bestPeer, Stopwatch.GetElapsedTime(middle, end).TotalMicroseconds / repeats);
        }

        DestroyPlan(plan);
        Free(time);
        Free(bins);
        return (bestOwn, bestPeer);
    }

    [LibraryImport("libfftw3.so.3", EntryPoint = "fftw_malloc")]
    private static partial void* Allocate(nuint size);

    [LibraryImport("libfftw3.so.3", EntryPoint = "fftw_free")]
    private static partial void Free(void* memory);

    [LibraryImport("libfftw3.so.3", EntryPoint = "fftw_plan_dft_r2c_1d")]
    private static partial nint PlanForward(int length, double* source, double* destination, uint flags);

    [LibraryImport("libfftw3.so.3", EntryPoint = "fftw_plan_dft_c2r_1d")]
    private static partial nint PlanInverse(int length, double* source, double* destination, uint flags);

    [LibraryImport("libfftw3.so.3", EntryPoint = "fftw_execute")]
    private static partial void Execute(nint plan);

    [LibraryImport("libfftw3.so.3", EntryPoint = "fftw_destroy_plan")]
    private static partial void DestroyPlan(nint plan);
}
