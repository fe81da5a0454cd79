using ILGPU;

namespace VoiceKit.Gpu.Kernels;

/// <summary>Four sums in double precision that a thread holds in registers: a row of its block of a product.</summary>
internal readonly struct RowOfFour(double x0, double x1, double x2, double x3)
{
    private readonly double x0 = x0, x1 = x1, x2 = x2, x3 = x3;

    /// <summary>The sum of the squares.</summary>
    public double SquaredNorm => (x0 * x0) + (x1 * x1) + (x2 * x2) + (x3 * x3);

    /// <summary>Four numbers at a distance: neighbouring threads read neighbouring banks.</summary>
    public static RowOfFour Load(ArrayView<double> values, int first, int distance) =>
        new(values[first], values[first + distance], values[first + (2 * distance)], values[first + (3 * distance)]);

    /// <summary>This row and a multiple of another.</summary>
    public RowOfFour Plus(double factor, RowOfFour other) =>
        new(x0 + (factor * other.x0), x1 + (factor * other.x1), x2 + (factor * other.x2), x3 + (factor * other.x3));

    /// <summary>Adds the row to a row of a square matrix, as far as the columns are within its order.</summary>
    public void AddTo(ArrayView<double> destination, long matrix, int order, int row, int column, int distance)
    {
        if (row >= order)
            return;
        var place = matrix + ((long)row * order);
        Add(destination, place, order, column, x0);
        Add(destination, place, order, column + distance, x1);
        Add(destination, place, order, column + (2 * distance), x2);
        Add(destination, place, order, column + (3 * distance), x3);
    }

    private static void Add(ArrayView<double> destination, long place, int order, int column, double value)
    {
        if (column < order)
            destination[place + column] += value;
    }
}
