using VoiceKit.Files;

namespace VoiceKit.Batches;

/// <summary>How an item ended.</summary>
public enum BatchOutcome
{
    /// <summary>Its outputs are written.</summary>
    Done,

    /// <summary>It could not be worked on; the reason is noted.</summary>
    Failed,
}

/// <summary>One file that an item became.</summary>
/// <param name="Name">Its path below the output folder, with "/" between folders.</param>
/// <param name="Stamp">Its size and time as they were written.</param>
/// <param name="Hash">The SHA-256 of its bytes.</param>
public sealed record BatchOutput(string Name, FileStamp Stamp, string Hash);

/// <summary>One line of a journal: what was done with an item, and with what.</summary>
public sealed record JournalEntry
{
    /// <summary>The item's name.</summary>
    public required string Id { get; init; }

    /// <summary>The file that was read.</summary>
    public required string Input { get; init; }

    /// <summary>The part of the file, as "start-end" in seconds; null for the whole.</summary>
    public string? Part { get; init; }

    /// <summary>The input's size and time when it was read; null where there was no such file.</summary>
    public FileStamp? InputStamp { get; init; }

    /// <summary>The SHA-256 of the input; null where it could not be read.</summary>
    public string? InputHash { get; init; }

    /// <summary>The hash of verb and parameters, <see cref="BatchDescription.ParametersHash"/>.</summary>
    public required string Parameters { get; init; }

    /// <summary>The SHA-256 of the model; null where none is used.</summary>
    public string? Model { get; init; }

    /// <summary>How it ended.</summary>
    public required BatchOutcome Outcome { get; init; }

    /// <summary>Why it failed; null where it did not.</summary>
    public string? Reason { get; init; }

    /// <summary>What was odd about the recording.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What was done to the recording that is worth knowing, such as what was cut off; nothing of it is odd.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The files that it became; none where it failed.</summary>
    public IReadOnlyList<BatchOutput> Outputs { get; init; } = [];

    /// <summary>How long the work took, in seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>How much sound it was, in seconds.</summary>
    public double AudioSeconds { get; init; }

    /// <summary>When it ended, in UTC.</summary>
    public required DateTime Finished { get; init; }
}
