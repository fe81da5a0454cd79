using System.Diagnostics;
using System.Globalization;
using VoiceKit.Devices;

namespace VoiceKit.Benchmarks;

/// <summary>Times the product of two square matrices on a device; on CUDA with cuBLAS and with VoiceKit's kernel, in turn.</summary>
internal static class DeviceMatrixMultiplication
{
    /// <summary>Prints TFLOP/s; the arguments are the device, the size (4096 if there is none), and tf32 for cuBLAS in TF32.</summary>
    public static void Run(string[] args)
    {
        using var device = BenchmarkDevice.Take(args);
        var size = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 4096;
        DeviceArray a = new(device.Allocate(size * size)),
            b = new(device.Allocate(size * size)),
            c = new(device.Allocate(size * size));
        var values = new float[size * size];
        for (var i = 0L; i < values.Length; i++)
            values[i] = ((i * i * 7 % 1009) / 1009f) - 0.5f;
        device.Upload(values, a);
        device.Upload(values, b);
        if (device is Gpu.GpuDevice gpu)
        {
            gpu.AllowsTensorFloat32 = args.Contains("tf32");
            var libraryName = gpu.MatrixProductName;
            var library = Report(gpu.MatrixProductName, gpu, size, a, b, c);
            gpu.UsesMatrixLibrary = false;
            var own = Report(gpu.MatrixProductName, gpu, size, a, b, c);
            BenchmarkResult.Print(
                ("device", device.Name),
                ("size", size),
                ("library", libraryName),
                ("library_tflops", library),
                ("own_tflops", own),
                ("ratio", own / library)
            );
            return;
        }
        Report(device.Name, device, size, a, b, c);
    }

    private static double Report(string name, ComputeDevice device, int size, DeviceArray a, DeviceArray b, DeviceArray c)
    {
        const int Rounds = 5;
        var (best, one) = (double.MaxValue, new float[1]);
        for (var round = 0; round <= Rounds; round++)
        {
            // Reading one number waits for all that was queued.
            device.Download(c.Slice(0, 1), one);
            var start = Stopwatch.GetTimestamp();
            var count = round == 0 || size < 1024 || device is CpuDevice ? 1 : 20;
            for (var i = 0; i < count; i++)
                device.Multiply(new MatrixProduct(size, size, size), a, b, c);
            device.Download(c.Slice(0, 1), one);
            if (round > 0)
                best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds / count);
        }

        var rate = 2e-12 * size * size * size / best;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {rate:F3} TFLOP/s at {size}^3"));
        return rate;
    }
}
