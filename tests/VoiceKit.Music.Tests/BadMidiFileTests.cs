using VoiceKit.Files;
using VoiceKit.Music;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Music;

public class BadMidiFileTests
{
    private static readonly Dictionary<string, BadFileCase> Cases = BadMidiFiles.All.ToDictionary(item => item.Name);

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_OddFile_GivesTheVerdict(string name)
    {
        var item = Cases[name];
        if (item.Verdict == Verdict.Reject)
        {
            var error = Assert.Throws<BadFileException>(() => Read(item));
            Assert.StartsWith(name + ": ", error.Message, StringComparison.Ordinal);
            Assert.InRange(error.Offset!.Value, 0, item.Bytes.Length);
            return;
        }

        Assert.Equal(item.Verdict == Verdict.Warn, Read(item).Warnings.Count > 0);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_OddFile_StaysWithinBounds(string name) => ReadingBounds.Hold(Cases[name], () => Read(Cases[name]));

    [Theory]
    [InlineData("trunc-00", "empty", 0)]
    [InlineData("html", "web page", 0)]
    [InlineData("wav", "WAVE", 8)]
    [InlineData("trunc-13", "within its header", 13)]
    [InlineData("trunc-25", "before its first event", 25)]
    [InlineData("division-0", "0 ticks", 12)]
    [InlineData("header-alone-division-negative", "film frames, 1 a second", 12)]
    [InlineData("format-3", "formats 0, 1 and 2", 8)]
    [InlineData("running-status-first", "does not say what it is", 23)]
    [InlineData("vlq-5-bytes", "more than four bytes", 22)]
    [InlineData("meta-len-huge", "past the track's end", 22)]
    [InlineData("track-size-short", "track's length", 26)]
    [InlineData("tempo-0", "no length", 26)]
    [InlineData("tempo-len-1", "1 of the 3 bytes", 26)]
    [InlineData("data-byte-high", "the value 188", 24)]
    [InlineData("unknown-chunk-huge", "no track", 14)]
    public void Read_RejectedFile_NamesTheReasonAndThePlace(string name, string words, long offset)
    {
        var error = Assert.Throws<BadFileException>(() => Read(Cases[name]));
        Assert.Contains(words, error.Reason, StringComparison.Ordinal);
        Assert.Equal(offset, error.Offset);
    }

    [Theory]
    [InlineData("trunc-34", "says it has 13 bytes; 12 are left")]
    [InlineData("no-end-of-track", "no end-of-track event")]
    [InlineData("two-end-of-track", "was left out")]
    [InlineData("vlq-4-max", "78 hours")]
    [InlineData("tracks-65535", "promises 65535 tracks; 1 are there")]
    [InlineData("tracks-fewer-than-present", "More tracks follow")]
    [InlineData("note-on-never-off", "never end")]
    [InlineData("sysex-no-f7", "no end")]
    [InlineData("format-2", "pieces of their own")]
    public void Read_DamagedFile_SaysWhatIsWrong(string name, string words) =>
        Assert.Contains(Read(Cases[name]).Warnings, warning => warning.Contains(words, StringComparison.Ordinal));

    [Fact]
    public void Read_ManyTracksWithTheSameFault_GivesOneWarning()
    {
        byte[] bytes = [.. MidiBytes.Header(1, 60000), .. Enumerable.Repeat(MidiBytes.Track(), 60000).SelectMany(track => track)];
        Assert.Equal(["Track 0 and 59999 more: there is no end-of-track event."], MidiFile.Read(bytes, "many").Warnings);
    }

    [Theory]
    [InlineData("trunc-34", 1)]
    [InlineData("two-end-of-track", 1)]
    [InlineData("tracks-fewer-than-present", 1)]
    [InlineData("tracks-0", 0)]
    [InlineData("rmid-list-first", 1)]
    [InlineData("format-0-two-tracks", 2)]
    [InlineData("status-f2", 1)]
    public void Read_DamagedFile_GivesTheNotesThatAreClear(string name, int count)
    {
        var notes = Read(Cases[name]).Notes;
        Assert.Equal(Enumerable.Range(0, count).Select(track => new NoteEvent(0, 480, 60, 64, 0, track)), notes);
    }

    private static MidiScore Read(BadFileCase item) => MidiFile.Read(item.Bytes, item.Name);
}
