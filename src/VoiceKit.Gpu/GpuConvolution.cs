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

    public void InputGradient(ConvolutionShape shape, ArrayView<float> outputGradient, ArrayView<float> weights, ArrayView<float> inputGradient) =>
        products.Launch(new PhaseProducts(shape), shape.InputChannels, outputGradient, weights, inputGradient);

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
        new Divider(shape.InputChannels),
        new PatchAxis(shape.OutputHeight, shape.StrideHeight, -shape.PaddingHeight, shape.KernelHeight),
        new PatchAxis(shape.OutputWidth, shape.StrideWidth, -shape.PaddingWidth, shape.KernelWidth));
}
