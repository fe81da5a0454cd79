using System.Runtime.CompilerServices;

namespace VoiceKit.Compute;

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
    /// <exception cref="ArgumentOutOfRangeException">A size is not possible, the padded input is smaller than the kernel, or there are too many values.</exception>
    public ConvolutionShape(
        int batch,
        (int Height, int Width, int Channels) input,
        (int Height, int Width, int Channels) kernel,
        (int Height, int Width) stride,
        (int Height, int Width) padding)
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
        var most = Int128.Max(Int128.Max(inputs, outputs), Int128.Max(weights, (Int128)KernelWidth * (Width + OutputWidth) * (InputChannels + OutputChannels)));
        if (most > int.MaxValue)
            throw new ArgumentOutOfRangeException(nameof(input), most, "The input, the weights or the output has more values than an array can.");
    }

    /// <summary>How many inputs there are.</summary>
    public int Batch { get; }

    /// <summary>The input's height.</summary>
    public int Height { get; }

    /// <summary>The input's width.</summary>
    public int Width { get; }

    /// <summary>The input's channels.</summary>
    public int InputChannels { get; }

    /// <summary>The kernel's height.</summary>
    public int KernelHeight { get; }

    /// <summary>The kernel's width.</summary>
    public int KernelWidth { get; }

    /// <summary>The output's channels.</summary>
    public int OutputChannels { get; }

    /// <summary>How far down the kernel moves for the next output.</summary>
    public int StrideHeight { get; }

    /// <summary>How far across the kernel moves for the next output.</summary>
    public int StrideWidth { get; }

    /// <summary>How many zeros are above and below the input.</summary>
    public int PaddingHeight { get; }

    /// <summary>How many zeros are left and right of the input.</summary>
    public int PaddingWidth { get; }

    /// <summary>The output's height.</summary>
    public int OutputHeight => ((Height + (2 * PaddingHeight) - KernelHeight) / StrideHeight) + 1;

    /// <summary>The output's width.</summary>
    public int OutputWidth => ((Width + (2 * PaddingWidth) - KernelWidth) / StrideWidth) + 1;

    /// <summary>The shape of a convolution along one axis: the height is 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A size is not possible, or the padded input is smaller than the kernel.</exception>
    public static ConvolutionShape OneDimensional(int batch, int width, int inputChannels, int kernel, int outputChannels, int stride, int padding) =>
        new(batch, (1, width, inputChannels), (1, kernel, outputChannels), (1, stride), (0, padding));

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
            throw new ArgumentOutOfRangeException(name, size, $"With {padding} zeros at either end it must have at least the kernel's {kernel}, and at most {int.MaxValue}.");
        return size;
    }
}
