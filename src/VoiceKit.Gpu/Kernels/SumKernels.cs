using ILGPU;
using VoiceKit.Devices;

namespace VoiceKit.Gpu.Kernels;

/// <summary>Sums in a fixed order: each of them by one thread, or by the threads of one group; never by additions that race.</summary>
internal static class SumKernels
{
    /// <summary>The threads of a group at most.</summary>
    public const int MaxThreads = 256;

    /// <summary>A thread a sum, or a part of one: partial[part, sum]. Neighbouring threads read neighbouring sums.</summary>
    public static void ByThreads(
        Index1D index,
        SumPlaces places,
        int sums,
        int termsPerPart,
        ArrayView<float> source,
        ArrayView<float> partial
    )
    {
        var part = index / sums;
        var first = places.First(index - (part * sums));
        var end = Math.Min((part + 1) * termsPerPart, places.Count);
        var total = 0f;
        for (var term = part * termsPerPart; term < end; term++)
            total += source[first + places.Offset(term)];
        partial[index] = total;
    }

    /// <summary>A group a sum, or a part of one. Neighbouring threads read neighbouring terms.</summary>
    public static void ByGroups(SumPlaces places, int sums, int termsPerPart, ArrayView<float> source, ArrayView<float> partial)
    {
        var shared = SharedMemory.Allocate<float>(MaxThreads);
        var part = Grid.IdxX / sums;
        var first = places.First(Grid.IdxX - (part * sums));
        var end = Math.Min((part + 1) * termsPerPart, places.Count);
        var total = 0f;
        for (var term = (part * termsPerPart) + Group.IdxX; term < end; term += Group.DimX)
            total += source[first + places.Offset(term)];
        total = GroupSum(shared, total);
        if (Group.IdxX == 0)
            partial[Grid.IdxX] = total;
    }

    /// <summary>
    /// Adds up slices of some length that lie one after the other, so many at a time: destination[part, i]; and what the destination has,
    /// where asked to.
    /// </summary>
    public static void AddSlices(
        Index1D index,
        int length,
        int slices,
        int slicesPerPart,
        int accumulate,
        ArrayView<float> partial,
        ArrayView<float> destination
    )
    {
        var part = index / length;
        var end = Math.Min((part + 1) * slicesPerPart, slices);
        var total = accumulate != 0 ? destination[index] : 0;
        for (var slice = part * slicesPerPart; slice < end; slice++)
            total += partial[(slice * length) + index - (part * length)];
        destination[index] = total;
    }

    /// <summary>The sum over a group's threads, a power of two of them; all get it.</summary>
    public static float GroupSum(ArrayView<float> shared, float value)
    {
        Group.Barrier();
        shared[Group.IdxX] = value;
        Group.Barrier();
        for (var half = Group.DimX / 2; half > 0; half /= 2)
        {
            if (Group.IdxX < half)
                shared[Group.IdxX] += shared[Group.IdxX + half];
            Group.Barrier();
        }

        return shared[0];
    }

    /// <summary>The largest number of a group's threads, a power of two of them; all get it. Undefined where one is undefined.</summary>
    public static float GroupMaximum(ArrayView<float> shared, float value)
    {
        Group.Barrier();
        shared[Group.IdxX] = value;
        Group.Barrier();
        for (var half = Group.DimX / 2; half > 0; half /= 2)
        {
            if (Group.IdxX < half)
                shared[Group.IdxX] = Larger(shared[Group.IdxX], shared[Group.IdxX + half]);
            Group.Barrier();
        }

        return shared[0];
    }

    public static float Larger(float x, float y) => x > y || float.IsNaN(x) ? x : y;
}

/// <summary>A <see cref="Broadcast"/> for sums: which elements of the large tensor belong to one of the small one.</summary>
internal readonly struct SumPlaces
{
    private readonly int length0,
        length1,
        length2,
        length3,
        length4,
        kept;
    private readonly int singleStride;

    public SumPlaces(Broadcast broadcast)
    {
        (length0, length1, length2, length3, length4) = (
            broadcast.Lengths[0],
            broadcast.Lengths[1],
            broadcast.Lengths[2],
            broadcast.Lengths[3],
            broadcast.Lengths[4]
        );
        var (stride, summed) = (1, 0);
        for (var run = 4; run >= 0; run--)
        {
            if (broadcast.IsKept(run))
            {
                kept |= 1 << run;
            }
            else if (broadcast.Lengths[run] > 1)
            {
                summed++;
                singleStride = stride;
            }

            stride *= broadcast.Lengths[run];
        }

        if (summed > 1)
            singleStride = 0;
        Count = broadcast.SmallLength == 0 ? 0 : broadcast.LargeLength / broadcast.SmallLength;
    }

    /// <summary>Gets how many elements each sum has.</summary>
    public int Count { get; }

    /// <summary>The first element of a sum.</summary>
    public int First(int small) => Place(small, kept);

    /// <summary>The distance of an element from the first.</summary>
    public int Offset(int term) => singleStride > 0 ? term * singleStride : Place(term, ~kept);

    /// <summary>Spreads a number over the runs of a mask, the innermost fastest.</summary>
    private int Place(int rest, int runs)
    {
        var (place, stride) = (0, 1);
        if ((runs & 16) != 0)
        {
            place = rest % length4;
            rest /= length4;
        }

        stride *= length4;
        if ((runs & 8) != 0)
        {
            place += rest % length3 * stride;
            rest /= length3;
        }

        stride *= length3;
        if ((runs & 4) != 0)
        {
            place += rest % length2 * stride;
            rest /= length2;
        }

        stride *= length2;
        if ((runs & 2) != 0)
        {
            place += rest % length1 * stride;
            rest /= length1;
        }

        stride *= length1;
        return (runs & 1) != 0 && length0 > 1 ? place + (rest * stride) : place;
    }
}
