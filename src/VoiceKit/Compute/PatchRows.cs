using System.Runtime.InteropServices;

namespace VoiceKit.Compute;

/// <summary>
/// The patches of channels-last maps as rows of a matrix: one row for each place of the kernel, in it the kernel's lines one after the other.
/// A line is contiguous in the map, so that a row is copied only where it passes the map's border or has several lines.
/// </summary>
internal readonly unsafe struct PatchRows : IRowSource
{
    private readonly float* data;
    private readonly int height;
    private readonly nint lineLength;
    private readonly int kernelLine;
    private readonly PatchAxis down;
    private readonly PatchAxis across;
    private readonly int channels;

    /// <summary>The patches of maps [*, height, width, channels] that the kernel takes at the places of both axes.</summary>
    public PatchRows(float* data, int height, int width, int channels, PatchAxis down, PatchAxis across)
    {
        this.data = data;
        this.height = height;
        this.channels = channels;
        this.down = down;
        this.across = across;
        lineLength = (nint)width * channels;
        kernelLine = across.Kernel * channels;
    }

    public nint Stride => 0;

    public float* Row(int batch, int row, int first, int count, float* space)
    {
        var (line, j) = int.DivRem(row, across.Places);
        var (map, i) = int.DivRem(line, down.Places);
        var (kernelRow, offset) = int.DivRem(first, kernelLine);
        var y = (i * down.Step) + down.Origin + kernelRow;
        var x = (nint)((j * across.Step) + across.Origin) * channels;
        var start = data + (map * height * lineLength);
        for (var done = 0; done < count; y++, offset = 0)
        {
            var length = Math.Min(kernelLine - offset, count - done);
            var from = x + offset;
            var inside = y >= 0 && y < height;
            if (inside && length == count && from >= 0 && from + length <= lineLength)
                return start + (y * lineLength) + from;
            CopyLine(inside ? start + (y * lineLength) : null, from, length, space + done);
            done += length;
        }

        return space;
    }

    /// <summary>Copies part of a line; what is left and right of it, or all of one that is not there, is zero.</summary>
    private void CopyLine(float* line, nint from, int length, float* space)
    {
        var before = line is null ? length : (int)nint.Clamp(-from, 0, length);
        var inside = line is null ? 0 : (int)nint.Clamp(lineLength - from - before, 0, length - before);
        NativeMemory.Clear(space, (nuint)before * sizeof(float));
        if (inside > 0)
            NativeMemory.Copy(line + from + before, space + before, (nuint)inside * sizeof(float));
        NativeMemory.Clear(space + before + inside, (nuint)(length - before - inside) * sizeof(float));
    }
}

/// <summary>How a kernel moves along one axis.</summary>
/// <param name="Places">At how many places it stands.</param>
/// <param name="Step">How far apart these are.</param>
/// <param name="Origin">Where its first value is at the first place; below 0 is outside.</param>
/// <param name="Kernel">How many values it covers.</param>
internal readonly record struct PatchAxis(int Places, int Step, int Origin, int Kernel);
