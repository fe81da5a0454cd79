using ILGPU;
using VoiceKit.Compute;
using VoiceKit.Gpu.Kernels;

namespace VoiceKit.Gpu;

/// <summary>Convolutions as matrix products that read their patches in the maps.</summary>
internal sealed class GpuConvolution(GpuProducts products)
{
    public void Forward(ConvolutionShape shape, ArrayView<float> input, ArrayView<float> weights, ArrayView<float> output)
    {
        var (places, patch) = Sizes(shape);
        var product = new MatrixProduct(places, patch, shape.OutputChannels);
        products.Run(product, Patches(shape), new MatrixOperand(shape.OutputChannels, patch, 1, shape.OutputChannels, 0), new MatrixTarget(places, shape.OutputChannels), input, weights, output);
    }

    /// <summary>One product for each phase of the stride: the inputs that are alike modulo the stride are reached by the same taps.</summary>
    public void InputGradient(ConvolutionShape shape, ArrayView<float> outputGradient, ArrayView<float> weights, ArrayView<float> inputGradient)
    {
        for (var i = 0; i < Math.Min(shape.StrideHeight, shape.Height); i++)
        {
            var down = StridePhase.For(i, shape.StrideHeight, shape.Height, shape.KernelHeight, shape.PaddingHeight);
            for (var j = 0; j < Math.Min(shape.StrideWidth, shape.Width); j++)
            {
                var across = StridePhase.For(j, shape.StrideWidth, shape.Width, shape.KernelWidth, shape.PaddingWidth);
                var patches = new PatchOperand(shape.Batch, shape.OutputHeight, shape.OutputWidth, shape.OutputChannels, down.Outputs, across.Outputs);
                var product = new MatrixProduct(
                    shape.Batch * down.Outputs.Places * across.Outputs.Places, down.Outputs.Kernel * across.Outputs.Kernel * shape.OutputChannels, shape.InputChannels);
                products.Launch(product, 1, patches, new TapOperand(shape, down, across), new PhaseTarget(shape, down, across), outputGradient, weights, inputGradient);
            }
        }
    }

    public void WeightGradient(ConvolutionShape shape, ArrayView<float> input, ArrayView<float> outputGradient, ArrayView<float> weightGradient)
    {
        var (places, patch) = Sizes(shape);
        var product = new MatrixProduct(patch, places, shape.OutputChannels);
        products.Run(
            product,
            new TransposedOperand<PatchOperand>(Patches(shape)),
            new MatrixOperand(shape.OutputChannels, places, 1, shape.OutputChannels, 0),
            new MatrixTarget(patch, shape.OutputChannels),
            input,
            outputGradient,
            weightGradient);
    }

    private static (int Places, int Patch) Sizes(ConvolutionShape shape) =>
        (shape.Batch * shape.OutputHeight * shape.OutputWidth, shape.KernelHeight * shape.KernelWidth * shape.InputChannels);

    private static PatchOperand Patches(ConvolutionShape shape) => new(
        shape.Batch,
        shape.Height,
        shape.Width,
        shape.InputChannels,
        new PatchAxis(shape.OutputHeight, shape.StrideHeight, -shape.PaddingHeight, shape.KernelHeight),
        new PatchAxis(shape.OutputWidth, shape.StrideWidth, -shape.PaddingWidth, shape.KernelWidth));
}
