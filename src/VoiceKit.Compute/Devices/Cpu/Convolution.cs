using System.Runtime.InteropServices;

namespace VoiceKit.Devices;

/// <summary>
/// Convolutions of channels-last maps, and their gradients, as matrix products whose left matrix - the patches under the kernel - is never
/// made: the product reads it in the maps. One call at a time.
/// </summary>
internal sealed unsafe class Convolution
{
    // With fewer channels most of a tile would be empty.
    private const int MinGatheredChannels = 8;

    private readonly BlockedProduct<PatchRows, MatrixRows, MatrixRows> patchesByMatrix;
    private readonly BlockedProduct<PatchRows, TapRows, PhaseRows> patchesByTaps;
    private readonly PatchScattering patchScattering;

    /// <summary>Kernels that run on a pool.</summary>
    public Convolution(WorkerPool workers)
    {
        var scratch = new PanelScratch(workers.ThreadCount);
        patchesByMatrix = new BlockedProduct<PatchRows, MatrixRows, MatrixRows>(workers, scratch);
        patchesByTaps = new BlockedProduct<PatchRows, TapRows, PhaseRows>(workers, scratch);
        patchScattering = new PatchScattering(workers, scratch);
    }

    /// <summary>The convolution of the input with the weights.</summary>
    public void Forward(ConvolutionShape shape, float* input, float* weights, float* output)
    {
        var (places, patch) = Sizes(shape);
        var product = new MatrixProduct(places, patch, shape.OutputChannels);
        patchesByMatrix.Run(
            product,
            Patches(shape, input),
            new MatrixRows(weights, patch, shape.OutputChannels),
            new MatrixRows(output, places, shape.OutputChannels)
        );
    }

    /// <summary>
    /// The gradient of the input, which is the transposed convolution of the output's gradient; inputs that no output sees have 0.
    /// </summary>
    public void InputGradient(ConvolutionShape shape, float* outputGradient, float* weights, float* inputGradient)
    {
        if (shape.InputChannels < MinGatheredChannels)
        {
            patchScattering.Run(shape, outputGradient, weights, inputGradient);
            return;
        }

        for (var i = 0; i < Math.Min(shape.StrideHeight, shape.Height); i++)
        {
            var down = StridePhase.For(i, shape.StrideHeight, shape.Height, shape.KernelHeight, shape.PaddingHeight);
            for (var j = 0; j < Math.Min(shape.StrideWidth, shape.Width); j++)
            {
                var across = StridePhase.For(j, shape.StrideWidth, shape.Width, shape.KernelWidth, shape.PaddingWidth);
                var taps = down.Outputs.Kernel * across.Outputs.Kernel;
                var rows = shape.Batch * down.Outputs.Places * across.Outputs.Places;
                patchesByTaps.Run(
                    new MatrixProduct(rows, taps * shape.OutputChannels, shape.InputChannels, TransposeRight: true),
                    new PatchRows(
                        outputGradient,
                        shape.OutputHeight,
                        shape.OutputWidth,
                        shape.OutputChannels,
                        down.Outputs,
                        across.Outputs
                    ),
                    new TapRows(weights, shape, down, across),
                    new PhaseRows(inputGradient, shape, down, across)
                );
            }
        }
    }

    /// <summary>The gradient of the weights.</summary>
    public void WeightGradient(ConvolutionShape shape, float* input, float* outputGradient, float* weightGradient)
    {
        var (places, patch) = Sizes(shape);
        patchesByMatrix.Run(
            new MatrixProduct(patch, places, shape.OutputChannels, TransposeLeft: true),
            Patches(shape, input),
            new MatrixRows(outputGradient, places, shape.OutputChannels),
            new MatrixRows(weightGradient, patch, shape.OutputChannels)
        );
    }

    private static (int Places, int Patch) Sizes(ConvolutionShape shape) =>
        (shape.Batch * shape.OutputHeight * shape.OutputWidth, shape.KernelHeight * shape.KernelWidth * shape.InputChannels);

    private static PatchRows Patches(ConvolutionShape shape, float* input) =>
        new(
            input,
            shape.Height,
            shape.Width,
            shape.InputChannels,
            new PatchAxis(shape.OutputHeight, shape.StrideHeight, -shape.PaddingHeight, shape.KernelHeight),
            new PatchAxis(shape.OutputWidth, shape.StrideWidth, -shape.PaddingWidth, shape.KernelWidth)
        );
}

/// <summary>
/// The gradient of a convolution's input that has few channels: first each output's share of the patch that it saw, by one matrix product,
/// then the sum of the patches where they lie over each other.
/// </summary>
internal sealed unsafe class PatchScattering(WorkerPool workers, PanelScratch scratch) : IParallelWork
{
    // Beyond this, some maps follow after the others: the patches shall not take more memory than the caches and the maps themselves do.
    private const int MaxValues = 1 << 20;

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
        var mapsAtOnce = (int)Math.Clamp(MaxValues / ((long)places * patch), 1, Math.Max(1, shape.Batch));
        Reserve((nuint)mapsAtOnce * (nuint)places * (nuint)patch);
        for (var first = 0; first < shape.Batch; first += mapsAtOnce)
        {
            var maps = Math.Min(mapsAtOnce, shape.Batch - first);
            var rows = maps * places;
            product.Run(
                new MatrixProduct(rows, shape.OutputChannels, patch, TransposeRight: true),
                new MatrixRows(outputGradient + ((nint)first * places * shape.OutputChannels), rows, shape.OutputChannels),
                new MatrixRows(weights, patch, shape.OutputChannels),
                new MatrixRows(patches, rows, patch)
            );
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
