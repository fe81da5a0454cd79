using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using VoiceKit.Devices;

namespace VoiceKit.Benchmarks;

/// <summary>Matrix products and convolutions of the sizes that networks on speech have.</summary>
[MemoryDiagnoser]
public unsafe class KernelBenchmarks : IDisposable
{
    private const int Length = 1 << 21;

    private static readonly MatrixProduct Square = new(1024, 1024, 1024);
    private static readonly MatrixProduct Dense = new(512, 768, 128);
    private static readonly MatrixProduct Attention = new(16, 16, 64, BatchCount: 32);
    private static readonly ConvolutionShape Line = ConvolutionShape.OneDimensional(32, 64, 128, 4, 128, 2, 1);
    private static readonly ConvolutionShape Map = new(64, (16, 28, 64), (4, 4, 128), (2, 2), (1, 1));

    private WorkerPool workers = null!;
    private MatrixMultiplication multiplication = null!;
    private Convolution convolution = null!;
    private float* a;
    private float* b;
    private float* c;

    /// <summary>How many threads work.</summary>
    [Params(1, 2)]
    public int Threads { get; set; }

    /// <summary>Makes noise.</summary>
    [GlobalSetup]
    public void Setup()
    {
        workers = new WorkerPool(Threads);
        multiplication = new MatrixMultiplication(workers);
        convolution = new Convolution(workers);
        a = PeerMatrixMultiplication.Noise(Length);
        b = PeerMatrixMultiplication.Noise(Length);
        c = PeerMatrixMultiplication.Noise(Length);
    }

    /// <summary>Frees the memory.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        workers.Dispose();
        NativeMemory.AlignedFree(a);
        NativeMemory.AlignedFree(b);
        NativeMemory.AlignedFree(c);
        GC.SuppressFinalize(this);
    }

    /// <summary>2.1 GFLOP.</summary>
    [Benchmark]
    public void SquareProduct() => multiplication.Multiply(Square, a, b, c);

    /// <summary>0.1 GFLOP.</summary>
    [Benchmark]
    public void DenseProduct() => multiplication.Multiply(Dense, a, b, c);

    /// <summary>1 MFLOP in 32 products.</summary>
    [Benchmark]
    public void AttentionProduct() => multiplication.Multiply(Attention, a, b, c);

    /// <summary>0.13 GFLOP.</summary>
    [Benchmark]
    public void LineForward() => convolution.Forward(Line, a, b, c);

    /// <summary>0.13 GFLOP.</summary>
    [Benchmark]
    public void LineInputGradient() => convolution.InputGradient(Line, a, b, c);

    /// <summary>0.13 GFLOP.</summary>
    [Benchmark]
    public void LineWeightGradient() => convolution.WeightGradient(Line, a, b, c);

    /// <summary>1.9 GFLOP.</summary>
    [Benchmark]
    public void MapForward() => convolution.Forward(Map, a, b, c);

    /// <summary>1.9 GFLOP.</summary>
    [Benchmark]
    public void MapInputGradient() => convolution.InputGradient(Map, a, b, c);

    /// <summary>1.9 GFLOP.</summary>
    [Benchmark]
    public void MapWeightGradient() => convolution.WeightGradient(Map, a, b, c);
}
