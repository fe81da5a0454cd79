using BenchmarkDotNet.Attributes;
using VoiceKit.Numerics;

namespace VoiceKit.Benchmarks;

/// <summary>The real FFT, both ways.</summary>
[MemoryDiagnoser]
public class FftBenchmarks
{
    private RealFft fft = null!;
    private double[] signal = null!;
    private double[] real = null!;
    private double[] imaginary = null!;

    /// <summary>The number of samples.</summary>
    [Params(256, 1024, 2048, 16384, 131072)]
    public int Length { get; set; }

    /// <summary>Makes noise.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        fft = new RealFft(Length);
        signal = [.. Enumerable.Range(0, Length).Select(_ => random.NextDouble() - 0.5)];
        real = new double[fft.BinCount];
        imaginary = new double[fft.BinCount];
        fft.Forward(signal, real, imaginary);
    }

    /// <summary>Samples to bins.</summary>
    [Benchmark]
    public void Forward() => fft.Forward(signal, real, imaginary);

    /// <summary>Bins to samples.</summary>
    [Benchmark]
    public void Inverse() => fft.Inverse(real, imaginary, signal);
}
