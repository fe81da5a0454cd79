namespace VoiceKit.Music;

/// <summary>Collects what is odd in a MIDI file. What recurs in many tracks is said once: 65535 tracks must not give as many lines.</summary>
internal sealed class MidiWarnings
{
    private readonly List<string> ofFile = [];
    private readonly Dictionary<string, (int First, int Last, int Count)> ofTracks = [];

    public void Add(string sentence) => ofFile.Add(sentence);

    /// <param name="track">The number of the track. Tracks come in order.</param>
    /// <param name="finding">What is odd, without a full stop.</param>
    public void Add(int track, string finding)
    {
        var (first, last, count) = ofTracks.GetValueOrDefault(finding, (track, -1, 0));
        ofTracks[finding] = (first, track, track == last ? count : count + 1);
    }

    public IReadOnlyList<string> ToList() =>
    [
        .. ofFile,
        .. ofTracks.Select(item => $"Track {item.Value.First}{(item.Value.Count > 1 ? $" and {item.Value.Count - 1} more" : "")}: {item.Key}."),
    ];
}
