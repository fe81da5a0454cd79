using ILGPU;
using VoiceKit.Compute;

namespace VoiceKit.Gpu.Kernels;

/// <summary>
/// The patches of channels-last maps as a matrix that is never made: a row for each place of the kernel, in it for each of the kernel's
/// taps all channels.
/// </summary>
internal readonly struct PatchOperand(int batch, int height, int width, int channels, Divider perTap, PatchAxis down, PatchAxis across) : IProductOperand
{
    private readonly int places = batch * down.Places * across.Places, innerCount = down.Kernel * across.Kernel * channels;
    private readonly Divider perTap = perTap, perLine = new(Math.Max(1, across.Kernel));

    public bool InnerIsDense => true;

    public Cursor Outer(int slice, int index)
    {
        if (index >= places)
            return Cursor.Outside;
        var line = index / across.Places;
        var map = line / down.Places;
        var y = ((line - (map * down.Places)) * down.Step) + down.Origin;
        return new Cursor(map * height * width, y, ((index - (line * across.Places)) * across.Step) + across.Origin);
    }

    public Cursor Inner(int index)
    {
        if (index >= innerCount)
            return Cursor.Outside;
        var tap = perTap.Quotient(index);
        var y = perLine.Quotient(tap);
        return new Cursor(index - (tap * channels), y, tap - (y * across.Kernel));
    }

    public float Read(ArrayView<float> values, Cursor outer, Cursor inner)
    {
        var (y, x) = (outer.Down + inner.Down, outer.Across + inner.Across);
        var isInside = outer.Place >= 0 && inner.Place >= 0 && y >= 0 && y < height && x >= 0 && x < width;
        return isInside ? values[((outer.Place + (y * width) + x) * channels) + inner.Place] : 0;
    }
}
