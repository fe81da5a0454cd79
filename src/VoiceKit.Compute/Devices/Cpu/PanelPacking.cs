using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace VoiceKit.Devices;

/// <summary>Copies blocks of matrices into panels: as wide as a tile, and in the order in which the kernel reads them.</summary>
internal static unsafe class PanelPacking
{
    /// <summary>The distance from a panel to the next.</summary>
    public static nint Stride(int inner, int width) => ((nint)inner * width) + 16;

    /// <summary>Packs rows of the right matrix, which is stored as it is used.</summary>
    public static void PackRight<T>(
        in T source,
        int batch,
        int firstInner,
        int inner,
        int firstColumn,
        int columns,
        float* gathered,
        float* panels
    )
        where T : struct, IRowSource
    {
        const int Width = TileKernel.Columns;
        var stride = Stride(inner, Width);
        for (var k = 0; k < inner; k++)
        {
            var row = source.Row(batch, firstInner + k, firstColumn, columns, gathered);
            var panel = panels + ((nint)k * Width);
            var c = 0;
            for (; c + Width <= columns; c += Width, panel += stride)
            {
                Vector256.Load(row + c).Store(panel);
                Vector256.Load(row + c + 8).Store(panel + 8);
            }

            if (c < columns)
                CopyPadded(row + c, columns - c, panel, Width);
        }
    }

    /// <summary>Packs rows of the right matrix, which is stored transposed: its rows become columns.</summary>
    public static void PackRightTransposed<T>(
        in T source,
        int batch,
        int firstInner,
        int inner,
        int firstColumn,
        int columns,
        float* gathered,
        float* panels
    )
        where T : struct, IRowSource
    {
        const int Count = PanelBlocks.TransposedRows;
        var rows = stackalloc float*[Count];
        var stride = Stride(inner, TileKernel.Columns);
        var paddedColumns = (columns + TileKernel.Columns - 1) / TileKernel.Columns * TileKernel.Columns;
        for (var c = 0; c < paddedColumns; c += Count)
        {
            for (var i = 0; i < Count; i++)
            {
                var space = gathered + (i * PanelBlocks.RowStride);
                rows[i] = space;
                if (c + i < columns)
                    rows[i] = source.Row(batch, firstColumn + c + i, firstInner, inner, space);
                else
                    NativeMemory.Clear(space, (nuint)inner * sizeof(float));
            }

            Transpose(rows, inner, panels + (c / TileKernel.Columns * stride) + (c % TileKernel.Columns));
        }
    }

    /// <summary>Packs rows of the left matrix, which is stored transposed.</summary>
    public static void PackLeftTransposed<T>(
        in T source,
        int batch,
        int firstInner,
        int inner,
        int firstRow,
        int rows,
        float* gathered,
        float* panels
    )
        where T : struct, IRowSource
    {
        const int Height = TileKernel.Rows;
        var stride = Stride(inner, Height);
        for (var k = 0; k < inner; k++)
        {
            var row = source.Row(batch, firstInner + k, firstRow, rows, gathered);
            var panel = panels + ((nint)k * Height);
            var r = 0;

            // Two values more than a panel has: the next inner index or the gap between panels takes them.
            for (; r + 8 <= rows; r += Height, panel += stride)
                Vector256.Load(row + r).Store(panel);
            for (; r < rows; r += Height, panel += stride)
                CopyPadded(row + r, Math.Min(Height, rows - r), panel, Height);
        }
    }

    private static void CopyPadded(float* source, int count, float* target, int width)
    {
        for (var i = 0; i < width; i++)
            target[i] = i < count ? source[i] : 0;
    }

    private static void Transpose(float** rows, int count, float* target)
    {
        float* r0 = rows[0],
            r1 = rows[1],
            r2 = rows[2],
            r3 = rows[3],
            r4 = rows[4],
            r5 = rows[5],
            r6 = rows[6],
            r7 = rows[7];
        var k = 0;
        if (Avx.IsSupported)
        {
            for (; k + 8 <= count; k += 8)
            {
                var out0 = target + ((nint)k * TileKernel.Columns);
                TransposeFour(r0 + k, r1 + k, r2 + k, r3 + k, r4 + k, r5 + k, r6 + k, r7 + k, out0);
                TransposeFour(
                    r0 + k + 4,
                    r1 + k + 4,
                    r2 + k + 4,
                    r3 + k + 4,
                    r4 + k + 4,
                    r5 + k + 4,
                    r6 + k + 4,
                    r7 + k + 4,
                    out0 + (4 * TileKernel.Columns)
                );
            }
        }

        for (; k < count; k++)
            Vector256.Create(r0[k], r1[k], r2[k], r3[k], r4[k], r5[k], r6[k], r7[k]).Store(target + ((nint)k * TileKernel.Columns));
    }

    /// <summary>Four values of each of eight rows, as four rows of eight.</summary>
    private static void TransposeFour(float* r0, float* r1, float* r2, float* r3, float* r4, float* r5, float* r6, float* r7, float* target)
    {
        var x0 = Vector256.Create(Vector128.Load(r0), Vector128.Load(r4));
        var x1 = Vector256.Create(Vector128.Load(r1), Vector128.Load(r5));
        var x2 = Vector256.Create(Vector128.Load(r2), Vector128.Load(r6));
        var x3 = Vector256.Create(Vector128.Load(r3), Vector128.Load(r7));
        var low01 = Avx.UnpackLow(x0, x1);
        var high01 = Avx.UnpackHigh(x0, x1);
        var low23 = Avx.UnpackLow(x2, x3);
        var high23 = Avx.UnpackHigh(x2, x3);
        Avx.Shuffle(low01, low23, 0x44).Store(target);
        Avx.Shuffle(low01, low23, 0xEE).Store(target + TileKernel.Columns);
        Avx.Shuffle(high01, high23, 0x44).Store(target + (2 * TileKernel.Columns));
        Avx.Shuffle(high01, high23, 0xEE).Store(target + (3 * TileKernel.Columns));
    }
}

/// <summary>
/// A matrix of which a product reads rows, or parts of them; it may exist as a rule only, such as the patches of a convolution.
/// </summary>
internal unsafe interface IRowSource
{
    /// <summary>The distance from a row to the next where all rows lie in memory as they are; else 0.</summary>
    nint Stride { get; }

    /// <summary>The place of a part of a row.</summary>
    /// <param name="batch">Which matrix of a batch.</param>
    /// <param name="row">The row.</param>
    /// <param name="first">Its first column that is wanted.</param>
    /// <param name="count">How many columns are.</param>
    /// <param name="space">Room for them, which is used where they do not lie in memory one after the other.</param>
    float* Row(int batch, int row, int first, int count, float* space);
}

/// <summary>The place of a product's rows.</summary>
internal unsafe interface IRowTarget
{
    /// <summary>The start of a row.</summary>
    float* Row(int batch, int row);
}

/// <summary>Matrices that lie in memory row by row, one after the other.</summary>
internal readonly unsafe struct MatrixRows(float* data, int rows, int columns) : IRowSource, IRowTarget
{
    private readonly nint batchStride = (nint)rows * columns;

    public nint Stride { get; } = columns;

    public float* Row(int batch, int row, int first, int count, float* space) => Row(batch, row) + first;

    public float* Row(int batch, int row) => data + (batch * batchStride) + (row * Stride);
}

/// <summary>
/// The patches of channels-last maps as rows of a matrix: one row for each place of the kernel, in it the kernel's lines one after the
/// other. A line is contiguous in the map, so that a row is copied only where it passes the map's border or has several lines.
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

/// <summary>The movement of a kernel along one axis.</summary>
/// <param name="Places">At how many places it stands.</param>
/// <param name="Step">How far apart these are.</param>
/// <param name="Origin">Where its first value is at the first place; below 0 is outside.</param>
/// <param name="Kernel">How many values it covers.</param>
internal readonly record struct PatchAxis(int Places, int Step, int Origin, int Kernel);
