using ILGPU;

namespace VoiceKit.Gpu.Kernels;

/// <summary>
/// The dimensions of a permutation's result, outermost first, and the strides of the source along them. Fewer than eight are filled up with
/// length 1.
/// </summary>
internal readonly struct PermutationPlaces
{
    public const int MaxDimensions = 8;

    private readonly int length1,
        length2,
        length3,
        length4,
        length5,
        length6,
        length7;
    private readonly int stride0,
        stride1,
        stride2,
        stride3,
        stride4,
        stride5,
        stride6,
        stride7;

    public PermutationPlaces(ReadOnlySpan<int> dimensions, ReadOnlySpan<int> order)
    {
        Span<int> sourceStrides = stackalloc int[MaxDimensions],
            lengths = stackalloc int[MaxDimensions],
            strides = stackalloc int[MaxDimensions];
        var stride = 1;
        for (var axis = dimensions.Length - 1; axis >= 0; axis--)
        {
            sourceStrides[axis] = stride;
            stride *= dimensions[axis];
        }

        lengths.Fill(1);
        for (var axis = 0; axis < order.Length; axis++)
        {
            var place = MaxDimensions - order.Length + axis;
            lengths[place] = dimensions[order[axis]];
            strides[place] = sourceStrides[order[axis]];
        }

        (length1, length2, length3, length4, length5, length6, length7) = (
            lengths[1],
            lengths[2],
            lengths[3],
            lengths[4],
            lengths[5],
            lengths[6],
            lengths[7]
        );
        (stride0, stride1, stride2, stride3) = (strides[0], strides[1], strides[2], strides[3]);
        (stride4, stride5, stride6, stride7) = (strides[4], strides[5], strides[6], strides[7]);
    }

    public int Source(int index)
    {
        var place = Take(ref index, length7, stride7);
        place += Take(ref index, length6, stride6);
        place += Take(ref index, length5, stride5);
        place += Take(ref index, length4, stride4);
        place += Take(ref index, length3, stride3);
        place += Take(ref index, length2, stride2);
        place += Take(ref index, length1, stride1);
        return place + (index * stride0);
    }

    private static int Take(ref int index, int length, int stride)
    {
        if (length == 1)
            return 0;
        var rest = index / length;
        var place = (index - (rest * length)) * stride;
        index = rest;
        return place;
    }
}

/// <summary>The kernel of permutations.</summary>
internal static class PermutationKernel
{
    public static void Permute(Index1D index, PermutationPlaces places, ArrayView<float> source, ArrayView<float> destination) =>
        destination[index] = source[places.Source(index)];
}
