using VoiceKit.Devices;
using VoiceKit.Numerics;
using VoiceKit.Tensors;

namespace VoiceKit.Tests.TestKit;

/// <summary>Numbers on their way to a device and back.</summary>
internal static class DeviceNumbers
{
    /// <summary>Random numbers of a range.</summary>
    public static float[] Uniform(int seed, int length, double low = -1, double high = 1)
    {
        var random = new RandomNumbers((ulong)seed);
        var values = new float[length];
        foreach (ref var value in values.AsSpan())
            value = (float)(low + ((high - low) * random.NextUniform()));
        return values;
    }

    /// <summary>Random numbers of either sign, none of them near a kink at zero.</summary>
    public static float[] AwayFromZero(int seed, int length) =>
        Array.ConvertAll(Uniform(seed, length), value => value + (value < 0 ? -0.3f : 0.3f));

    /// <summary>A variable with given numbers.</summary>
    public static Variable Variable(this ComputeDevice device, TensorShape shape, params float[] values)
    {
        var variable = new Variable(device, shape);
        device.Upload(values, variable.Storage);
        return variable;
    }

    /// <summary>A variable with random numbers.</summary>
    public static Variable Random(this ComputeDevice device, int seed, params int[] dimensions)
    {
        var shape = new TensorShape(dimensions);
        return device.Variable(shape, Uniform(seed, shape.Length));
    }

    /// <summary>Device memory that holds given numbers.</summary>
    public static DeviceArray Put(this ComputeDevice device, params float[] values)
    {
        var array = new DeviceArray(device.Allocate(values.Length));
        device.Upload(values, array);
        return array;
    }

    /// <summary>Device memory that holds garbage: what an operation must not take for zeros.</summary>
    public static DeviceArray Garbage(this ComputeDevice device, int length)
    {
        var array = new DeviceArray(device.Allocate(length));
        device.Fill(float.NaN, array);
        return array;
    }

    /// <summary>The numbers of device memory.</summary>
    public static float[] Read(this ComputeDevice device, DeviceArray array)
    {
        var values = new float[array.Length];
        device.Download(array, values);
        return values;
    }

    /// <summary>What tensors evaluate to.</summary>
    public static float[][] Evaluate(this ComputeDevice device, params Tensor[] results)
    {
        using var program = new ComputeProgram(device, results);
        program.Run();
        return Array.ConvertAll(results, program.Read);
    }
}
