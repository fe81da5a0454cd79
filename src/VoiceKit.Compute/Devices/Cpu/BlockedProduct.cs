using System.Runtime.InteropServices;

namespace VoiceKit.Devices;

/// <summary>
/// A matrix product in blocks that fit the caches. Each sum is made by one worker in an order that the sizes alone decide, so that neither
/// the number of threads nor the place in memory changes a bit of it.
/// </summary>
/// <typeparam name="TLeft">The left matrix.</typeparam>
/// <typeparam name="TRight">The right matrix.</typeparam>
/// <typeparam name="TTarget">The place of the product.</typeparam>
internal sealed unsafe class BlockedProduct<TLeft, TRight, TTarget>(WorkerPool workers, PanelScratch scratch) : IParallelWork
    where TLeft : struct, IRowSource
    where TRight : struct, IRowSource
    where TTarget : struct, IRowTarget
{
    // With few rows a copy of the right matrix costs more than reading it in place does.
    private const int FewRows = 4 * TileKernel.Rows;

    private TLeft left;
    private TRight right;
    private TTarget target;
    private MatrixProduct product;
    private ProductGrid grid;

    /// <summary>Multiplies. The product's flags say whether the two matrices hold their rows or their columns.</summary>
    public void Run(in MatrixProduct product, in TLeft left, in TRight right, in TTarget target)
    {
        this.product = product;
        this.left = left;
        this.right = right;
        this.target = target;
        grid = ProductGrid.For(product, workers.ThreadCount);
        workers.Run(this, grid.PartCount);
        GC.KeepAlive(scratch);
    }

    /// <inheritdoc/>
    public void Execute(int part, int worker)
    {
        var area = grid.Area(part, product);
        if (product.Inner == 0)
        {
            Clear(area);
            return;
        }

        var blocks = scratch.Of(worker);
        var innerBlocks = Ceiling(product.Inner, PanelBlocks.Inner);
        for (var first = area.FirstColumn; first < area.EndColumn; first += PanelBlocks.Columns)
        {
            var columns = Math.Min(PanelBlocks.Columns, area.EndColumn - first);
            for (var block = 0; block < innerBlocks; block++)
            {
                var firstInner = (int)((long)product.Inner * block / innerBlocks);
                var inner = (int)((long)product.Inner * (block + 1) / innerBlocks) - firstInner;
                MultiplyRows(area, first, columns, firstInner, inner, blocks);
            }
        }
    }

    private static int Ceiling(int count, int size) => (int)(((long)count + size - 1) / size);

    private void Clear(in ProductArea area)
    {
        for (var row = area.FirstRow; !product.Accumulate && row < area.EndRow; row++)
            NativeMemory.Clear(target.Row(area.Batch, row) + area.FirstColumn, (nuint)(area.EndColumn - area.FirstColumn) * sizeof(float));
    }

    private void MultiplyRows(in ProductArea area, int firstColumn, int columns, int firstInner, int inner, PanelBlocks* blocks)
    {
        var rowCount = area.EndRow - area.FirstRow;
        var inPlace = rowCount <= FewRows && !product.TransposeRight && right.Stride != 0;
        var packed = inPlace ? columns / TileKernel.Columns * TileKernel.Columns : 0;
        var rightBlock = new RightBlock(
            blocks->Right,
            PanelPacking.Stride(inner, TileKernel.Columns),
            packed,
            inPlace ? right.Row(area.Batch, firstInner, firstColumn, columns, null) : null,
            right.Stride
        );
        if (product.TransposeRight)
            PanelPacking.PackRightTransposed(right, area.Batch, firstInner, inner, firstColumn, columns, blocks->Gathered, blocks->Right);
        else if (packed < columns)
            PanelPacking.PackRight(
                right,
                area.Batch,
                firstInner,
                inner,
                firstColumn + packed,
                columns - packed,
                blocks->Gathered,
                blocks->Right
            );

        var rowPointers = stackalloc float*[PanelBlocks.Rows];
        var targetPointers = stackalloc float*[PanelBlocks.Rows];
        var rowBlocks = Ceiling(Ceiling(rowCount, TileKernel.Rows), PanelBlocks.Rows / TileKernel.Rows);
        var blockRows = Ceiling(Ceiling(rowCount, TileKernel.Rows), Math.Max(1, rowBlocks)) * TileKernel.Rows;
        for (var firstRow = area.FirstRow; firstRow < area.EndRow; firstRow += blockRows)
        {
            var rows = Math.Min(blockRows, area.EndRow - firstRow);
            GatherLeft(area.Batch, firstRow, rows, firstInner, inner, blocks, rowPointers);
            for (var r = 0; r < rows; r++)
                targetPointers[r] = target.Row(area.Batch, firstRow + r) + firstColumn;
            MultiplyBlock(
                rows,
                columns,
                inner,
                rowPointers,
                rightBlock,
                targetPointers,
                product.Accumulate || firstInner > 0,
                blocks->Tile
            );
        }
    }

    /// <summary>Makes the pointers to the rows of a block; those below its end repeat the last.</summary>
    private void GatherLeft(int batch, int firstRow, int rows, int firstInner, int inner, PanelBlocks* blocks, float** pointers)
    {
        var panelEnd = Ceiling(rows, TileKernel.Rows) * TileKernel.Rows;
        if (product.TransposeLeft)
        {
            PanelPacking.PackLeftTransposed(left, batch, firstInner, inner, firstRow, rows, blocks->Gathered, blocks->Left);
            for (var r = 0; r < panelEnd; r++)
                pointers[r] = blocks->Left + (r / TileKernel.Rows * PanelPacking.Stride(inner, TileKernel.Rows)) + (r % TileKernel.Rows);
            return;
        }

        for (var r = 0; r < panelEnd; r++)
            pointers[r] =
                r < rows
                    ? left.Row(batch, firstRow + r, firstInner, inner, blocks->Left + (r * PanelBlocks.RowStride))
                    : pointers[rows - 1];
    }

    private void MultiplyBlock(
        int rows,
        int columns,
        int inner,
        float** rowPointers,
        in RightBlock rightBlock,
        float** targets,
        bool accumulate,
        float* tile
    )
    {
        nint leftStep = product.TransposeLeft ? TileKernel.Rows : 1;
        var pointers = stackalloc float*[TileKernel.Rows];
        for (var c = 0; c < columns; c += TileKernel.Columns)
        {
            var panel = rightBlock.Panel(c, out var rightStep);
            var fullRows = columns - c >= TileKernel.Columns ? rows - (rows % TileKernel.Rows) : 0;
            var r = 0;
            for (; r < fullRows; r += TileKernel.Rows)
            {
                for (var i = 0; i < TileKernel.Rows; i++)
                    pointers[i] = targets[r + i] + c;
                TileKernel.Multiply(inner, rowPointers + r, leftStep, panel, rightStep, pointers, accumulate);
            }

            for (; r < rows; r += TileKernel.Rows)
            {
                for (var i = 0; i < TileKernel.Rows; i++)
                    pointers[i] = tile + (i * TileKernel.Columns);
                TileKernel.Multiply(inner, rowPointers + r, leftStep, panel, rightStep, pointers, accumulate: false);
                for (var i = 0; i < Math.Min(TileKernel.Rows, rows - r); i++)
                    Move(pointers[i], targets[r + i] + c, Math.Min(TileKernel.Columns, columns - c), accumulate);
            }
        }
    }

    private static void Move(float* source, float* destination, int count, bool accumulate)
    {
        for (var i = 0; i < count; i++)
            destination[i] = accumulate ? source[i] + destination[i] : source[i];
    }

    /// <summary>The places of the right matrix's panels: in the matrix up to a column, packed from there on.</summary>
    private readonly struct RightBlock(float* panels, nint panelStride, int firstPacked, float* rows, nint rowStride)
    {
        public float* Panel(int column, out nint step)
        {
            step = column < firstPacked ? rowStride : TileKernel.Columns;
            return column < firstPacked ? rows + column : panels + ((column - firstPacked) / TileKernel.Columns * panelStride);
        }
    }
}

/// <summary>
/// The sizes of blocks, and memory for one of each. A block of the right matrix and one of the left lie in the second-level cache together,
/// a panel of the right in the first-level one. Panels and rows have gaps between them: distances of a power of two would make them share
/// few places of a cache.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PanelBlocks
{
    /// <summary>The most rows of a block.</summary>
    public const int Rows = 16 * TileKernel.Rows;

    /// <summary>The most products that a sum takes at once.</summary>
    public const int Inner = 256;

    /// <summary>The most columns of a block.</summary>
    public const int Columns = 16 * TileKernel.Columns;

    /// <summary>The distance from one gathered row to the next.</summary>
    public const int RowStride = Inner + 16;

    /// <summary>The number of rows that are transposed at once.</summary>
    public const int TransposedRows = 8;

    /// <summary>The block of the right matrix.</summary>
    public fixed float Right[Columns / TileKernel.Columns * ((Inner * TileKernel.Columns) + 16)];

    /// <summary>The block of the left matrix.</summary>
    public fixed float Left[Rows * RowStride];

    /// <summary>Rows on their way into a block.</summary>
    public fixed float Gathered[TransposedRows * RowStride];

    /// <summary>A tile that is not wholly within the product.</summary>
    public fixed float Tile[TileKernel.Rows * TileKernel.Columns];
}

/// <summary>Each worker's memory for the blocks of the two matrices that it multiplies; what is not used is never touched.</summary>
internal sealed unsafe class PanelScratch
{
    private const nuint Alignment = 4096;

    private readonly byte* memory;

    /// <summary>Allocates scratch memory for a number of workers.</summary>
    public PanelScratch(int workerCount) => memory = (byte*)NativeMemory.AlignedAlloc((nuint)workerCount * WorkerBytes, Alignment);

    /// <summary>Frees the memory.</summary>
    ~PanelScratch() => NativeMemory.AlignedFree(memory);

    private static nuint WorkerBytes => ((nuint)sizeof(PanelBlocks) + Alignment - 1) / Alignment * Alignment;

    /// <summary>The memory of one worker.</summary>
    public PanelBlocks* Of(int worker) => (PanelBlocks*)(memory + ((nuint)worker * WorkerBytes));
}
