using System.Diagnostics;
using System.Text;
using VoiceKit.Files;
using VoiceKit.Music;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Music;

public sealed class MusicFolderTests : IDisposable
{
    private static readonly SnippetLayout Layout = new() { BarCount = 2, VoiceCount = 2 };
    private readonly ScratchFolder folder = new();

    [Fact]
    public void Read_NestedFolders_ReadsEveryMidiFileInOrder()
    {
        Piece(16).WriteMidi(folder["b.mid"]);
        Piece(16).WriteMidi(folder["a/deep/er/C.MID"]);
        Piece(8).WriteMidi(folder["a/x.Midi"]);
        folder.Write("a/readme.txt", [1]);
        folder.Write("a/mid", [1]);
        var music = MusicFolder.Read(folder.Path, Layout);
        Assert.Equal(
            [("C.MID", 3), ("x.Midi", 1), ("b.mid", 3)],
            music.Reports.Select(report => (Path.GetFileName(report.Path), report.WindowCount))
        );
        Assert.All(music.Reports, report => Assert.Null(report.Problem));
        Assert.Equal(7, music.Windows.Count);
        Assert.All(
            music.Windows,
            window => Assert.Equal((32, 2, 4, Layout.Range), (window.StepCount, window.VoiceCount, window.StepsPerQuarter, window.Range))
        );
    }

    [Fact]
    public void Read_FilesThatCannotBeUsed_AreReportedAndLeftOut()
    {
        Piece(16).WriteMidi(folder["good.mid"]);
        folder.Write("broken.mid", [1, 2, 3]);
        folder.Write("empty.mid", []);
        Piece(12).WriteMidi(folder["waltz.mid"], beatsPerBar: 3);
        Piece(6).WriteMidi(folder["short.mid"]);
        new PianoRoll(PitchRange.Choir, 2, 4, []).WriteMidi(folder["silent.mid"]);
        File.CreateSymbolicLink(folder["dangling.mid"], folder["nowhere"]);
        Directory.CreateDirectory(folder["folder.mid"]);
        var shares = new ProgressList<double>();
        var music = MusicFolder.Read(folder.Path, Layout, shares);
        var problems = music.Reports.ToDictionary(report => Path.GetFileName(report.Path), report => report.Problem);
        Assert.Equal(["broken.mid", "dangling.mid", "empty.mid", "good.mid", "short.mid", "silent.mid", "waltz.mid"], problems.Keys);
        Assert.Null(problems["good.mid"]);
        Assert.Contains("no such file", problems["dangling.mid"], StringComparison.Ordinal);
        Assert.Contains("12 steps, not 16", problems["waltz.mid"], StringComparison.Ordinal);
        Assert.Contains("shorter than 2 bars", problems["short.mid"], StringComparison.Ordinal);
        Assert.Contains("no notes", problems["silent.mid"], StringComparison.Ordinal);
        Assert.All(problems.Values, problem => Assert.DoesNotContain(folder.Path, problem ?? "", StringComparison.Ordinal));
        Assert.Equal(3, music.Windows.Count);
        Assert.Equal((7, 1), (shares.Count, shares[^1]));
    }

    [Fact]
    public void Read_NotesWithoutAVoice_AreReportedAndTheRestIsUsed()
    {
        // Three voices on one track for two.
        var three = Rolls.Merged(
            Rolls.Quarters([.. Enumerable.Repeat(72, 8)], [.. Enumerable.Repeat(67, 8)], [.. Enumerable.Repeat(48, 8)]).ToScore(100)
        );
        MidiFile.Write(folder["three.mid"], three);
        var report = Assert.Single(MusicFolder.Read(folder.Path, Layout).Reports);
        Assert.Equal((1, "8 of 24 notes found no voice"), (report.WindowCount, report.Problem));
    }

    [Fact]
    public void Read_NothingToTrainOn_SaysWhy()
    {
        Assert.Contains("no MIDI file", Refused(folder.Path), StringComparison.Ordinal);
        folder.Write("a.mid", [1, 2, 3]);
        folder.Write("b.mid", [1, 2, 3]);
        Assert.Contains("none of its 2 MIDI files can be trained on; the first, a.mid: ", Refused(folder.Path), StringComparison.Ordinal);
        Assert.Throws<DirectoryNotFoundException>(() => MusicFolder.Read(folder["none"], Layout));
        Assert.Throws<ArgumentOutOfRangeException>(() => MusicFolder.Read(folder.Path, Layout with { BarCount = 0 }));
    }

    [Fact]
    public void Read_LinkToAFolder_IsNotFollowed()
    {
        Piece(16).WriteMidi(folder["in/a.mid"]);
        Directory.CreateSymbolicLink(folder["in/loop"], folder["in"]);
        Directory.CreateSymbolicLink(folder["in/linked.mid"], folder["in"]);
        File.CreateSymbolicLink(folder["in/b.mid"], folder["in/a.mid"]);
        Assert.Equal(["a.mid", "b.mid"], MusicFolder.Files(folder["in"]).Select(Path.GetFileName));
    }

    [LinuxFact]
    public void Read_NamedPipe_IsReportedAndNotWaitedOn()
    {
        Piece(16).WriteMidi(folder["a.mid"]);
        Process.Start("mkfifo", [folder["pipe.mid"]]).WaitForExit();
        var music = MusicFolder.Read(folder.Path, Layout);
        Assert.Contains("named pipe", music.Reports[1].Problem, StringComparison.Ordinal);
        Assert.Equal(3, music.Windows.Count);
    }

    [LinuxFact]
    public void Read_FileWithoutPermission_IsReported()
    {
        // Who may do everything is kept out of nothing.
        if (Environment.IsPrivilegedProcess || OperatingSystem.IsWindows())
            return;
        Piece(16).WriteMidi(folder["a.mid"]);
        File.SetUnixFileMode(Piece(16).WriteMidi(folder["b.mid"]), UnixFileMode.None);
        Assert.Equal([3, 0], MusicFolder.Read(folder.Path, Layout).Reports.Select(report => report.WindowCount));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(-5)]
    public void Read_AnyKey_BecomesC(int up)
    {
        Piece(16).WriteMidi(folder["c/a.mid"]);
        Piece(16).Transpose(up).WriteMidi(folder["other/a.mid"]);
        var (expected, windows) = (MusicFolder.Read(folder["c"], Layout).Windows, MusicFolder.Read(folder["other"], Layout).Windows);
        Assert.Equal(
            expected.Select(window => Convert.ToHexString(window.States)),
            windows.Select(window => Convert.ToHexString(window.States))
        );
        Assert.Equal([72, 76, 79, 77], new[] { 0, 4, 8, 12 }.Select(step => windows[0].PitchAt(step, 0)));
    }

    [Fact]
    public void Read_Chorales_TakesTheTrainingPieces()
    {
        var layout = new SnippetLayout { BarCount = 1 };
        var path = folder.Write(
            "chorales.JSON",
            Encoding.UTF8.GetBytes($$"""{"train": [[{{Steps(16)}}], [{{Steps(15)}}]], "test": [[{{Steps(32)}}]]}""")
        );
        var music = MusicFolder.Read(path, layout);
        Assert.Equal((1, 1), (music.Windows.Count, Assert.Single(music.Reports).WindowCount));
        Assert.Contains("four voices on a grid of sixteenths", Refused(path), StringComparison.Ordinal);
        var none = folder.Write("short.json", Encoding.UTF8.GetBytes($$"""{"train": [[{{Steps(15)}}]]}"""));
        Assert.Contains(
            "as long as a snippet",
            Assert.Throws<BadFileException>(() => MusicFolder.Read(none, layout)).Message,
            StringComparison.Ordinal
        );
    }

    public void Dispose() => folder.Dispose();

    private static string Steps(int count) => string.Join(", ", Enumerable.Repeat("[72, 67, 64, 48]", count));

    private static string Refused(string path)
    {
        var exception = Assert.Throws<BadFileException>(() => MusicFolder.Read(path, Layout));
        Assert.StartsWith(path, exception.Message, StringComparison.Ordinal);
        return exception.Message;
    }

    /// <summary>Quarters in C major in two voices.</summary>
    private static PianoRoll Piece(int quarters)
    {
        int[] above = [72, 76, 79, 77, 76, 74, 72, 72],
            below = [60, 60, 52, 53, 55, 55, 48, 48];
        int[] Cycle(int[] notes) => [.. Enumerable.Range(0, quarters).Select(quarter => notes[quarter % notes.Length])];
        return Rolls.Quarters(Cycle(above), Cycle(below));
    }
}
