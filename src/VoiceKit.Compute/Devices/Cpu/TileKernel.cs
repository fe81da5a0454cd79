using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VoiceKit.Devices;

/// <summary>The innermost loop of all products: a tile of 6 x 16 sums, which stay in twelve of the sixteen vector registers.</summary>
internal static unsafe class TileKernel
{
    /// <summary>The rows of a tile.</summary>
    public const int Rows = 6;

    /// <summary>The columns of a tile.</summary>
    public const int Columns = 16;

    /// <summary>Sums count products for each place of the tile, in their order.</summary>
    /// <param name="count">How many products a sum has.</param>
    /// <param name="left">Where the left matrix's six rows begin.</param>
    /// <param name="leftStep">The distance from one value of such a row to the next.</param>
    /// <param name="right">Where the sixteen columns of the right matrix begin.</param>
    /// <param name="rightStep">The distance from one row of them to the next.</param>
    /// <param name="target">Where the six rows of sums go.</param>
    /// <param name="accumulate">Whether the sums are added to what is there.</param>
    // Compiled fully at once: short runs would end before the runtime replaced the first version of the loop.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(nint count, float** left, nint leftStep, float* right, nint rightStep, float** target, bool accumulate)
    {
        float* a0 = left[0],
            a1 = left[1],
            a2 = left[2],
            a3 = left[3],
            a4 = left[4],
            a5 = left[5];
        Vector256<float> s00 = default,
            s01 = default,
            s10 = default,
            s11 = default,
            s20 = default,
            s21 = default;
        Vector256<float> s30 = default,
            s31 = default,
            s40 = default,
            s41 = default,
            s50 = default,
            s51 = default;
        for (nint i = 0; count > 0; count--)
        {
            var b0 = Vector256.Load(right);
            var b1 = Vector256.Load(right + 8);
            var a = Vector256.Create(a0[i]);
            s00 = Vector256.MultiplyAddEstimate(a, b0, s00);
            s01 = Vector256.MultiplyAddEstimate(a, b1, s01);
            a = Vector256.Create(a1[i]);
            s10 = Vector256.MultiplyAddEstimate(a, b0, s10);
            s11 = Vector256.MultiplyAddEstimate(a, b1, s11);
            a = Vector256.Create(a2[i]);
            s20 = Vector256.MultiplyAddEstimate(a, b0, s20);
            s21 = Vector256.MultiplyAddEstimate(a, b1, s21);
            a = Vector256.Create(a3[i]);
            s30 = Vector256.MultiplyAddEstimate(a, b0, s30);
            s31 = Vector256.MultiplyAddEstimate(a, b1, s31);
            a = Vector256.Create(a4[i]);
            s40 = Vector256.MultiplyAddEstimate(a, b0, s40);
            s41 = Vector256.MultiplyAddEstimate(a, b1, s41);
            a = Vector256.Create(a5[i]);
            s50 = Vector256.MultiplyAddEstimate(a, b0, s50);
            s51 = Vector256.MultiplyAddEstimate(a, b1, s51);
            i += leftStep;
            right += rightStep;
        }

        Store(target[0], s00, s01, accumulate);
        Store(target[1], s10, s11, accumulate);
        Store(target[2], s20, s21, accumulate);
        Store(target[3], s30, s31, accumulate);
        Store(target[4], s40, s41, accumulate);
        Store(target[5], s50, s51, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* target, Vector256<float> x, Vector256<float> y, bool accumulate)
    {
        if (accumulate)
        {
            x += Vector256.Load(target);
            y += Vector256.Load(target + 8);
        }

        x.Store(target);
        y.Store(target + 8);
    }
}

/// <summary>The parts of a product for the workers: each product of a batch is cut into rows and columns of areas.</summary>
/// <param name="BatchCount">The number of products.</param>
/// <param name="Down">The areas from top to bottom.</param>
/// <param name="Across">The areas from left to right.</param>
internal readonly record struct ProductGrid(int BatchCount, int Down, int Across)
{
    // Several parts a thread: other programs may hold one thread up while the others go on.
    private const int PartsPerThread = 4;

    // Handing a part over costs about a microsecond; this many products take tens of them.
    private const double MinProducts = 1 << 19;

    /// <summary>Gets the number of parts.</summary>
    public int PartCount => BatchCount * Down * Across;

    /// <summary>The grid for a product.</summary>
    public static ProductGrid For(in MatrixProduct product, int threadCount)
    {
        if (product.Rows <= 0 || product.Columns <= 0 || product.BatchCount <= 0)
            return default;
        var products = (double)product.Rows * product.Columns * Math.Max(1, product.Inner);
        var parts =
            threadCount == 1
                ? 1
                : Math.Min(Math.Ceiling((double)threadCount * PartsPerThread / product.BatchCount), products / MinProducts);
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
            Bound(across + 1, Across, product.Columns, TileKernel.Columns)
        );
    }

    private static int Panels(int count, int size) => (int)(((long)count + size - 1) / size);

    private static int Bound(int index, int areas, int count, int size) =>
        (int)Math.Min(count, (long)Panels(count, size) * index / areas * size);
}

/// <summary>Part of a product: rows and columns from the first up to, and without, the end.</summary>
internal readonly record struct ProductArea(int Batch, int FirstRow, int EndRow, int FirstColumn, int EndColumn);
