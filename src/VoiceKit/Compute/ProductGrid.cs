namespace VoiceKit.Compute;

/// <summary>How a product is cut into parts for the workers: each product of a batch into rows of areas and columns of areas.</summary>
/// <param name="BatchCount">The number of products.</param>
/// <param name="Down">The areas from top to bottom.</param>
/// <param name="Across">The areas from left to right.</param>
internal readonly record struct ProductGrid(int BatchCount, int Down, int Across)
{
    // Several parts a thread: other programs may hold one thread up while the others go on.
    private const int PartsPerThread = 4;

    // Handing a part over costs about a microsecond; this many products take tens of them.
    private const double LeastProducts = 1 << 19;

    /// <summary>The number of parts.</summary>
    public int PartCount => BatchCount * Down * Across;

    /// <summary>The grid for a product.</summary>
    public static ProductGrid For(in MatrixProduct product, int threadCount)
    {
        if (product.Rows <= 0 || product.Columns <= 0 || product.BatchCount <= 0)
            return default;
        var products = (double)product.Rows * product.Columns * Math.Max(1, product.Inner);
        var parts = threadCount == 1 ? 1 : Math.Min(Math.Ceiling((double)threadCount * PartsPerThread / product.BatchCount), products / LeastProducts);
        if (parts <= 1)
            return new ProductGrid(product.BatchCount, 1, 1);

        // Every area reads its rows of the one matrix and its columns of the other: what is read in all shall be least.
        var rowPanels = Panels(product.Rows, TileKernel.Rows);
        var columnPanels = Panels(product.Columns, TileKernel.Columns);
        var best = new ProductGrid(product.BatchCount, 1, 1);
        var bestCost = double.MaxValue;
        for (var across = 1; across <= Math.Min(columnPanels, (int)parts); across++)
        {
            var down = Math.Min(rowPanels, (int)parts / across);
            var cost = ((double)down * product.Columns) + ((double)across * product.Rows);

            // Too few areas leave threads without work, which is worse than any reading.
            cost += ((int)parts - (down * across)) * ((double)product.Columns + product.Rows);
            if (cost < bestCost)
                (best, bestCost) = (new ProductGrid(product.BatchCount, down, across), cost);
        }

        return best;
    }

    /// <summary>The area of a part, whole tiles but at the product's end.</summary>
    public ProductArea Area(int part, in MatrixProduct product)
    {
        var (batch, area) = int.DivRem(part, Down * Across);
        var (down, across) = int.DivRem(area, Across);
        return new ProductArea(
            batch,
            Bound(down, Down, product.Rows, TileKernel.Rows),
            Bound(down + 1, Down, product.Rows, TileKernel.Rows),
            Bound(across, Across, product.Columns, TileKernel.Columns),
            Bound(across + 1, Across, product.Columns, TileKernel.Columns));
    }

    private static int Panels(int count, int size) => (int)(((long)count + size - 1) / size);

    private static int Bound(int index, int areas, int count, int size) => (int)Math.Min(count, (long)Panels(count, size) * index / areas * size);
}

/// <summary>Part of a product: rows and columns from the first up to, and without, the end.</summary>
internal readonly record struct ProductArea(int Batch, int FirstRow, int EndRow, int FirstColumn, int EndColumn);
