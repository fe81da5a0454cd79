using VoiceKit.Compute;

namespace VoiceKit.Gpu.Kernels;

/// <summary>
/// A <see cref="Broadcast"/> for kernels: where an element of the large tensor has its partner in the small one. Of the five runs the
/// kept ones have the stride of the small tensor, the others 0.
/// </summary>
internal readonly struct BroadcastPlaces
{
    private readonly int length1, length2, length3, length4, stride0, stride1, stride2, stride3, stride4;
    private readonly int form;

    public BroadcastPlaces(Broadcast broadcast)
    {
        Span<int> strides = stackalloc int[5];
        var stride = 1;
        for (var run = 4; run >= 0; run--)
        {
            strides[run] = broadcast.IsKept(run) ? stride : 0;
            stride *= broadcast.IsKept(run) ? broadcast.Lengths[run] : 1;
        }

        (length1, length2, length3, length4) = (broadcast.Lengths[1], broadcast.Lengths[2], broadcast.Lengths[3], broadcast.Lengths[4]);
        (stride0, stride1, stride2, stride3, stride4) = (strides[0], strides[1], strides[2], strides[3], strides[4]);
        form = broadcast.IsPlain ? 0 : broadcast.SmallLength == 1 ? 1 : 2;
    }

    /// <summary>The small tensor's element that goes with one of the large one.</summary>
    public int Small(int large)
    {
        // Divisions cost more than the numbers they lead to: the usual forms need none.
        if (form == 0)
            return large;
        if (form == 1)
            return 0;
        var small = large % length4 * stride4;
        large /= length4;
        if (length3 > 1)
        {
            small += large % length3 * stride3;
            large /= length3;
        }

        if (length2 > 1)
        {
            small += large % length2 * stride2;
            large /= length2;
        }

        if (length1 > 1)
        {
            small += large % length1 * stride1;
            large /= length1;
        }

        return small + (large * stride0);
    }
}
