using System.Text;
using VoiceKit.Batches;
using VoiceKit.Files;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Batches;

public class JournalTests
{
    private static readonly DateTime Time = new(2026, 11, 21, 9, 30, 0, 123, 456, DateTimeKind.Utc);

    [Fact]
    public void Find_AfterAppendAndAfterOpeningAgain_GivesTheLastEntryWithAllItHolds()
    {
        using var folder = new ScratchFolder();
        var first = Entry("a/\"x\"\n\u00fc\ud83d\ude00", seconds: 1);
        var last = first with
        {
            Seconds = 2,
            Warnings = ["odd", "odder"],
            Model = "abc",
            Part = "0.5-1.25",
            InputStamp = new FileStamp(5, Time.AddTicks(7)),
        };
        using (var journal = Journal.Open(folder["j"]))
        {
            journal.Append(first);
            journal.Append(Entry("b"));
            journal.Append(last);
            Assert.Equivalent(last, journal.Find(first.Id), strict: true);
        }

        using var again = Journal.Open(folder["j"]);
        Assert.Equivalent(last, again.Find(first.Id), strict: true);
        Assert.Equivalent(Entry("b"), again.Find("b"), strict: true);
        Assert.Null(again.Find("c"));
        Assert.Equal(2, again.Count);
    }

    [Fact]
    public void Open_LastLineCutAnywhere_KeepsTheLinesBeforeAndGoesOn()
    {
        using var folder = new ScratchFolder();
        using (var journal = Journal.Open(folder["j"]))
        {
            journal.Append(Entry("a"));
            journal.Append(Entry("b"));
        }

        var bytes = File.ReadAllBytes(folder["j"]);
        var first = Array.IndexOf(bytes, (byte)'\n') + 1;
        for (var length = first; length < bytes.Length; length++)
        {
            File.WriteAllBytes(folder["j"], bytes[..length]);
            using (var journal = Journal.Open(folder["j"]))
            {
                Assert.Equal("a", journal.Find("a")?.Id);
                Assert.Null(journal.Find("b"));
                journal.Append(Entry("c"));
            }

            Assert.Equal(["a", "c"], File.ReadAllLines(folder["j"]).Select(line => line.Split('"')[3]));
        }
    }

    [Theory]
    [InlineData("\0\0\0\0\0\0")]
    [InlineData("{\"item\":\"b\",\"outcome\":\"do")]
    [InlineData("{\"item\":\"b\"}")]
    [InlineData("[1,2]")]
    [InlineData("")]
    public void Open_DamagedLineInTheMiddle_IsAsIfItWereNotThere(string damage)
    {
        using var folder = new ScratchFolder();
        using (var journal = Journal.Open(folder["j"]))
        {
            journal.Append(Entry("a"));
            journal.Append(Entry("z"));
        }

        var lines = File.ReadAllLines(folder["j"]);
        File.WriteAllText(folder["j"], $"{lines[0]}\n{damage}\n{lines[1]}\n");
        using var again = Journal.Open(folder["j"]);
        Assert.Equal("a", again.Find("a")?.Id);
        Assert.Equal("z", again.Find("z")?.Id);
        Assert.Null(again.Find("b"));
        Assert.Empty(again.Failures());
    }

    [Fact]
    public void Open_EarlierJournals_AreKnownUntilTheirItemsAreAppendedAnew()
    {
        using var folder = new ScratchFolder();
        using (var earlier = Journal.Open(folder["old"]))
        {
            earlier.Append(Entry("a", seconds: 1));
            earlier.Append(Entry("b", seconds: 1));
            earlier.Append(Entry("c", seconds: 1));
        }

        using var journal = Journal.Open(folder["new"], [folder["old"]], id => id != "c");
        journal.Append(Entry("b", seconds: 2));
        Assert.Equal([1, 2, null], new[] { "a", "b", "c" }.Select(id => journal.Find(id)?.Seconds));
        Assert.Single(File.ReadAllLines(folder["new"]));
    }

    [Fact]
    public void Append_LinesLongerThanAnyBuffer_AreReadBack()
    {
        using var folder = new ScratchFolder();
        var big = Entry("big") with { Warnings = [new string('w', 300_000)] };
        using (var journal = Journal.Open(folder["j"]))
        {
            for (var i = 0; i < 50; i++)
                journal.Append(Entry($"item {i}"));
            journal.Append(big);
            journal.Append(Entry("after"));
        }

        using var again = Journal.Open(folder["j"]);
        Assert.Equal(52, again.Count);
        Assert.Equal(300_000, again.Find("big")!.Warnings[0].Length);
        Assert.NotNull(again.Find("after"));
    }

    [Fact]
    public void Append_ToJournalsOpenedToBeRead_IsRefused()
    {
        using var folder = new ScratchFolder();
        folder.Write("j", Encoding.ASCII.GetBytes(""));
        using var journal = Journal.ReadAll([folder["j"]]);
        Assert.Throws<InvalidOperationException>(() => journal.Append(Entry("a")));
    }

    private static JournalEntry Entry(string id, double seconds = 0.5) =>
        new()
        {
            Id = id,
            Input = "/corpus/" + id,
            InputStamp = new FileStamp(44, Time),
            InputHash = "00ff",
            Parameters = "p",
            Outcome = BatchOutcome.Done,
            Outputs = [new BatchOutput(id + ".npz", new FileStamp(7, Time), "11")],
            Seconds = seconds,
            AudioSeconds = 3,
            Finished = Time,
        };
}
