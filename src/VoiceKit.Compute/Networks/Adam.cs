using VoiceKit.Devices;
using VoiceKit.Files;
using VoiceKit.Tensors;

namespace VoiceKit.Networks;

/// <summary>The rates of <see cref="Adam"/>.</summary>
public sealed record AdamOptions
{
    /// <summary>Gets or sets the step's size.</summary>
    public double LearningRate { get; init; } = 2e-4;

    /// <summary>Gets or sets the decay of the gradient's running mean.</summary>
    public double Beta1 { get; init; }

    /// <summary>Gets or sets the decay of the running mean of its square.</summary>
    public double Beta2 { get; init; } = 0.9;

    /// <summary>Keeps the step finite where the gradient vanishes.</summary>
    public double Epsilon { get; init; } = 1e-8;
}

/// <summary>Adam (Kingma and Ba 2015, algorithm 1) over all parameters of a network at once.</summary>
public sealed class Adam : IDisposable
{
    private readonly ComputeDevice device;
    private readonly ParameterSet parameters;
    private readonly AdamOptions options;
    private readonly DeviceBuffer first;
    private readonly DeviceBuffer second;

    /// <summary>Starts with moments of zero.</summary>
    /// <param name="device">The device.</param>
    /// <param name="parameters">The parameters to update.</param>
    /// <param name="options">The settings.</param>
    public Adam(ComputeDevice device, ParameterSet parameters, AdamOptions options)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(parameters);
        (this.device, this.parameters, this.options) = (device, parameters, options);
        (first, second) = (device.Allocate(parameters.Length), device.Allocate(parameters.Length));
    }

    /// <summary>Gets the steps taken.</summary>
    public int StepCount { get; private set; }

    /// <summary>Gets or sets what the learning rate is multiplied with: a schedule sets it.</summary>
    public double RateFactor { get; set; } = 1;

    /// <summary>The change of the parameters by one step.</summary>
    /// <param name="gradients">The gradients, in the order of the set's variables.</param>
    public VariableUpdate Step(IReadOnlyList<Tensor> gradients)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        return new AdamUpdate(this, Tensor.Concatenate(0, [.. gradients.Select(gradient => gradient.Reshape(gradient.Shape.Length))]));
    }

    /// <summary>Forgets the moments and the steps.</summary>
    public void Restart()
    {
        StepCount = 0;
        device.Fill(0, new DeviceArray(first));
        device.Fill(0, new DeviceArray(second));
    }

    /// <summary>The moments and the steps, by name.</summary>
    /// <param name="prefix">What the names of the arrays begin with.</param>
    public IEnumerable<KeyValuePair<string, NamedTensor>> Read(string prefix)
    {
        var values = new float[parameters.Length];
        device.Download(new DeviceArray(first), values);
        yield return new(prefix + "first", NamedTensor.OfFloats([values.Length], values));
        device.Download(new DeviceArray(second), values);
        yield return new(prefix + "second", NamedTensor.OfFloats([values.Length], values));
        yield return new(prefix + "steps", new NamedTensor([1], [StepCount]));
    }

    /// <summary>Takes what <see cref="Read"/> gave.</summary>
    /// <param name="tensors">The arrays, by name.</param>
    /// <param name="prefix">What the names of the arrays begin with.</param>
    /// <exception cref="InvalidDataException">Something is missing or has another length.</exception>
    public void Write(IReadOnlyDictionary<string, NamedTensor> tensors, string prefix)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        float[] Values(string name, int length) =>
            tensors.TryGetValue(prefix + name, out var tensor) && tensor.Values.Length == length
                ? Array.ConvertAll(tensor.Values.ToArray(), value => (float)value)
                : throw new InvalidDataException($"the array '{prefix}{name}' is missing or has not {length} values");
        device.Upload(Values("first", parameters.Length), new DeviceArray(first));
        device.Upload(Values("second", parameters.Length), new DeviceArray(second));
        StepCount = (int)Values("steps", 1)[0];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        first.Dispose();
        second.Dispose();
    }

    private void Take(DeviceArray gradient)
    {
        StepCount++;
        var rootOfSecond = Math.Sqrt(1 - Math.Pow(options.Beta2, StepCount));
        var rate = options.LearningRate * RateFactor * rootOfSecond / (1 - Math.Pow(options.Beta1, StepCount));
        var step = new AdamStep((float)rate, (float)options.Beta1, (float)options.Beta2, (float)(options.Epsilon * rootOfSecond));
        device.Adam(step, gradient, parameters.Storage, new DeviceArray(first), new DeviceArray(second));
    }

    private sealed class AdamUpdate(Adam adam, Tensor gradient) : VariableUpdate
    {
        public override IReadOnlyList<Tensor> Inputs { get; } = [gradient];

        public override void Run(ComputeDevice device, ReadOnlySpan<DeviceArray> inputs) => adam.Take(inputs[0]);
    }
}
