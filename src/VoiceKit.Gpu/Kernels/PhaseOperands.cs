using ILGPU;
using VoiceKit.Compute;

namespace VoiceKit.Gpu.Kernels;

/// <summary>The weights that reach the inputs of one phase of the stride, a column for each input channel: in it the taps in reverse, in each the output channels.</summary>
internal readonly struct TapOperand(int inputChannels, int outputChannels, Divider perTap, int kernelWidth, StridePhase down, StridePhase across) : IProductOperand
{
    private readonly int lastDown = down.LastTap, lastAcross = across.LastTap, strideDown = down.Stride, strideAcross = across.Stride, tapsAcross = across.Outputs.Kernel;
    private readonly Divider perTap = perTap, perLine = new(Math.Max(1, across.Outputs.Kernel));
    private readonly int innerCount = down.Outputs.Kernel * across.Outputs.Kernel * outputChannels;

    public bool InnerIsDense => true;

    public Cursor Outer(int slice, int index) => index < inputChannels ? new Cursor(index * outputChannels, 0, 0) : Cursor.Outside;

    public Cursor Inner(int index)
    {
        if (index >= innerCount)
            return Cursor.Outside;
        var tap = perTap.Quotient(index);
        var i = perLine.Quotient(tap);
        var j = tap - (i * tapsAcross);
        var kernel = ((lastDown - (i * strideDown)) * kernelWidth) + lastAcross - (j * strideAcross);
        return new Cursor((kernel * inputChannels * outputChannels) + index - (tap * outputChannels), 0, 0);
    }

    public float Read(ArrayView<float> values, Cursor outer, Cursor inner) =>
        outer.Place < 0 || inner.Place < 0 ? 0 : values[outer.Place + inner.Place];
}

/// <summary>The places of a phase's inputs in the input's gradient.</summary>
internal readonly struct PhaseTarget(int batch, int height, int width, int channels, StridePhase down, StridePhase across) : IProductTarget
{
    private readonly int rows = batch * down.Outputs.Places * across.Outputs.Places, placesDown = down.Outputs.Places, placesAcross = across.Outputs.Places;
    private readonly int strideDown = down.Stride, strideAcross = across.Stride, firstDown = down.Remainder, firstAcross = across.Remainder;

    public int Place(int slice, int row, int column)
    {
        if (row >= rows || column >= channels)
            return -1;
        var line = row / placesAcross;
        var map = line / placesDown;
        var y = (map * height) + firstDown + ((line - (map * placesDown)) * strideDown);
        return (((y * width) + firstAcross + ((row - (line * placesAcross)) * strideAcross)) * channels) + column;
    }
}
