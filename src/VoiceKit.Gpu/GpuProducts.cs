using ILGPU;
using VoiceKit.Devices;
using VoiceKit.Gpu.Kernels;

namespace VoiceKit.Gpu;

/// <summary>Launches products: chooses the tiles, and shares long sums among groups where the result alone has too few tiles.</summary>
internal sealed class GpuProducts(GpuProgram program, MemoryPool pool, GpuSums sums)
{
    private const int LargeTile = 128,
        MiddleTile = 64,
        SmallTile = 32;

    private const int ThinColumns = 4;

    // A slice of a sum should be worth the group that computes it, and the memory of its result.
    private const int MinInnerPerSlice = 128,
        MaxSlices = 512;

    // So that each multiprocessor has 512 threads: two groups of large tiles, or eight of middle ones.
    private const int LargeGroups = 2,
        MiddleGroups = 8;

    private readonly int multiprocessors = Math.Max(1, program.Accelerator.NumMultiprocessors);

    /// <summary>Products of matrices in memory.</summary>
    public void Multiply(in MatrixProduct product, ArrayView<float> left, ArrayView<float> right, ArrayView<float> destination)
    {
        var (rows, inner, columns) = (product.Rows, product.Inner, product.Columns);

        // The slices of a single product are parts of its sums, in the same matrices.
        var (leftStep, rightStep) = product.BatchCount == 1 ? (0, 0) : (rows * inner, inner * columns);
        var leftOperand = product.TransposeLeft
            ? new MatrixOperand(rows, inner, 1, rows, leftStep)
            : new MatrixOperand(rows, inner, inner, 1, leftStep);
        var rightOperand = product.TransposeRight
            ? new MatrixOperand(columns, inner, inner, 1, rightStep)
            : new MatrixOperand(columns, inner, 1, columns, rightStep);
        Run(product, leftOperand, rightOperand, new MatrixTarget(rows, columns), left, right, destination);
    }

    /// <summary>One product whose operands may be anything; its sums can be shared, as the destination is a matrix.</summary>
    public void Run<TLeft, TRight>(
        in MatrixProduct product,
        TLeft left,
        TRight right,
        MatrixTarget target,
        ArrayView<float> leftValues,
        ArrayView<float> rightValues,
        ArrayView<float> destination
    )
        where TLeft : unmanaged, IProductOperand
        where TRight : unmanaged, IProductOperand
    {
        var slices = product.BatchCount == 1 ? Slices(product) : 1;
        if (slices == 1)
        {
            Launch(product, 1, left, right, target, leftValues, rightValues, destination);
            return;
        }

        using var partial = pool.Rent(checked(slices * product.Rows * product.Columns));
        var view = partial.View(0, partial.Length);
        Launch(product with { Accumulate = false }, slices, left, right, target, leftValues, rightValues, view);
        sums.AddSlices(slices, product.Accumulate, view, destination);
    }

    /// <summary>A product whose result goes anywhere.</summary>
    public void Launch<TLeft, TRight, TTarget>(
        in MatrixProduct product,
        int slices,
        TLeft left,
        TRight right,
        TTarget target,
        ArrayView<float> leftValues,
        ArrayView<float> rightValues,
        ArrayView<float> destination
    )
        where TLeft : unmanaged, IProductOperand
        where TRight : unmanaged, IProductOperand
        where TTarget : unmanaged, IProductTarget
    {
        if (product.Rows == 0 || product.Columns == 0 || product.BatchCount == 0)
            return;
        switch (TileFor(product))
        {
            case LargeTile:
                Launch<LargeEdge, TLeft, TRight, TTarget>(product, slices, left, right, target, leftValues, rightValues, destination);
                break;
            case MiddleTile:
                Launch<MiddleEdge, TLeft, TRight, TTarget>(product, slices, left, right, target, leftValues, rightValues, destination);
                break;
            default:
                Launch<SmallEdge, TLeft, TRight, TTarget>(product, slices, left, right, target, leftValues, rightValues, destination);
                break;
        }
    }

    /// <summary>A transposed convolution: the products of all its phases in one launch.</summary>
    public void Launch(
        in PhaseProducts phases,
        int columns,
        ArrayView<float> outputGradient,
        ArrayView<float> weights,
        ArrayView<float> inputGradient
    )
    {
        if (phases.Count == 0)
            return;
        var (down, across) = (phases.Down(0), phases.Across(0));
        var first = new MatrixProduct(phases.Rows(down, across), phases.Inner(down, across), columns, BatchCount: phases.Count);
        if (first.Rows == 0 || columns == 0)
            return;
        if (columns <= ThinColumns)
        {
            program.ThinPhases(
                checked(phases.Count * first.Rows * columns),
                first.Rows,
                columns,
                phases,
                outputGradient,
                weights,
                inputGradient
            );
            return;
        }

        switch (TileFor(first))
        {
            case LargeTile:
                Launch<LargeEdge>(first, phases, outputGradient, weights, inputGradient);
                break;
            case MiddleTile:
                Launch<MiddleEdge>(first, phases, outputGradient, weights, inputGradient);
                break;
            default:
                Launch<SmallEdge>(first, phases, outputGradient, weights, inputGradient);
                break;
        }
    }

    private void Launch<TEdge>(
        in MatrixProduct first,
        PhaseProducts phases,
        ArrayView<float> outputGradient,
        ArrayView<float> weights,
        ArrayView<float> inputGradient
    )
        where TEdge : unmanaged, IGroupEdge
    {
        var (edge, groups, tiles) = Tiles<TEdge>(first, 1);
        program.PhaseProducts<TEdge>()(new KernelConfig(groups, edge * edge), tiles, phases, outputGradient, weights, inputGradient);
    }

    private void Launch<TEdge, TLeft, TRight, TTarget>(
        in MatrixProduct product,
        int slices,
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
        var (edge, groups, tiles) = Tiles<TEdge>(product, slices);
        program.Product<TEdge, TLeft, TRight, TTarget>()(
            new KernelConfig(groups, edge * edge),
            tiles,
            left,
            right,
            target,
            leftValues,
            rightValues,
            destination
        );
    }

    private static (int Edge, int Groups, ProductTiles Tiles) Tiles<TEdge>(in MatrixProduct product, int slices)
        where TEdge : unmanaged, IGroupEdge
    {
        var edge = default(TEdge).Threads;
        var tile = edge * 8;
        var (rowTiles, columnTiles) = (Tiles(product.Rows, tile), Tiles(product.Columns, tile));
        var perSlice = slices == 1 ? product.Inner : InnerPerSlice(product.Inner, slices);
        var tiles = new ProductTiles(rowTiles, columnTiles, product.Inner, perSlice, slices > 1 ? 1 : 0, product.Accumulate ? 1 : 0);
        return (edge, checked(rowTiles * columnTiles * slices * product.BatchCount), tiles);
    }

    private static int Tiles(int length, int tile) => (int)(((long)length + tile - 1) / tile);

    private static int InnerPerSlice(int inner, int slices) => (int)(((long)inner + slices - 1) / slices);

    private static long TileCount(in MatrixProduct product, int tile) =>
        (long)Tiles(product.Rows, tile) * Tiles(product.Columns, tile) * product.BatchCount;

    private int TileFor(in MatrixProduct product)
    {
        var threads = program.Accelerator.MaxNumThreadsPerGroup;
        if (threads < 64)
            return SmallTile;
        return threads >= 256 && TileCount(product, LargeTile) >= LargeGroups * multiprocessors ? LargeTile : MiddleTile;
    }

    private int Slices(in MatrixProduct product)
    {
        var tile = TileFor(product);
        var (tiles, groupsWanted) = (TileCount(product, tile), (tile == LargeTile ? LargeGroups : MiddleGroups) * multiprocessors);
        if (tiles == 0 || tiles >= groupsWanted)
            return 1;
        var slices = (int)Math.Min(Math.Min(MaxSlices, groupsWanted / tiles), product.Inner / MinInnerPerSlice);
        return slices * (long)product.Rows * product.Columns <= int.MaxValue ? Math.Max(slices, 1) : 1;
    }
}

/// <summary>Convolutions as matrix products that read their patches in the maps.</summary>
internal sealed class GpuConvolution(GpuProducts products)
{
    public void Forward(ConvolutionShape shape, ArrayView<float> input, ArrayView<float> weights, ArrayView<float> output)
    {
        var (places, patch) = Sizes(shape);
        var product = new MatrixProduct(places, patch, shape.OutputChannels);
        products.Run(
            product,
            Patches(shape),
            new MatrixOperand(shape.OutputChannels, patch, 1, shape.OutputChannels, 0),
            new MatrixTarget(places, shape.OutputChannels),
            input,
            weights,
            output
        );
    }

    public void InputGradient(
        ConvolutionShape shape,
        ArrayView<float> outputGradient,
        ArrayView<float> weights,
        ArrayView<float> inputGradient
    ) => products.Launch(new PhaseProducts(shape), shape.InputChannels, outputGradient, weights, inputGradient);

    public void WeightGradient(
        ConvolutionShape shape,
        ArrayView<float> input,
        ArrayView<float> outputGradient,
        ArrayView<float> weightGradient
    )
    {
        var (places, patch) = Sizes(shape);
        var product = new MatrixProduct(patch, places, shape.OutputChannels);
        products.Run(
            product,
            new TransposedOperand<PatchOperand>(Patches(shape)),
            new MatrixOperand(shape.OutputChannels, places, 1, shape.OutputChannels, 0),
            new MatrixTarget(patch, shape.OutputChannels),
            input,
            outputGradient,
            weightGradient
        );
    }

    private static (int Places, int Patch) Sizes(ConvolutionShape shape) =>
        (shape.Batch * shape.OutputHeight * shape.OutputWidth, shape.KernelHeight * shape.KernelWidth * shape.InputChannels);

    private static PatchOperand Patches(ConvolutionShape shape) =>
        new(
            shape.Batch,
            shape.Height,
            shape.Width,
            shape.InputChannels,
            new Divider(shape.InputChannels),
            new PatchAxis(shape.OutputHeight, shape.StrideHeight, -shape.PaddingHeight, shape.KernelHeight),
            new PatchAxis(shape.OutputWidth, shape.StrideWidth, -shape.PaddingWidth, shape.KernelWidth)
        );
}
