namespace VoiceKit.Compute;

/// <summary>A tensor whose numbers are kept between runs: a parameter, a state, or what the host fills in before a run.</summary>
public sealed class Variable : Tensor
{
    private DeviceArray? storage;

    /// <summary>Creates a variable that gets its memory later.</summary>
    public Variable(TensorShape shape)
        : base(shape, null)
    {
    }

    /// <summary>Creates a variable with memory of its own, zero at first.</summary>
    public Variable(ComputeDevice device, TensorShape shape)
        : base(shape, null)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(shape);
        storage = new DeviceArray(device.Allocate(shape.Length));
    }

    /// <summary>Where the numbers lie.</summary>
    /// <exception cref="InvalidOperationException">It has no memory yet.</exception>
    public DeviceArray Storage => storage ?? throw new InvalidOperationException($"A variable of shape {Shape} has no memory yet.");

    /// <summary>Gives the variable its memory, once.</summary>
    internal void Place(DeviceArray place)
    {
        if (storage is not null)
            throw new InvalidOperationException("The variable has its memory already.");
        if (place.Length != Shape.Length)
            throw new ArgumentException($"{place.Length} floats do not fit the shape {Shape}.", nameof(place));
        storage = place;
    }
}
