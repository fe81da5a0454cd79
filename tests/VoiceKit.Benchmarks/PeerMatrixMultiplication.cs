using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using VoiceKit.Devices;

namespace VoiceKit.Benchmarks;

/// <summary>Times the product of two 1024 x 1024 matrices; tools/compare-matmul.sh sets it beside OpenBLAS.</summary>
internal static unsafe class PeerMatrixMultiplication
{
    private const int Size = 1024;

    /// <summary>Prints GFLOP/s on one and on two threads, and the mean of the result's squares.</summary>
    public static void Run(string[] args)
    {
        var a = Pattern(Size * Size, 7);
        var b = Pattern(Size * Size, 11);
        var c = Pattern(Size * Size, 1);
        var product = new MatrixProduct(Size, Size, Size);
        var speeds = new double[2];
        for (var threads = 1; threads <= speeds.Length; threads++)
        {
            using var workers = new WorkerPool(threads);
            var multiplication = new MatrixMultiplication(workers);
            speeds[threads - 1] = 2e-9 * Size * Size * Size / BestSeconds(() => multiplication.Multiply(product, a, b, c));
        }

        var squares = 0.0;
        for (var i = 0; i < Size * Size; i++)
            squares += (double)c[i] * c[i] / (Size * Size);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{speeds[0]:F2} {speeds[1]:F2} {squares:F4}"));
        NativeMemory.AlignedFree(a);
        NativeMemory.AlignedFree(b);
        NativeMemory.AlignedFree(c);
    }

    /// <summary>The shortest of the times that an action takes within two seconds.</summary>
    public static double BestSeconds(Action action)
    {
        action();
        var best = double.MaxValue;
        for (var begin = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begin).TotalSeconds < 2;)
        {
            var start = Stopwatch.GetTimestamp();
            action();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return best;
    }

    /// <summary>Memory that begins with a cache line and holds noise.</summary>
    public static float* Noise(int length)
    {
        var values = (float*)NativeMemory.AlignedAlloc((nuint)length * sizeof(float), 64);
        var random = new Random(1);
        for (var i = 0; i < length; i++)
            values[i] = random.NextSingle() - 0.5f;
        return values;
    }

    /// <summary>
    /// Values that another program can make as well: the remainders of the squares of the positions, between -0.5 and 0.5.
    /// </summary>
    public static float* Pattern(int length, int factor)
    {
        var values = Noise(length);
        for (var i = 0L; i < length; i++)
            values[i] = ((i * i * factor % 1009) / 1009f) - 0.5f;
        return values;
    }
}
