using System.Runtime.CompilerServices;

namespace VoiceKit.Devices;

/// <summary>
/// The sizes of a convolution. Layouts are channels-last: input [Batch, Height, Width, InputChannels], weights [KernelHeight, KernelWidth,
/// InputChannels, OutputChannels], output [Batch, OutputHeight, OutputWidth, OutputChannels].
/// </summary>
public sealed record ConvolutionShape
{
    /// <summary>Checks the sizes.</summary>
    /// <param name="batch">How many inputs there are.</param>
    /// <param name="input">The input's height, width and channels.</param>
    /// <param name="kernel">The kernel's height, width and output channels.</param>
    /// <param name="stride">How far the kernel moves for the next output, down and across.</param>
    /// <param name="padding">How many zeros surround the input at either end, down and across.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not possible, the padded input is smaller than the kernel, or there are too
    /// many values.</exception>
    public ConvolutionShape(
        int batch,
        (int Height, int Width, int Channels) input,
        (int Height, int Width, int Channels) kernel,
        (int Height, int Width) stride,
        (int Height, int Width) padding
    )
    {
        Batch = NotNegative(batch);
        InputChannels = Positive(input.Channels);
        OutputChannels = Positive(kernel.Channels);
        KernelHeight = Positive(kernel.Height);
        KernelWidth = Positive(kernel.Width);
        StrideHeight = Positive(stride.Height);
        StrideWidth = Positive(stride.Width);
        PaddingHeight = NotNegative(padding.Height);
        PaddingWidth = NotNegative(padding.Width);
        Height = Spanned(NotNegative(input.Height), KernelHeight, PaddingHeight);
        Width = Spanned(NotNegative(input.Width), KernelWidth, PaddingWidth);
        var inputs = (Int128)Batch * Height * Width * InputChannels;
        var weights = (Int128)KernelHeight * KernelWidth * InputChannels * OutputChannels;
        var outputs = (Int128)Batch * OutputHeight * OutputWidth * OutputChannels;
        var most = Int128.Max(
            Int128.Max(inputs, outputs),
            Int128.Max(weights, (Int128)KernelWidth * (Width + OutputWidth) * (InputChannels + OutputChannels))
        );
        if (most > int.MaxValue)
            throw new ArgumentOutOfRangeException(
                nameof(input),
                most,
                "The input, the weights or the output has more values than an array can."
            );
    }

    /// <summary>Gets how many inputs there are.</summary>
    public int Batch { get; }

    /// <summary>Gets the input's height.</summary>
    public int Height { get; }

    /// <summary>Gets the input's width.</summary>
    public int Width { get; }

    /// <summary>Gets the input's channels.</summary>
    public int InputChannels { get; }

    /// <summary>Gets the kernel's height.</summary>
    public int KernelHeight { get; }

    /// <summary>Gets the kernel's width.</summary>
    public int KernelWidth { get; }

    /// <summary>Gets the output's channels.</summary>
    public int OutputChannels { get; }

    /// <summary>Gets how far down the kernel moves for the next output.</summary>
    public int StrideHeight { get; }

    /// <summary>Gets how far across the kernel moves for the next output.</summary>
    public int StrideWidth { get; }

    /// <summary>Gets how many zeros are above and below the input.</summary>
    public int PaddingHeight { get; }

    /// <summary>Gets how many zeros are left and right of the input.</summary>
    public int PaddingWidth { get; }

    /// <summary>Gets the output's height.</summary>
    public int OutputHeight => ((Height + (2 * PaddingHeight) - KernelHeight) / StrideHeight) + 1;

    /// <summary>Gets the output's width.</summary>
    public int OutputWidth => ((Width + (2 * PaddingWidth) - KernelWidth) / StrideWidth) + 1;

    /// <summary>The shape of a convolution along one axis: the height is 1.</summary>
    /// <param name="batch">The number of examples.</param>
    /// <param name="width">The length of the axis.</param>
    /// <param name="inputChannels">The channels of the input.</param>
    /// <param name="kernel">The length of the kernel.</param>
    /// <param name="outputChannels">The channels of the output.</param>
    /// <param name="stride">The step of the kernel.</param>
    /// <param name="padding">The zeros on either side of the axis.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not possible, or the padded input is smaller than the kernel.</exception>
    public static ConvolutionShape OneDimensional(
        int batch,
        int width,
        int inputChannels,
        int kernel,
        int outputChannels,
        int stride,
        int padding
    ) => new(batch, (1, width, inputChannels), (1, kernel, outputChannels), (1, stride), (0, padding));

    private static int Positive(int value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value, name);
        return value;
    }

    private static int NotNegative(int value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value, name);
        return value;
    }

    private static int Spanned(int size, int kernel, int padding, [CallerArgumentExpression(nameof(size))] string name = "")
    {
        if (size + (2L * padding) is var padded && (padded < kernel || padded > int.MaxValue))
            throw new ArgumentOutOfRangeException(
                name,
                size,
                $"With {padding} zeros at either end it must have at least the kernel's {kernel}, and at most {int.MaxValue}."
            );
        return size;
    }
}

/// <summary>
/// The inputs of a convolution, along one axis, that are alike modulo its stride. The same of the kernel's values reach all of them, from
/// outputs side by side: their gradient is a plain convolution of the output's gradient with these values in reverse, of stride 1.
/// </summary>
internal readonly record struct StridePhase
{
    private StridePhase(int remainder, int stride, int count, int firstTap, int taps, int firstOutput)
    {
        Remainder = remainder;
        Stride = stride;
        LastTap = firstTap + (stride * (taps - 1));
        Outputs = new PatchAxis(count, 1, firstOutput - (taps - 1), taps);
    }

    /// <summary>Gets the first of the inputs; the others follow at the stride.</summary>
    public int Remainder { get; }

    /// <summary>Gets the convolution's stride.</summary>
    public int Stride { get; }

    /// <summary>Gets the last of the kernel's values that reach these inputs, the first in the reverse order.</summary>
    public int LastTap { get; }

    /// <summary>Gets the outputs that these inputs reach.</summary>
    public PatchAxis Outputs { get; }

    /// <summary>The phase of a remainder, which is below the stride and the input's size.</summary>
    public static StridePhase For(int remainder, int stride, int size, int kernel, int padding)
    {
        var (firstOutput, firstTap) = int.DivRem(remainder + padding, stride);
        var taps = firstTap < kernel ? ((kernel - firstTap - 1) / stride) + 1 : 0;
        return new StridePhase(remainder, stride, ((size - remainder - 1) / stride) + 1, firstTap, taps, firstOutput);
    }
}

/// <summary>
/// A phase's weights as the columns of a matrix: for each input channel the taps in reverse, in each the output channels.
/// </summary>
internal readonly unsafe struct TapRows(float* weights, ConvolutionShape shape, StridePhase down, StridePhase across) : IRowSource
{
    private readonly int kernelWidth = shape.KernelWidth;
    private readonly int inputChannels = shape.InputChannels;
    private readonly int outputChannels = shape.OutputChannels;

    public nint Stride => 0;

    public float* Row(int batch, int row, int first, int count, float* space)
    {
        var (tap, channel) = int.DivRem(first, outputChannels);
        for (var done = 0; done < count; tap++, channel = 0)
        {
            var (i, j) = int.DivRem(tap, across.Outputs.Kernel);
            var kernel = ((nint)(down.LastTap - (i * down.Stride)) * kernelWidth) + across.LastTap - (j * across.Stride);
            var from = weights + (((kernel * inputChannels) + row) * outputChannels) + channel;
            var length = Math.Min(outputChannels - channel, count - done);
            if (length == count)
                return from;
            new ReadOnlySpan<float>(from, length).CopyTo(new Span<float>(space + done, length));
            done += length;
        }

        return space;
    }
}

/// <summary>The places of a phase's inputs in the input's gradient.</summary>
internal readonly unsafe struct PhaseRows(float* gradient, ConvolutionShape shape, StridePhase down, StridePhase across) : IRowTarget
{
    private readonly int height = shape.Height;
    private readonly int width = shape.Width;
    private readonly int channels = shape.InputChannels;

    public float* Row(int batch, int row)
    {
        var (line, j) = int.DivRem(row, across.Outputs.Places);
        var (map, i) = int.DivRem(line, down.Outputs.Places);
        var y = ((nint)map * height) + down.Remainder + (i * down.Stride);
        return gradient + (((y * width) + across.Remainder + (j * across.Stride)) * channels);
    }
}
