using VoiceKit.Compute;

namespace VoiceKit.Gpu.Kernels;

/// <summary>
/// The products that a transposed convolution is made of, one for each phase of the stride: the inputs that are alike modulo the stride,
/// down and across, are reached by the same taps.
/// </summary>
internal readonly struct PhaseProducts(ConvolutionShape shape)
{
    private readonly int batch = shape.Batch, inputChannels = shape.InputChannels, outputChannels = shape.OutputChannels;
    private readonly Divider perTap = new(shape.OutputChannels);
    private readonly int height = shape.Height, kernelHeight = shape.KernelHeight, strideHeight = shape.StrideHeight, paddingHeight = shape.PaddingHeight, outputHeight = shape.OutputHeight;
    private readonly int width = shape.Width, kernelWidth = shape.KernelWidth, strideWidth = shape.StrideWidth, paddingWidth = shape.PaddingWidth, outputWidth = shape.OutputWidth;

    /// <summary>How many there are.</summary>
    public int Count => Math.Min(strideHeight, height) * CountAcross;

    private int CountAcross => Math.Min(strideWidth, width);

    public StridePhase Down(int phase) => StridePhase.For(phase / CountAcross, strideHeight, height, kernelHeight, paddingHeight);

    public StridePhase Across(int phase) => StridePhase.For(phase % CountAcross, strideWidth, width, kernelWidth, paddingWidth);

    /// <summary>The rows of a phase's product: its inputs.</summary>
    public int Rows(StridePhase down, StridePhase across) => batch * down.Outputs.Places * across.Outputs.Places;

    /// <summary>The terms of a phase's sums; none where the taps pass its inputs by.</summary>
    public int Inner(StridePhase down, StridePhase across) => down.Outputs.Kernel * across.Outputs.Kernel * outputChannels;

    public PatchOperand Patches(StridePhase down, StridePhase across) => new(batch, outputHeight, outputWidth, outputChannels, perTap, down.Outputs, across.Outputs);

    public TapOperand Taps(StridePhase down, StridePhase across) => new(inputChannels, outputChannels, perTap, kernelWidth, down, across);

    public PhaseTarget Target(StridePhase down, StridePhase across) => new(batch, height, width, inputChannels, down, across);
}
