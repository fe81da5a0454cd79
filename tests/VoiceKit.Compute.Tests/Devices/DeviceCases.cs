using VoiceKit.Devices;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Devices;

/// <summary>Every operation of a device on operands large enough to be shared between threads.</summary>
internal static class DeviceCases
{
    private const int Rows = 401;
    private const int Columns = 257;
    private const int Length = Rows * Columns;

    private static readonly Dictionary<string, DeviceCase> Cases = new()
    {
        ["Fill"] = new((device, _, z) => device.Fill(3, z), Length),
        ["Copy"] = new((device, x, z) => device.Copy(x[0], z), Length, Length),
        ["CopyRows"] = new(
            (device, x, z) => device.CopyRows(new RowCopy(Rows, Columns, 3, Columns + 2, 0, Columns), x[0], z),
            Length,
            Length + 1000
        ),
        ["Permute"] = new((device, x, z) => device.Permute(new TensorShape(Rows, Columns), [1, 0], x[0], z), Length, Length),
        ["Softmax"] = new((device, x, z) => device.Softmax(Columns, x[0], z), Length, Length),
        ["OneHotOfMaximum"] = new((device, x, z) => device.OneHotOfMaximum(Columns, x[0], z), Length, Length),
        ["OneHot"] = new((device, x, z) => device.OneHot(Columns, x[0], z), Length, Rows),
        ["Sum of all"] = Sum("401 257 by", 1),
        ["Sum of rows"] = Sum("401 257 by 257", Columns),
        ["Sum along rows"] = Sum("401 257 by 401 1", Rows),
        ["Sum of blocks"] = Sum("401 257 by 401 257", Length),
        ["Sum in between"] = Sum("7 401 37 by 7 1 37", 7 * 37),
        ["Sum to the middle"] = Sum("3 401 99 by 401 1", 401),
        ["Repeat rows"] = Repeat("401 257 by 257", Columns),
        ["Repeat along rows"] = Repeat("401 257 by 401 1", Rows),
        ["Adam"] = new(
            (device, x, z) => device.Adam(new AdamStep(0.1f, 0.5f, 0.9f, 1e-8f, 0.01f), x[0], z, x[1], x[2]),
            Length,
            Length,
            Length,
            Length
        )
        {
            AddsToOutput = true,
        },
        ["Multiply"] = new((device, x, z) => device.Multiply(new MatrixProduct(61, 67, 71), x[0], x[1], z), 61 * 71, 61 * 67, 67 * 71),
    };

    static DeviceCases()
    {
        var (rows, columns, all) = (
            Broadcasting("401 257 by 401 1").Broadcast,
            Broadcasting("401 257 by 257").Broadcast,
            Broadcasting("401 257 by 401 257").Broadcast
        );
        var chain = new ElementwiseFusion(
            rows,
            ChainStep.Of(new UnaryFunction(UnaryKind.Tanh)),
            ChainStep.Of(new BinaryFunction(BinaryKind.LeakyReluGradient, 0.3f), all, operandIsFirst: true),
            ChainStep.Of(new BinaryFunction(BinaryKind.Multiply), columns)
        );
        Cases["Evaluate"] = new((device, x, z) => device.Evaluate(chain, x, z), Length, Rows, Length, Columns);
        foreach (var kind in Enum.GetValues<UnaryKind>())
            Cases[kind.ToString()] = new((device, x, z) => device.Apply(new UnaryFunction(kind, 0.3f, 0.1f), x[0], z), Length, Length);
        foreach (var kind in Enum.GetValues<BinaryKind>())
        {
            Cases[$"{kind} of equals"] = Combine(kind, "401 257 by 401 257", Length);
            Cases[$"{kind} with rows"] = Combine(kind, "401 257 by 257", Columns);
            Cases[$"{kind} along rows"] = Combine(kind, "401 257 by 401 1", Rows);
            Cases[$"{kind} with a number"] = Combine(kind, "401 257 by", 1);
        }
    }

    public static IEnumerable<string> Names => Cases.Keys;

    public static DeviceCase Named(string name) => Cases[name];

    private static DeviceCase Sum(string pattern, int length)
    {
        var (shapes, broadcast) = Broadcasting(pattern);
        return new((device, x, z) => device.Sum(broadcast, x[0], z), length, shapes.Large.Length);
    }

    private static DeviceCase Repeat(string pattern, int length)
    {
        var (shapes, broadcast) = Broadcasting(pattern);
        return new((device, x, z) => device.Repeat(broadcast, x[0], z), shapes.Large.Length, length);
    }

    private static DeviceCase Combine(BinaryKind kind, string pattern, int length)
    {
        var (shapes, broadcast) = Broadcasting(pattern);
        return new(
            (device, x, z) => device.Combine(new BinaryFunction(kind, 0.3f), broadcast, x[0], x[1], z),
            shapes.Large.Length,
            shapes.Large.Length,
            length
        );
    }

    private static (BroadcastPattern Shapes, Broadcast Broadcast) Broadcasting(string pattern)
    {
        var shapes = BroadcastPattern.Parse(pattern);
        return (shapes, Broadcast.Of(shapes.Large, shapes.Small));
    }
}

/// <summary>An operation of a device.</summary>
/// <param name="Run">Runs it on operands and a destination.</param>
/// <param name="OutputLength">The length of the destination.</param>
/// <param name="InputLengths">The lengths of the operands.</param>
internal sealed record DeviceCase(Action<ComputeDevice, DeviceArray[], DeviceArray> Run, int OutputLength, params int[] InputLengths)
{
    /// <summary>Whether the destination's old numbers count.</summary>
    public bool AddsToOutput { get; init; }

    /// <summary>The result with all arrays lying some floats behind the begin of their buffers.</summary>
    public float[] Result(ComputeDevice device, int offset)
    {
        var inputs = InputLengths
            .Select((length, number) => Shifted(device, DeviceNumbers.Uniform(number, length, 0.01, 3), offset + number))
            .ToArray();
        var output = Shifted(
            device,
            AddsToOutput ? DeviceNumbers.Uniform(99, OutputLength) : [.. Enumerable.Repeat(float.NaN, OutputLength)],
            offset
        );
        Run(device, inputs, output);

        // Nothing around the destination has changed.
        var all = device.Read(new DeviceArray(output.Buffer));
        NumberAssert.AllUndefined([.. all[..offset], .. all[^1..]]);
        var result = device.Read(output);
        inputs.Append(output).ToList().ForEach(array => array.Buffer.Dispose());
        return result;
    }

    private static DeviceArray Shifted(ComputeDevice device, float[] values, int offset)
    {
        var array = device.Garbage(offset + values.Length + 1).Slice(offset, values.Length);
        device.Upload(values, array);
        return array;
    }
}
