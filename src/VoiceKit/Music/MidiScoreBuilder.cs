namespace VoiceKit.Music;

/// <summary>Collects what the tracks of a MIDI file hold.</summary>
internal sealed class MidiScoreBuilder
{
    public TrackNotes Notes { get; } = new();

    public List<TempoChange> Tempos { get; } = [];

    public List<TimeSignature> TimeSignatures { get; } = [];

    public List<ProgramChange> Programs { get; } = [];

    public MidiWarnings Warnings { get; } = new();

    /// <summary>The score; changes at one tick stay in the order of the file.</summary>
    public MidiScore Build(MidiHeader header, int trackCount) => new(
        header.Format,
        trackCount,
        header.Division,
        Notes.ToSortedArray(),
        [.. Tempos.OrderBy(tempo => tempo.Tick)],
        [.. TimeSignatures.OrderBy(signature => signature.Tick)],
        [.. Programs.OrderBy(program => program.Tick)],
        Warnings.ToList());
}
