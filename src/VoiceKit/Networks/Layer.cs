using VoiceKit.Compute;

namespace VoiceKit.Networks;

/// <summary>A part of a network: a function of a tensor with parameters of its own.</summary>
public abstract class Layer
{
    /// <summary>The layer's output for an input.</summary>
    public abstract Tensor Apply(Tensor input, ForwardPass pass);
}

/// <summary>One way through a network: whether it trains, and which states it changes.</summary>
/// <param name="isTraining">Whether layers use the statistics of the batch and change their running states.</param>
public sealed class ForwardPass(bool isTraining)
{
    private readonly List<VariableUpdate> updates = [];

    /// <summary>Whether layers use the statistics of the batch and change their running states.</summary>
    public bool IsTraining => isTraining;

    /// <summary>The changes of states that a program of this pass must make.</summary>
    public IReadOnlyList<VariableUpdate> Updates => updates;

    /// <summary>Adds a change of a state.</summary>
    internal void Add(VariableUpdate update)
    {
        if (isTraining)
            updates.Add(update);
    }
}
