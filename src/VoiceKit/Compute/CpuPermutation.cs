namespace VoiceKit.Compute;

/// <summary>Reordering of dimensions.</summary>
internal static unsafe class CpuPermutation
{
    public const int MostDimensions = 8;

    public static void Permute(ReadOnlySpan<int> dimensions, ReadOnlySpan<int> order, float* source, float* destination)
    {
        var rank = dimensions.Length;
        if (rank == 0)
        {
            *destination = *source;
            return;
        }

        var sourceStrides = stackalloc int[MostDimensions];
        var strides = stackalloc int[MostDimensions];
        var lengths = stackalloc int[MostDimensions];
        var index = stackalloc int[MostDimensions];
        var stride = 1;
        for (var axis = rank - 1; axis >= 0; axis--)
        {
            sourceStrides[axis] = stride;
            stride *= dimensions[axis];
        }

        for (var axis = 0; axis < rank; axis++)
        {
            strides[axis] = sourceStrides[order[axis]];
            lengths[axis] = dimensions[order[axis]];
            index[axis] = 0;
        }

        // Dense rows of the destination; the source jumps by the stride of the last dimension.
        var (inner, step) = (lengths[rank - 1], strides[rank - 1]);
        var rows = inner == 0 ? 0 : stride / inner;
        var from = source;
        for (var row = 0; row < rows; row++, destination += inner)
        {
            if (step == 1)
            {
                new ReadOnlySpan<float>(from, inner).CopyTo(new Span<float>(destination, inner));
            }
            else
            {
                for (var i = 0; i < inner; i++)
                    destination[i] = from[(long)i * step];
            }

            for (var axis = rank - 2; axis >= 0; axis--)
            {
                from += strides[axis];
                if (++index[axis] < lengths[axis])
                    break;
                from -= (long)strides[axis] * lengths[axis];
                index[axis] = 0;
            }
        }
    }
}
