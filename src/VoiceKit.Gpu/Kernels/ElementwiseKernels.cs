using ILGPU;
using VoiceKit.Compute;

namespace VoiceKit.Gpu.Kernels;

/// <summary>Kernels of one thread an element.</summary>
internal static class ElementwiseKernels
{
    public static void Fill(Index1D index, float value, ArrayView<float> destination) => destination[index] = value;

    public static void Apply(Index1D index, int kind, float scale, float offset, ArrayView<float> x, ArrayView<float> destination) =>
        destination[index] = Unary(kind, scale, offset, x[index]);

    public static void Combine(Index1D index, int kind, float scale, BroadcastPlaces places, ArrayView<float> x, ArrayView<float> y, ArrayView<float> destination) =>
        destination[index] = Binary(kind, scale, x[index], y[places.Small(index)]);

    public static float Unary(int kind, float scale, float offset, float value) => kind switch
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

    public static float Binary(int kind, float scale, float left, float right) => kind switch
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
        destination[rows.DestinationOffset + (row * rows.DestinationStride) + column] = source[rows.SourceOffset + (row * rows.SourceStride) + column];
    }

    public static void OneHot(Index1D index, int columns, ArrayView<float> indices, ArrayView<float> destination)
    {
        var row = index / columns;
        var wanted = indices[row];
        destination[index] = wanted >= 0 && wanted < columns && (int)wanted == index - (row * columns) ? 1 : 0;
    }

    /// <summary>One step of Adam (Kingma and Ba 2015, algorithm 1, the bias corrections inside the rate).</summary>
    public static void Adam(Index1D index, AdamStep step, ArrayView<float> gradient, ArrayView<float> parameters, ArrayView<float> first, ArrayView<float> second)
    {
        var g = gradient[index];
        var m = first[index] + ((1 - step.Beta1) * (g - first[index]));
        var v = second[index] + ((1 - step.Beta2) * ((g * g) - second[index]));
        first[index] = m;
        second[index] = v;
        parameters[index] = (parameters[index] * (1 - step.WeightDecay)) - (step.LearningRate * m / (MathF.Sqrt(v) + step.Epsilon));
    }
}
