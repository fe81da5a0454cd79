using ILGPU;

namespace VoiceKit.Gpu.Kernels;

/// <summary>The sizes that the groups of a product share.</summary>
/// <param name="RowTiles">The tiles down.</param>
/// <param name="ColumnTiles">The tiles across.</param>
/// <param name="Inner">The terms of every sum.</param>
/// <param name="InnerPerSlice">The terms that a slice takes where slices share the sums; else as many as all.</param>
/// <param name="SlicesShareInner">Whether slices are parts of the sums, not products of their own.</param>
/// <param name="Accumulate">Whether to add to the destination.</param>
internal readonly record struct ProductTiles(
    int RowTiles,
    int ColumnTiles,
    int Inner,
    int InnerPerSlice,
    int SlicesShareInner,
    int Accumulate
)
{
    /// <summary>The tile of a group.</summary>
    public TilePlace Place(int group)
    {
        var rest = group / ColumnTiles;
        var slice = rest / RowTiles;
        return new TilePlace(slice, rest - (slice * RowTiles), group - (rest * ColumnTiles));
    }
}

/// <summary>A tile of a product: its slice, and its place in it.</summary>
internal readonly record struct TilePlace(int Slice, int Row, int Column);

/// <summary>
/// A product of matrices, each read through its operand: a group computes a tile, slab by slab of the inner index through shared memory,
/// each thread a block of 8 x 8 in registers. Each element is summed in the order of the inner index by one thread.
/// </summary>
internal static class ProductKernel
{
    private const int Block = 8,
        PitchPadding = 4;

    // Two slabs of both operands for the largest edge of 16: 8 rows of 128 with their padding.
    private const int MaxShared = 2 * 2 * 8 * ((16 * Block) + PitchPadding);

    /// <summary>One product, its slices parts of its sums or products of their own.</summary>
    public static void Multiply<TEdge, TLeft, TRight, TTarget>(
        ProductTiles tiles,
        TLeft left,
        TRight right,
        TTarget target,
        ArrayView<float> leftValues,
        ArrayView<float> rightValues,
        ArrayView<float> destination
    )
        where TEdge : unmanaged, IGroupEdge
        where TLeft : unmanaged, IProductOperand
        where TRight : unmanaged, IProductOperand
        where TTarget : unmanaged, IProductTarget
    {
        var place = tiles.Place(Grid.IdxX);
        var begin = tiles.SlicesShareInner != 0 ? place.Slice * tiles.InnerPerSlice : 0;
        var end = Math.Min(begin + tiles.InnerPerSlice, tiles.Inner);
        WriteTile<TEdge, TLeft, TRight, TTarget>(
            place,
            begin,
            end,
            tiles.Accumulate != 0,
            left,
            right,
            target,
            leftValues,
            rightValues,
            destination
        );
    }

    /// <summary>The products of all phases of a transposed convolution: the slices are the phases, each with sizes of its own.</summary>
    public static void MultiplyPhases<TEdge>(
        ProductTiles tiles,
        PhaseProducts phases,
        ArrayView<float> outputGradient,
        ArrayView<float> weights,
        ArrayView<float> inputGradient
    )
        where TEdge : unmanaged, IGroupEdge
    {
        var place = tiles.Place(Grid.IdxX);
        var (down, across) = (phases.Down(place.Slice), phases.Across(place.Slice));

        // The first phase has the most rows: a tile that another lacks sums nothing up.
        var isInside = place.Row * default(TEdge).Threads * Block < phases.Rows(down, across);
        var end = isInside ? phases.Inner(down, across) : 0;
        WriteTile<TEdge, PatchOperand, TapOperand, PhaseTarget>(
            place,
            0,
            end,
            false,
            phases.Patches(down, across),
            phases.Taps(down, across),
            phases.Target(down, across),
            outputGradient,
            weights,
            inputGradient
        );
    }

    /// <summary>The same for a few columns, of which a tile would be mostly empty: a thread an element, summed in the same order.</summary>
    public static void MultiplyThinPhases(
        Index1D index,
        int rows,
        int columns,
        PhaseProducts phases,
        ArrayView<float> outputGradient,
        ArrayView<float> weights,
        ArrayView<float> inputGradient
    )
    {
        var line = index / columns;
        var phase = line / rows;
        var (row, column) = (line - (phase * rows), index - (line * columns));
        var (down, across) = (phases.Down(phase), phases.Across(phase));
        var place = phases.Target(down, across).Place(0, row, column);
        if (place < 0)
            return;
        var (left, right) = (phases.Patches(down, across), phases.Taps(down, across));
        var (leftOuter, rightOuter) = (left.Outer(0, row), right.Outer(0, column));
        var inner = phases.Inner(down, across);
        var sum = 0f;
        for (var i = 0; i < inner; i++)
            sum += left.Read(outputGradient, leftOuter, left.Inner(i)) * right.Read(weights, rightOuter, right.Inner(i));
        inputGradient[place] = sum;
    }

    private static void WriteTile<TEdge, TLeft, TRight, TTarget>(
        TilePlace place,
        int begin,
        int end,
        bool accumulate,
        TLeft left,
        TRight right,
        TTarget target,
        ArrayView<float> leftValues,
        ArrayView<float> rightValues,
        ArrayView<float> destination
    )
        where TEdge : unmanaged, IGroupEdge
        where TLeft : unmanaged, IProductOperand
        where TRight : unmanaged, IProductOperand
        where TTarget : unmanaged, IProductTarget
    {
        var shared = SharedMemory.Allocate<float>(MaxShared);
        var edge = default(TEdge).Threads;
        var (tile, slab) = (edge * Block, edge / 2);
        var pitch = tile + PitchPadding;
        var operandLength = slab * pitch;
        var (slice, firstRow, firstColumn) = (place.Slice, place.Row * tile, place.Column * tile);

        // Which four elements of each operand's slab this thread brings.
        var (thread, threads) = (Group.IdxX, edge * edge);
        var (across, down) = (thread % edge, thread / edge);
        SlabPlace l0 = new(left.InnerIsDense, thread, tile, slab),
            l1 = new(left.InnerIsDense, thread + threads, tile, slab);
        SlabPlace l2 = new(left.InnerIsDense, thread + (2 * threads), tile, slab),
            l3 = new(left.InnerIsDense, thread + (3 * threads), tile, slab);
        SlabPlace r0 = new(right.InnerIsDense, thread, tile, slab),
            r1 = new(right.InnerIsDense, thread + threads, tile, slab);
        SlabPlace r2 = new(right.InnerIsDense, thread + (2 * threads), tile, slab),
            r3 = new(right.InnerIsDense, thread + (3 * threads), tile, slab);
        Cursor lc0 = left.Outer(slice, firstRow + l0.Outer),
            lc1 = left.Outer(slice, firstRow + l1.Outer);
        Cursor lc2 = left.Outer(slice, firstRow + l2.Outer),
            lc3 = left.Outer(slice, firstRow + l3.Outer);
        Cursor rc0 = right.Outer(slice, firstColumn + r0.Outer),
            rc1 = right.Outer(slice, firstColumn + r1.Outer);
        Cursor rc2 = right.Outer(slice, firstColumn + r2.Outer),
            rc3 = right.Outer(slice, firstColumn + r3.Outer);

        RowOfEight s0 = default,
            s1 = default,
            s2 = default,
            s3 = default,
            s4 = default,
            s5 = default,
            s6 = default,
            s7 = default;

        // The next slab is on its way from memory while this one is summed up.
        var lf = FetchFour(
            left,
            leftValues,
            lc0,
            lc1,
            lc2,
            lc3,
            begin + l0.Inner,
            begin + l1.Inner,
            begin + l2.Inner,
            begin + l3.Inner,
            end
        );
        var rf = FetchFour(
            right,
            rightValues,
            rc0,
            rc1,
            rc2,
            rc3,
            begin + r0.Inner,
            begin + r1.Inner,
            begin + r2.Inner,
            begin + r3.Inner,
            end
        );
        var buffer = 0;
        for (var inner = begin; inner < end; inner += slab)
        {
            var leftAt = buffer * 2 * operandLength;
            var rightAt = leftAt + operandLength;
            shared[leftAt + l0.In(pitch)] = lf.X0;
            shared[leftAt + l1.In(pitch)] = lf.X1;
            shared[leftAt + l2.In(pitch)] = lf.X2;
            shared[leftAt + l3.In(pitch)] = lf.X3;
            shared[rightAt + r0.In(pitch)] = rf.X0;
            shared[rightAt + r1.In(pitch)] = rf.X1;
            shared[rightAt + r2.In(pitch)] = rf.X2;
            shared[rightAt + r3.In(pitch)] = rf.X3;

            // One barrier is enough: the next slab goes to the other buffer.
            Group.Barrier();
            var next = inner + slab;
            lf = FetchFour(left, leftValues, lc0, lc1, lc2, lc3, next + l0.Inner, next + l1.Inner, next + l2.Inner, next + l3.Inner, end);
            rf = FetchFour(right, rightValues, rc0, rc1, rc2, rc3, next + r0.Inner, next + r1.Inner, next + r2.Inner, next + r3.Inner, end);
            for (var k = 0; k < slab; k++)
            {
                var b = RowOfEight.Load(shared, rightAt + (k * pitch) + across, edge);
                var a = leftAt + (k * pitch) + down;
                s0 = s0.Plus(shared[a], b);
                s1 = s1.Plus(shared[a + edge], b);
                s2 = s2.Plus(shared[a + (2 * edge)], b);
                s3 = s3.Plus(shared[a + (3 * edge)], b);
                s4 = s4.Plus(shared[a + (4 * edge)], b);
                s5 = s5.Plus(shared[a + (5 * edge)], b);
                s6 = s6.Plus(shared[a + (6 * edge)], b);
                s7 = s7.Plus(shared[a + (7 * edge)], b);
            }

            buffer = 1 - buffer;
        }

        var (row, column) = (firstRow + down, firstColumn + across);
        s0.Store(destination, target, slice, row, column, edge, accumulate);
        s1.Store(destination, target, slice, row + edge, column, edge, accumulate);
        s2.Store(destination, target, slice, row + (2 * edge), column, edge, accumulate);
        s3.Store(destination, target, slice, row + (3 * edge), column, edge, accumulate);
        s4.Store(destination, target, slice, row + (4 * edge), column, edge, accumulate);
        s5.Store(destination, target, slice, row + (5 * edge), column, edge, accumulate);
        s6.Store(destination, target, slice, row + (6 * edge), column, edge, accumulate);
        s7.Store(destination, target, slice, row + (7 * edge), column, edge, accumulate);
    }

    private static FourElements FetchFour<TOperand>(
        TOperand operand,
        ArrayView<float> values,
        Cursor outer0,
        Cursor outer1,
        Cursor outer2,
        Cursor outer3,
        int inner0,
        int inner1,
        int inner2,
        int inner3,
        int end
    )
        where TOperand : unmanaged, IProductOperand =>
        new(
            Fetch(operand, values, outer0, inner0, end),
            Fetch(operand, values, outer1, inner1, end),
            Fetch(operand, values, outer2, inner2, end),
            Fetch(operand, values, outer3, inner3, end)
        );

    private static float Fetch<TOperand>(TOperand operand, ArrayView<float> values, Cursor outer, int inner, int end)
        where TOperand : unmanaged, IProductOperand => inner < end ? operand.Read(values, outer, operand.Inner(inner)) : 0;

    /// <summary>A thread's part of an operand's slab.</summary>
    private readonly struct FourElements(float x0, float x1, float x2, float x3)
    {
        public float X0 => x0;

        public float X1 => x1;

        public float X2 => x2;

        public float X3 => x3;
    }

    /// <summary>An element of a slab, numbered along what is dense in memory.</summary>
    private readonly struct SlabPlace(bool innerIsDense, int number, int tile, int slab)
    {
        public int Outer => innerIsDense ? number / slab : number % tile;

        public int Inner => innerIsDense ? number % slab : number / tile;

        public int In(int pitch) => (Inner * pitch) + Outer;
    }
}

/// <summary>Eight sums that a thread holds in registers: a row of its block of the product.</summary>
internal readonly struct RowOfEight(float x0, float x1, float x2, float x3, float x4, float x5, float x6, float x7)
{
    private readonly float x0 = x0,
        x1 = x1,
        x2 = x2,
        x3 = x3,
        x4 = x4,
        x5 = x5,
        x6 = x6,
        x7 = x7;

    /// <summary>Eight numbers at a distance: neighbouring threads read neighbouring banks.</summary>
    public static RowOfEight Load(ArrayView<float> values, int first, int distance) =>
        new(
            values[first],
            values[first + distance],
            values[first + (2 * distance)],
            values[first + (3 * distance)],
            values[first + (4 * distance)],
            values[first + (5 * distance)],
            values[first + (6 * distance)],
            values[first + (7 * distance)]
        );

    /// <summary>This row and a multiple of another.</summary>
    public RowOfEight Plus(float factor, RowOfEight other) =>
        new(
            x0 + (factor * other.x0),
            x1 + (factor * other.x1),
            x2 + (factor * other.x2),
            x3 + (factor * other.x3),
            x4 + (factor * other.x4),
            x5 + (factor * other.x5),
            x6 + (factor * other.x6),
            x7 + (factor * other.x7)
        );

    /// <summary>Stores the row, or adds it to what is there.</summary>
    public void Store<TTarget>(ArrayView<float> destination, TTarget target, int slice, int row, int column, int distance, bool accumulate)
        where TTarget : unmanaged, IProductTarget
    {
        Store(destination, target.Place(slice, row, column), x0, accumulate);
        Store(destination, target.Place(slice, row, column + distance), x1, accumulate);
        Store(destination, target.Place(slice, row, column + (2 * distance)), x2, accumulate);
        Store(destination, target.Place(slice, row, column + (3 * distance)), x3, accumulate);
        Store(destination, target.Place(slice, row, column + (4 * distance)), x4, accumulate);
        Store(destination, target.Place(slice, row, column + (5 * distance)), x5, accumulate);
        Store(destination, target.Place(slice, row, column + (6 * distance)), x6, accumulate);
        Store(destination, target.Place(slice, row, column + (7 * distance)), x7, accumulate);
    }

    private static void Store(ArrayView<float> destination, int place, float value, bool accumulate)
    {
        if (place >= 0)
            destination[place] = accumulate ? destination[place] + value : value;
    }
}

/// <summary>The threads along the edge of a group of a product: a type, so that it is a constant for the compiler of the kernel.</summary>
internal interface IGroupEdge
{
    int Threads { get; }
}

/// <summary>256 threads, tiles of 128 x 128: the most arithmetic for what is read.</summary>
internal readonly struct LargeEdge : IGroupEdge
{
    public int Threads => 16;
}

/// <summary>64 threads, tiles of 64 x 64: enough groups for small products.</summary>
internal readonly struct MiddleEdge : IGroupEdge
{
    public int Threads => 8;
}

/// <summary>16 threads, tiles of 32 x 32: what the simulator can do.</summary>
internal readonly struct SmallEdge : IGroupEdge
{
    public int Threads => 4;
}
