namespace VoiceKit.Corpora;

/// <summary>What <see cref="RecordingCheck"/> found out about one recording: numbers and sentences, none of its samples.</summary>
/// <param name="Item">The recording.</param>
/// <param name="Measures">What was measured; null where the file cannot be decoded.</param>
/// <param name="Fault">Why the recording cannot be used, as a sentence or its end; null where it can.</param>
/// <param name="Warnings">What else is odd, one plain sentence each.</param>
public sealed record RecordingReport(CorpusItem Item, RecordingMeasures? Measures, string? Fault, IReadOnlyList<string> Warnings)
{
    /// <summary>The name for people: the id, with the file's extension where the item is a whole file.</summary>
    public string Name => Item.Segment is null ? Item.Id + Path.GetExtension(Item.Path) : Item.Id;

    /// <summary>Whether the recording can be used.</summary>
    public bool IsUsable => Fault is null;
}
