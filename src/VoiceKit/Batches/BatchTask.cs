using VoiceKit.Corpora;
using VoiceKit.Files;

namespace VoiceKit.Batches;

/// <summary>What a batch does with each of its items. Safe across threads.</summary>
public abstract class BatchTask : IDisposable
{
    private BatchDescription? description;

    /// <summary>Its name on the command line, such as "analyze".</summary>
    public abstract string Verb { get; }

    /// <summary>What the names of its outputs end in, with the dot.</summary>
    public abstract string Extension { get; }

    /// <summary>Whether an item may become several files, NAME_0001 and so on, instead of NAME.</summary>
    public virtual bool MakesPieces => false;

    /// <summary>Everything that decides what comes out, besides the input and the model.</summary>
    protected abstract IReadOnlyDictionary<string, string> Parameters { get; }

    /// <summary>The SHA-256 of the model's file; null where none is used.</summary>
    protected virtual string? ModelHash => null;

    /// <summary>What decides what comes out.</summary>
    public BatchDescription Description => description ??= new BatchDescription(Verb, typeof(BatchTask).Assembly.GetName().Version!.ToString(3), Parameters, ModelHash);

    /// <summary>Takes what the work needs beyond memory. A run calls it once, before its first item.</summary>
    public virtual void Open()
    {
    }

    /// <summary>Works on one item.</summary>
    /// <param name="item">The item.</param>
    /// <param name="input">Its sound.</param>
    /// <param name="outputs">Takes the files that it becomes.</param>
    /// <param name="cancellation">Ends the work on a long recording.</param>
    /// <exception cref="BadFileException">The recording cannot be worked on.</exception>
    /// <exception cref="ArgumentException">The recording cannot be worked on.</exception>
    public abstract void Process(CorpusItem item, BatchInput input, BatchOutputs outputs, CancellationToken cancellation = default);

    /// <summary>Gives back what <see cref="Open"/> took.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives back what <see cref="Open"/> took.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
