namespace VoiceKit.Compute;

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

    /// <summary>The first of the inputs; the others follow at the stride.</summary>
    public int Remainder { get; }

    /// <summary>The convolution's stride.</summary>
    public int Stride { get; }

    /// <summary>The last of the kernel's values that reach these inputs, the first in the reverse order.</summary>
    public int LastTap { get; }

    /// <summary>The outputs that these inputs reach.</summary>
    public PatchAxis Outputs { get; }

    /// <summary>The phase of a remainder, which is below the stride and the input's size.</summary>
    public static StridePhase For(int remainder, int stride, int size, int kernel, int padding)
    {
        var (firstOutput, firstTap) = int.DivRem(remainder + padding, stride);
        var taps = firstTap < kernel ? ((kernel - firstTap - 1) / stride) + 1 : 0;
        return new StridePhase(remainder, stride, ((size - remainder - 1) / stride) + 1, firstTap, taps, firstOutput);
    }
}

/// <summary>A phase's weights as the columns of a matrix: for each input channel the taps in reverse, in each the output channels.</summary>
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
