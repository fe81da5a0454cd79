using System.Runtime.Intrinsics;

namespace VoiceKit.Devices;

/// <summary>Sums over spans of floats, and what goes along rows, in a fixed order.</summary>
internal static unsafe class CpuReductions
{
    /// <summary>The sum of x[0 .. length).</summary>
    public static float Sum(float* x, int length)
    {
        Vector256<float> s0 = default,
            s1 = default,
            s2 = default,
            s3 = default;
        var i = 0;
        for (; i <= length - 32; i += 32)
        {
            s0 += Vector256.Load(x + i);
            s1 += Vector256.Load(x + i + 8);
            s2 += Vector256.Load(x + i + 16);
            s3 += Vector256.Load(x + i + 24);
        }

        for (; i <= length - 8; i += 8)
            s0 += Vector256.Load(x + i);
        var sum = Vector256.Sum(s0 + s1 + (s2 + s3));
        for (; i < length; i++)
            sum += x[i];
        return sum;
    }

    /// <summary>The largest of x[0 .. length), length at least 1.</summary>
    public static float Max(float* x, int length)
    {
        var max = x[0];
        var i = 0;
        if (length >= 8)
        {
            var lanes = Vector256.Load(x);
            for (i = 8; i <= length - 8; i += 8)
                lanes = Vector256.Max(lanes, Vector256.Load(x + i));
            for (var lane = 0; lane < 8; lane++)
                max = MathF.Max(max, lanes[lane]);
        }

        for (; i < length; i++)
            max = MathF.Max(max, x[i]);
        return max;
    }

    /// <summary>One row of softmax.</summary>
    public static void Softmax(float* x, float* z, int length)
    {
        CpuElementwise.Apply(new UnaryFunction(UnaryKind.Affine, 1, -Max(x, length)), x, z, length);
        CpuElementwise.Apply(new UnaryFunction(UnaryKind.Exp), z, z, length);
        CpuElementwise.Apply(new UnaryFunction(UnaryKind.Affine, 1 / Sum(z, length)), z, z, length);
    }

    /// <summary>1 at the first largest element, 0 elsewhere.</summary>
    public static void OneHotOfMaximum(float* x, float* z, int length)
    {
        var max = Max(x, length);
        var found = false;
        for (var i = 0; i < length; i++)
        {
            var here = !found && x[i] == max;
            z[i] = here ? 1 : 0;
            found |= here;
        }
    }
}

/// <summary>Reordering of dimensions.</summary>
internal static unsafe class CpuPermutation
{
    public const int MaxDimensions = 8;

    public static void Permute(ReadOnlySpan<int> dimensions, ReadOnlySpan<int> order, float* source, float* destination)
    {
        var rank = dimensions.Length;
        if (rank == 0)
        {
            *destination = *source;
            return;
        }

        var sourceStrides = stackalloc int[MaxDimensions];
        var strides = stackalloc int[MaxDimensions];
        var lengths = stackalloc int[MaxDimensions];
        var index = stackalloc int[MaxDimensions];
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
