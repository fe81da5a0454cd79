using ILGPU;
using VoiceKit.Devices;

namespace VoiceKit.Gpu.Kernels;

/// <summary>Kernels of one thread an element.</summary>
internal static class ElementwiseKernels
{
    public static void Fill(Index1D index, float value, ArrayView<float> destination) => destination[index] = value;

    public static void Apply(Index1D index, int kind, float scale, float offset, ArrayView<float> x, ArrayView<float> destination) =>
        destination[index] = Unary(kind, scale, offset, x[index]);

    public static void Combine(
        Index1D index,
        int kind,
        float scale,
        BroadcastPlaces places,
        ArrayView<float> x,
        ArrayView<float> y,
        ArrayView<float> destination
    ) => destination[index] = Binary(kind, scale, x[index], y[places.Small(index)]);

    public static float Unary(int kind, float scale, float offset, float value) =>
        kind switch
        {
            (int)UnaryKind.Affine => (value * scale) + offset,
            (int)UnaryKind.Exp => DeviceMath.Exp(value),
            (int)UnaryKind.Log => DeviceMath.Log(value),
            (int)UnaryKind.Sqrt => MathF.Sqrt(value),
            (int)UnaryKind.Reciprocal => 1 / value,
            (int)UnaryKind.Square => value * value,
            (int)UnaryKind.Tanh => DeviceMath.Tanh(value),
            (int)UnaryKind.Sigmoid => DeviceMath.Sigmoid(value),
            (int)UnaryKind.Softplus => DeviceMath.Softplus(value),
            _ => value > 0 ? value : scale * value,
        };

    public static float Binary(int kind, float scale, float left, float right) =>
        kind switch
        {
            (int)BinaryKind.Add => left + (scale * right),
            (int)BinaryKind.Multiply => left * right,
            (int)BinaryKind.LeakyReluGradient => left > 0 ? right : scale * right,
            _ => left + (scale * (right - left)),
        };

    public static void Repeat(Index1D index, BroadcastPlaces places, ArrayView<float> source, ArrayView<float> destination) =>
        destination[index] = source[places.Small(index)];

    public static void CopyRows(Index1D index, RowCopy rows, ArrayView<float> source, ArrayView<float> destination)
    {
        var row = index / rows.Length;
        var column = index - (row * rows.Length);
        destination[rows.DestinationOffset + (row * rows.DestinationStride) + column] = source[
            rows.SourceOffset + (row * rows.SourceStride) + column
        ];
    }

    public static void OneHot(Index1D index, int columns, ArrayView<float> indices, ArrayView<float> destination)
    {
        var row = index / columns;
        var wanted = indices[row];
        destination[index] = wanted >= 0 && wanted < columns && (int)wanted == index - (row * columns) ? 1 : 0;
    }

    /// <summary>One step of Adam (Kingma and Ba 2015, algorithm 1, the bias corrections inside the rate).</summary>
    public static void Adam(
        Index1D index,
        AdamStep step,
        ArrayView<float> gradient,
        ArrayView<float> parameters,
        ArrayView<float> first,
        ArrayView<float> second
    )
    {
        var g = gradient[index];
        var m = first[index] + ((1 - step.Beta1) * (g - first[index]));
        var v = second[index] + ((1 - step.Beta2) * ((g * g) - second[index]));
        first[index] = m;
        second[index] = v;
        parameters[index] = (parameters[index] * (1 - step.WeightDecay)) - (step.LearningRate * m / (MathF.Sqrt(v) + step.Epsilon));
    }
}

/// <summary>
/// A <see cref="Broadcast"/> for kernels: where an element of the large tensor has its partner in the small one. Of the five runs the
/// kept ones have the stride of the small tensor, the others 0.
/// </summary>
internal readonly struct BroadcastPlaces
{
    private readonly int length1,
        length2,
        length3,
        length4,
        stride0,
        stride1,
        stride2,
        stride3,
        stride4;
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
        form =
            broadcast.IsPlain ? 0
            : broadcast.SmallLength == 1 ? 1
            : 2;
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
