namespace VoiceKit.Music;

/// <summary>
/// Makes notes of note-ons and note-offs. Of several notes that sound on one key, the first that started ends first: which one a note-off
/// means is nowhere written.
/// </summary>
internal sealed class TrackNotes
{
    private const int None = -1;
    private const int KeyCount = 128;

    private readonly List<NoteEvent> notes = [];

    // The notes that sound on a key are a list: where it starts and ends for every channel and key, and the one after each note.
    private readonly int[] oldest = new int[16 * KeyCount];
    private readonly int[] newest = new int[16 * KeyCount];
    private readonly List<int> next = [];
    private int trackStart;

    public TrackNotes() => Array.Fill(oldest, None);

    public void Start(long tick, int pitch, int velocity, int channel, int track)
    {
        var key = (channel * KeyCount) + pitch;
        if (oldest[key] == None)
            oldest[key] = notes.Count;
        else
            next[newest[key]] = notes.Count;
        newest[key] = notes.Count;
        notes.Add(new NoteEvent(tick, None, pitch, velocity, channel, track));
        next.Add(None);
    }

    /// <summary>Ends the note that has sounded longest on a key; does nothing where none sounds.</summary>
    public void End(long tick, int pitch, int channel)
    {
        var key = (channel * KeyCount) + pitch;
        if (oldest[key] is not None and var index)
        {
            notes[index] = notes[index] with { End = tick };
            oldest[key] = next[index];
        }
    }

    /// <summary>Ends all notes that still sound at the end of a track.</summary>
    /// <returns>Whether there were any.</returns>
    public bool EndTrack(long tick)
    {
        var any = false;
        for (; trackStart < notes.Count; trackStart++)
        {
            var note = notes[trackStart];
            if (note.End != None)
                continue;
            any = true;
            notes[trackStart] = note with { End = tick };
            oldest[(note.Channel * KeyCount) + note.Pitch] = None;
        }

        return any;
    }

    /// <summary>The notes by start, end, pitch, velocity, channel and track.</summary>
    public NoteEvent[] ToSortedArray()
    {
        var sorted = notes.ToArray();
        Array.Sort(sorted, Compare);
        return sorted;
    }

    private static int Compare(NoteEvent a, NoteEvent b)
    {
        var order = a.Start.CompareTo(b.Start);
        order = order != 0 ? order : a.End.CompareTo(b.End);
        order = order != 0 ? order : a.Pitch.CompareTo(b.Pitch);
        order = order != 0 ? order : a.Velocity.CompareTo(b.Velocity);
        order = order != 0 ? order : a.Channel.CompareTo(b.Channel);
        return order != 0 ? order : a.Track.CompareTo(b.Track);
    }
}
