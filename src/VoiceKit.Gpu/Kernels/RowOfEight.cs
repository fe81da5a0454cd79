using ILGPU;

namespace VoiceKit.Gpu.Kernels;

/// <summary>Eight sums that a thread holds in registers: a row of its block of the product.</summary>
internal readonly struct RowOfEight(float x0, float x1, float x2, float x3, float x4, float x5, float x6, float x7)
{
    private readonly float x0 = x0, x1 = x1, x2 = x2, x3 = x3, x4 = x4, x5 = x5, x6 = x6, x7 = x7;

    /// <summary>Eight numbers at a distance: neighbouring threads read neighbouring banks.</summary>
    public static RowOfEight Load(ArrayView<float> values, int first, int distance) => new(
        values[first],
        values[first + distance],
        values[first + (2 * distance)],
        values[first + (3 * distance)],
        values[first + (4 * distance)],
        values[first + (5 * distance)],
        values[first + (6 * distance)],
        values[first + (7 * distance)]);

    /// <summary>This row and a multiple of another.</summary>
    public RowOfEight Plus(float factor, RowOfEight other) => new(
        x0 + (factor * other.x0),
        x1 + (factor * other.x1),
        x2 + (factor * other.x2),
        x3 + (factor * other.x3),
        x4 + (factor * other.x4),
        x5 + (factor * other.x5),
        x6 + (factor * other.x6),
        x7 + (factor * other.x7));

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
