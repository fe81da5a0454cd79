using ILGPU;

namespace VoiceKit.Gpu.Kernels;

/// <summary>Kernels along rows: of one thread a row where rows are short, of one group a row where they are long.</summary>
internal static class RowKernels
{
    /// <summary>Up to this length a thread goes along a row alone.</summary>
    public const int ShortColumns = 128;

    public static void SoftmaxOfShortRows(Index1D row, int columns, ArrayView<float> x, ArrayView<float> destination)
    {
        int first = row * columns;
        var largest = x[first];
        for (var i = 1; i < columns; i++)
            largest = SumKernels.Larger(largest, x[first + i]);
        var total = 0f;
        for (var i = 0; i < columns; i++)
        {
            var value = DeviceMath.Exp(x[first + i] - largest);
            destination[first + i] = value;
            total += value;
        }

        var scale = 1 / total;
        for (var i = 0; i < columns; i++)
            destination[first + i] *= scale;
    }

    public static void SoftmaxOfLongRows(int columns, ArrayView<float> x, ArrayView<float> destination)
    {
        var shared = SharedMemory.Allocate<float>(SumKernels.MaxThreads);
        var first = Grid.IdxX * columns;
        var largest = float.NegativeInfinity;
        for (var i = Group.IdxX; i < columns; i += Group.DimX)
            largest = SumKernels.Larger(largest, x[first + i]);
        largest = SumKernels.GroupMaximum(shared, largest);
        var total = 0f;
        for (var i = Group.IdxX; i < columns; i += Group.DimX)
        {
            var value = DeviceMath.Exp(x[first + i] - largest);
            destination[first + i] = value;
            total += value;
        }

        var scale = 1 / SumKernels.GroupSum(shared, total);
        for (var i = Group.IdxX; i < columns; i += Group.DimX)
            destination[first + i] *= scale;
    }

    /// <summary>A row with an undefined number has no largest one: all zeros.</summary>
    public static void OneHotOfMaximum(Index1D row, int columns, ArrayView<float> x, ArrayView<float> destination)
    {
        int first = row * columns;
        var (largest, place, defined) = (x[first], 0, true);
        for (var i = 0; i < columns; i++)
        {
            var value = x[first + i];
            defined &= !float.IsNaN(value);
            if (value > largest)
            {
                largest = value;
                place = i;
            }
        }

        for (var i = 0; i < columns; i++)
            destination[first + i] = defined && i == place ? 1 : 0;
    }
}
