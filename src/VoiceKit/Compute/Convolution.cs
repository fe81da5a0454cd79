namespace VoiceKit.Compute;

/// <summary>
/// Convolutions of channels-last maps, and their gradients, as matrix products whose left matrix - the patches under the kernel - is never made:
/// the product reads it in the maps. One call at a time.
/// </summary>
internal sealed unsafe class Convolution
{
    // With fewer channels most of a tile would be empty.
    private const int FewestGatheredChannels = 8;

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
            product, Patches(shape, input), new MatrixRows(weights, patch, shape.OutputChannels), new MatrixRows(output, places, shape.OutputChannels));
    }

    /// <summary>The gradient of the input, which is the transposed convolution of the output's gradient; inputs that no output sees have 0.</summary>
    public void InputGradient(ConvolutionShape shape, float* outputGradient, float* weights, float* inputGradient)
    {
        if (shape.InputChannels < FewestGatheredChannels)
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
                    new PatchRows(outputGradient, shape.OutputHeight, shape.OutputWidth, shape.OutputChannels, down.Outputs, across.Outputs),
                    new TapRows(weights, shape, down, across),
                    new PhaseRows(inputGradient, shape, down, across));
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
            new MatrixRows(weightGradient, patch, shape.OutputChannels));
    }

    private static (int Places, int Patch) Sizes(ConvolutionShape shape) =>
        (shape.Batch * shape.OutputHeight * shape.OutputWidth, shape.KernelHeight * shape.KernelWidth * shape.InputChannels);

    private static PatchRows Patches(ConvolutionShape shape, float* input) => new(
        input,
        shape.Height,
        shape.Width,
        shape.InputChannels,
        new PatchAxis(shape.OutputHeight, shape.StrideHeight, -shape.PaddingHeight, shape.KernelHeight),
        new PatchAxis(shape.OutputWidth, shape.StrideWidth, -shape.PaddingWidth, shape.KernelWidth));
}
