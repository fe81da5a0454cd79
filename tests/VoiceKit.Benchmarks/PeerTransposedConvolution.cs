using System.Globalization;
using System.Runtime.InteropServices;
using VoiceKit.Devices;

namespace VoiceKit.Benchmarks;

/// <summary>Times transposed convolutions; tools/compare-transposed-convolution.sh sets them beside PyTorch's.</summary>
internal static unsafe class PeerTransposedConvolution
{
    /// <summary>
    /// Prints GFLOP/s of one transposed convolution, the input gradient of the convolution of the shape, and the mean of its squares.
    /// </summary>
    /// <param name="args">Threads, the convolution's input width and channels, kernel, output channels, stride, padding.</param>
    public static void Run(string[] args)
    {
        var numbers = args.Select(arg => int.Parse(arg, CultureInfo.InvariantCulture)).ToArray();
        var shape = ConvolutionShape.OneDimensional(32, numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], numbers[6]);
        var outputs = shape.Batch * shape.OutputWidth * shape.OutputChannels;
        var inputs = shape.Batch * shape.Width * shape.InputChannels;
        var weights = shape.KernelWidth * shape.InputChannels * shape.OutputChannels;
        var x = PeerMatrixMultiplication.Pattern(outputs, 7);
        var w = PeerMatrixMultiplication.Pattern(weights, 11);
        var y = PeerMatrixMultiplication.Noise(inputs);
        using var workers = new WorkerPool(numbers[0]);
        var convolution = new Convolution(workers);
        var seconds = PeerMatrixMultiplication.BestSeconds(() => convolution.InputGradient(shape, x, w, y));
        var squares = 0.0;
        for (var i = 0; i < inputs; i++)
            squares += (double)y[i] * y[i] / inputs;
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{2e-9 * weights * shape.Batch * shape.OutputWidth / seconds:F2} {squares:F4}")
        );
        NativeMemory.AlignedFree(x);
        NativeMemory.AlignedFree(w);
        NativeMemory.AlignedFree(y);
    }
}
