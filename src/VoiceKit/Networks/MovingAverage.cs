using VoiceKit.Compute;

namespace VoiceKit.Networks;

/// <summary>An exponential moving average of a network's parameters, kept in another set: average := average + (1 - decay)(now - average).</summary>
/// <param name="average">The set that follows.</param>
/// <param name="now">The set that is trained.</param>
public sealed class MovingAverage(ParameterSet average, ParameterSet now) : VariableUpdate
{
    private readonly Broadcast plain = Broadcast.Of(new TensorShape(now.Length), new TensorShape(average.Length));

    /// <summary>The share of the old average that is kept; 0 copies.</summary>
    public double Decay { get; set; }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Inputs => [];

    /// <inheritdoc/>
    public override void Run(ComputeDevice device, ReadOnlySpan<DeviceArray> inputs)
    {
        ArgumentNullException.ThrowIfNull(device);
        if (Decay == 0)
            device.Copy(now.Storage, average.Storage);
        else
            device.Combine(new BinaryFunction(BinaryKind.Interpolate, (float)(1 - Decay)), plain, average.Storage, now.Storage, average.Storage);
    }
}
