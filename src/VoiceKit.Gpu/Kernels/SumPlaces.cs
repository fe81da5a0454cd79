using VoiceKit.Compute;

namespace VoiceKit.Gpu.Kernels;

/// <summary>A <see cref="Broadcast"/> for sums: which elements of the large tensor belong to one of the small one.</summary>
internal readonly struct SumPlaces
{
    private readonly int length0, length1, length2, length3, length4, kept;
    private readonly int singleStride;

    public SumPlaces(Broadcast broadcast)
    {
        (length0, length1, length2, length3, length4) = (broadcast.Lengths[0], broadcast.Lengths[1], broadcast.Lengths[2], broadcast.Lengths[3], broadcast.Lengths[4]);
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

    /// <summary>How many elements each sum has.</summary>
    public int Count { get; }

    /// <summary>The first element of a sum.</summary>
    public int First(int small) => Place(small, kept);

    /// <summary>How far from the first an element lies.</summary>
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
