using VoiceKit.Numerics;

namespace VoiceKit.Networks;

/// <summary>Fills a parameter with its first values.</summary>
public delegate void Initialization(RandomNumbers random, Span<float> values);

/// <summary>The usual first values of parameters.</summary>
public static class Initializations
{
    /// <summary>One value throughout.</summary>
    public static Initialization Constant(float value) => (_, values) => values.Fill(value);

    /// <summary>Uniform within -limit .. limit.</summary>
    public static Initialization Uniform(double limit) => (random, values) =>
    {
        foreach (ref var value in values)
            value = (float)(limit * ((2 * random.NextUniform()) - 1));
    };

    /// <summary>Normal with mean 0.</summary>
    public static Initialization Normal(double deviation) => (random, values) =>
    {
        foreach (ref var value in values)
            value = (float)(deviation * random.NextNormal());
    };

    /// <summary>Normal with variance gain^2 / inputs (He et al. 2015): keeps the variance from layer to layer; sqrt(2) goes with ReLU.</summary>
    public static Initialization Scaled(int inputs, double gain = 1) => Normal(gain / Math.Sqrt(Math.Max(inputs, 1)));
}
