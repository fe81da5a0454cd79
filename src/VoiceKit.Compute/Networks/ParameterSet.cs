using VoiceKit.Devices;
using VoiceKit.Files;
using VoiceKit.Numerics;
using VoiceKit.Tensors;

namespace VoiceKit.Networks;

/// <summary>
/// The parameters of a network, or the state of its layers, by name. All lie in one piece of memory, so that an optimizer changes them
/// in one operation.
/// </summary>
public sealed class ParameterSet : IDisposable
{
    private readonly List<(string Name, Variable Variable, Initialization Initialization)> parameters = [];
    private DeviceBuffer? buffer;
    private ComputeDevice? device;

    /// <summary>Gets the number of floats.</summary>
    public int Length => parameters.Sum(parameter => parameter.Variable.Shape.Length);

    /// <summary>Gets the variables in the order of their making.</summary>
    public IReadOnlyList<Variable> Variables => [.. parameters.Select(parameter => parameter.Variable)];

    /// <summary>Gets all numbers in one piece.</summary>
    /// <exception cref="InvalidOperationException">There is no memory yet.</exception>
    public DeviceArray Storage => new(buffer ?? throw new InvalidOperationException("The parameters have no memory yet."));

    /// <summary>Adds a parameter.</summary>
    /// <param name="name">Its name, which no other has.</param>
    /// <param name="shape">Its dimensions.</param>
    /// <param name="initialization">Its first values.</param>
    /// <exception cref="InvalidOperationException">The set has its memory already, or the name is taken.</exception>
    public Variable Add(string name, TensorShape shape, Initialization initialization)
    {
        if (buffer is not null)
            throw new InvalidOperationException("The parameters have their memory already.");
        if (parameters.Any(parameter => parameter.Name == name))
            throw new InvalidOperationException($"There are two parameters named {name}.");
        var variable = new Variable(shape);
        parameters.Add((name, variable, initialization));
        return variable;
    }

    /// <summary>Gives all parameters their memory and first values.</summary>
    /// <param name="device">The device.</param>
    /// <param name="random">The source of random numbers.</param>
    public void Allocate(ComputeDevice device, RandomNumbers random)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(random);
        this.device = device;
        buffer = device.Allocate(Length);
        var (values, offset) = (new float[Length], 0);
        foreach (var (_, variable, initialization) in parameters)
        {
            initialization(random, values.AsSpan(offset, variable.Shape.Length));
            variable.Place(new DeviceArray(buffer, offset, variable.Shape.Length));
            offset += variable.Shape.Length;
        }

        device.Upload(values, Storage);
    }

    /// <summary>The values by name.</summary>
    /// <param name="prefix">What the names begin with.</param>
    public IReadOnlyDictionary<string, NamedTensor> Read(string prefix)
    {
        var values = new float[Length];
        device!.Download(Storage, values);
        return parameters.ToDictionary(
            parameter => prefix + parameter.Name,
            parameter =>
                NamedTensor.OfFloats(
                    parameter.Variable.Shape.Dimensions.ToArray(),
                    values.AsSpan(parameter.Variable.Storage.Offset, parameter.Variable.Shape.Length)
                ),
            StringComparer.Ordinal
        );
    }

    /// <summary>Makes sure that tensors are there for all parameters, with their shapes.</summary>
    /// <param name="tensors">The arrays, by name.</param>
    /// <param name="prefix">What the names of the arrays begin with.</param>
    /// <exception cref="InvalidDataException">One is missing or has another shape.</exception>
    public void RequireShapes(IReadOnlyDictionary<string, NamedTensor> tensors, string prefix)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        foreach (var (name, variable, _) in parameters)
        {
            if (!tensors.TryGetValue(prefix + name, out var tensor))
                throw new InvalidDataException($"the array '{prefix}{name}' is missing");
            if (!variable.Shape.Dimensions.SequenceEqual(tensor.Shape.ToArray()))
                throw new InvalidDataException(
                    $"the array '{prefix}{name}' has the shape [{string.Join(", ", tensor.Shape)}], not {variable.Shape}"
                );
        }
    }

    /// <summary>Takes the values by name from a file's tensors.</summary>
    /// <param name="tensors">The arrays, by name.</param>
    /// <param name="prefix">What the names of the arrays begin with.</param>
    /// <exception cref="InvalidDataException">One is missing, has another shape or a value that is not finite.</exception>
    public void Write(IReadOnlyDictionary<string, NamedTensor> tensors, string prefix)
    {
        RequireShapes(tensors, prefix);
        var values = new float[Length];
        foreach (var (name, variable, _) in parameters)
        {
            var tensor = tensors[prefix + name];
            for (var i = 0; i < tensor.Values.Length; i++)
            {
                values[variable.Storage.Offset + i] = float.IsFinite((float)tensor.Values[i])
                    ? (float)tensor.Values[i]
                    : throw new InvalidDataException($"the array '{prefix}{name}' has a value that is not finite");
            }
        }

        device!.Upload(values, Storage);
    }

    /// <inheritdoc/>
    public void Dispose() => buffer?.Dispose();
}

/// <summary>
/// An exponential moving average of a network's parameters, kept in another set: average := average + (1 - decay)(now - average).
/// </summary>
/// <param name="average">The set that follows.</param>
/// <param name="now">The set that is trained.</param>
public sealed class MovingAverage(ParameterSet average, ParameterSet now) : VariableUpdate
{
    private readonly Broadcast plain = Broadcast.Of(new TensorShape(now.Length), new TensorShape(average.Length));

    /// <summary>Gets or sets the share of the old average that is kept; 0 copies.</summary>
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
            device.Combine(
                new BinaryFunction(BinaryKind.Interpolate, (float)(1 - Decay)),
                plain,
                average.Storage,
                now.Storage,
                average.Storage
            );
    }
}
