using System.Runtime.InteropServices;

namespace VoiceKit.Compute;

/// <summary>
/// The gradient of a convolution's input that has few channels: first each output's share of the patch that it saw, by one matrix product, then
/// the sum of the patches where they lie over each other.
/// </summary>
internal sealed unsafe class PatchScattering(WorkerPool workers, PanelScratch scratch) : IParallelWork
{
    // Beyond this, some maps follow after the others: the patches shall not take more memory than the caches and the maps themselves do.
    private const int MostValues = 1 << 20;

    private readonly BlockedProduct<MatrixRows, MatrixRows, MatrixRows> product = new(workers, scratch);
    private ConvolutionShape? shape;
    private float* gradient;
    private float* patches;
    private nuint capacity;

    /// <summary>Frees the memory of the patches.</summary>
    ~PatchScattering() => NativeMemory.AlignedFree(patches);

    /// <summary>Computes the gradient of the input.</summary>
    public void Run(ConvolutionShape shape, float* outputGradient, float* weights, float* inputGradient)
    {
        this.shape = shape;
        var places = shape.OutputHeight * shape.OutputWidth;
        var patch = shape.KernelHeight * shape.KernelWidth * shape.InputChannels;
        var mapsAtOnce = (int)Math.Clamp(MostValues / ((long)places * patch), 1, Math.Max(1, shape.Batch));
        Reserve((nuint)mapsAtOnce * (nuint)places * (nuint)patch);
        for (var first = 0; first < shape.Batch; first += mapsAtOnce)
        {
            var maps = Math.Min(mapsAtOnce, shape.Batch - first);
            var rows = maps * places;
            product.Run(
                new MatrixProduct(rows, shape.OutputChannels, patch, TransposeRight: true),
                new MatrixRows(outputGradient + ((nint)first * places * shape.OutputChannels), rows, shape.OutputChannels),
                new MatrixRows(weights, patch, shape.OutputChannels),
                new MatrixRows(patches, rows, patch));
            gradient = inputGradient + ((nint)first * shape.Height * shape.Width * shape.InputChannels);
            workers.Run(this, maps);
        }

        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public void Execute(int part, int worker)
    {
        var sizes = shape!;
        var lineLength = (nint)sizes.Width * sizes.InputChannels;
        var kernelLine = sizes.KernelWidth * sizes.InputChannels;
        var map = gradient + (part * sizes.Height * lineLength);
        NativeMemory.Clear(map, (nuint)(sizes.Height * lineLength) * sizeof(float));
        var source = patches + ((nint)part * sizes.OutputHeight * sizes.OutputWidth * sizes.KernelHeight * kernelLine);
        for (var i = 0; i < sizes.OutputHeight; i++)
        {
            for (var j = 0; j < sizes.OutputWidth; j++)
            {
                var x = ((nint)(j * sizes.StrideWidth) - sizes.PaddingWidth) * sizes.InputChannels;
                var first = Math.Max(0, -x);
                var end = Math.Min(kernelLine, lineLength - x);
                for (var k = 0; k < sizes.KernelHeight; k++, source += kernelLine)
                {
                    var y = (i * sizes.StrideHeight) - sizes.PaddingHeight + k;
                    if (y < 0 || y >= sizes.Height)
                        continue;
                    var line = map + (y * lineLength) + x;
                    for (var n = first; n < end; n++)
                        line[n] += source[n];
                }
            }
        }
    }

    private void Reserve(nuint count)
    {
        if (count <= capacity)
            return;
        capacity = 0;
        NativeMemory.AlignedFree(patches);
        patches = null;
        patches = (float*)NativeMemory.AlignedAlloc(count * sizeof(float), 64);
        capacity = count;
    }
}
