using System.Diagnostics;
using VoiceKit.Files;
using VoiceKit.Music;
using VoiceKit.Tests.TestKit;
using static VoiceKit.Tests.TestKit.MidiBytes;

namespace VoiceKit.Tests.Music;

public class MidiFileTests
{
    private static readonly byte[] Tempo100 = [0, 0xFF, 0x51, 3, 0x09, 0x27, 0xC0];

    [Fact]
    public void Read_TempoMetreAndPrograms_AreThere()
    {
        var conductor = Track(Tempo100, [0, 0xFF, 0x58, 4, 6, 3, 24, 8], [0x83, 0x60, 0xFF, 0x51, 3, 7, 0xA1, 0x20], End);
        var score = Read([.. Header(1, 2), .. conductor, .. Track([10, 0xC1, 19], Note, End)]);
        Assert.Equal((1, 2, TickDivision.Quarter(480)), (score.Format, score.TrackCount, score.Division));
        Assert.Equal([new TempoChange(0, 600_000), new TempoChange(480, 500_000)], score.Tempos);
        Assert.Equal([new TimeSignature(0, 6, 8)], score.TimeSignatures);
        Assert.Equal([new ProgramChange(10, 1, 19, 1)], score.Programs);
        Assert.Equal([new NoteEvent(10, 490, 60, 64, 0, 1)], score.Notes);
        Assert.Empty(score.Warnings);
    }

    [Fact]
    public void Read_OverlappingNotesOfOneKey_EndsTheFirstFirst()
    {
        var score = Read(File([0, 0x90, 60, 10, 5, 60, 20, 5, 60, 0, 5, 60, 0], End));
        Assert.Equal([new NoteEvent(0, 10, 60, 10, 0, 0), new NoteEvent(5, 15, 60, 20, 0, 0)], score.Notes);
    }

    [Fact]
    public void Read_NotesOfOneKeyOnSeveralChannelsAndTracks_AreKeptApart()
    {
        byte[] track = [0, 0x90, 60, 1, 0, 0x91, 60, 2, 3, 0x80, 60, 0, 4, 0x81, 60, 0];
        var score = Read([.. Header(1, 2), .. Track(track, End), .. Track(track, End)]);
        Assert.Equal(
            [new(0, 3, 60, 1, 0, 0), new(0, 3, 60, 1, 0, 1), new(0, 7, 60, 2, 1, 0), new NoteEvent(0, 7, 60, 2, 1, 1)],
            score.Notes
        );
    }

    [Fact]
    public void Read_NoteWithoutLength_IsKept() =>
        Assert.Equal([new NoteEvent(7, 7, 60, 1, 0, 0)], Read(File([7, 0x90, 60, 1, 0, 60, 0], End)).Notes);

    [Fact]
    public void Read_NotesThatNeverEnd_EndWithTheirTrack()
    {
        var score = Read([.. Header(1, 2), .. Track([5, 0x90, 60, 1, 100, 0xFF, 0x2F, 0]), .. Track([0, 0x80, 60, 0], Note, End)]);
        Assert.Equal([new(0, 480, 60, 64, 0, 1), new NoteEvent(5, 105, 60, 1, 0, 0)], score.Notes);
        Assert.Equal(["Track 0: notes that never end were ended with the track."], score.Warnings);
    }

    [Fact]
    public void Read_OtherEvents_AreSkipped()
    {
        var score = Read(
            File(
                [0, 0xB0, 7, 100, 0, 0xE0, 0, 64, 0, 0xA0, 60, 5, 0, 0xD0, 9, 1, 10, 0, 0xFF, 0x54, 5, 1, 2, 3, 4, 5, 0, 0xF7, 1, 0xF3],
                Note,
                End
            )
        );
        Assert.Equal([new NoteEvent(1, 481, 60, 64, 0, 0)], score.Notes);
        Assert.Empty(score.Warnings);
    }

    [Theory]
    [InlineData(0xE850, 24 * 80.0)]
    [InlineData(0xE728, 1000)]
    [InlineData(0xE302, 60000.0 / 1001)]
    [InlineData(0xE201, 30)]
    public void Read_FilmFrames_GiveTicksPerSecond(int division, double ticksPerSecond) =>
        Assert.Equal(ticksPerSecond, Read([.. Header(division: division), .. Track(Note, End)]).Division.TicksPerSecond!.Value, 1e-12);

    [Fact]
    public void Pieces_OfFormat2_AreTheTracksWithTheirTempos()
    {
        byte[] bytes =
        [
            .. Header(2, 3),
            .. Track(Tempo100, Note, End),
            .. Track([0, 0xC0, 5], Note, End),
            .. Track([0, 0xFF, 0x58, 4, 3, 2, 24, 8], End),
        ];
        var score = Read(bytes);
        Assert.Equal([0, 1], score.Notes.Select(note => note.Track));
        var pieces = score.Pieces();
        Assert.Equal(3, pieces.Count);
        Assert.All(pieces, piece => Assert.Equal((0, 1), (piece.Format, piece.TrackCount)));
        Assert.Equal([new TempoChange(0, 600_000)], pieces[0].Tempos);
        Assert.Empty(pieces[1].Tempos);
        Assert.Equal([new ProgramChange(0, 0, 5, 0)], pieces[1].Programs);
        Assert.Equal([new NoteEvent(0, 480, 60, 64, 0, 0)], pieces[1].Notes);
        Assert.Equal([new TimeSignature(0, 3, 4)], pieces[2].TimeSignatures);
        Assert.Same(pieces[0], Assert.Single(pieces[0].Pieces()));
    }

    [Fact]
    public void Write_RandomScores_AreReadBackEqual()
    {
        var random = new Random(1729);
        for (var i = 0; i < 500; i++)
        {
            var format = random.Next(1, 3);
            var score = RandomScores.Create(random, format);
            var read = Read(Written(score));
            Assert.Equal((format, score.TrackCount, score.Division), (read.Format, read.TrackCount, read.Division));
            Assert.Equal(score.Notes, read.Notes);
            Assert.Equal(score.Tempos, read.Tempos);
            Assert.Equal(score.TimeSignatures, read.TimeSignatures);
            Assert.Equal(score.Programs, read.Programs);
            Assert.Equal(Written(read), Written(score));
        }
    }

    [Fact]
    public void Write_Score_GivesTheseBytes()
    {
        var score = Score(new(0, 200, 60, 64, 0, 1), new NoteEvent(200, 200, 62, 1, 9, 1)) with { Tempos = [new TempoChange(0, 600_000)] };
        byte[] notes = [0, 0x90, 60, 64, 0x81, 0x48, 0x80, 60, 64, 0, 0x99, 62, 1, 0, 0x89, 62, 64];
        Assert.Equal([.. Header(1, 2), .. Track(Tempo100, End), .. Track(notes, End)], Written(score));
    }

    [Fact]
    public void Write_NoteWithinANoteOfTheSameKey_KeepsStartsAndEnds()
    {
        var read = Read(Written(Score(new(0, 100, 60, 64, 0, 0), new NoteEvent(10, 20, 60, 30, 0, 0))));
        Assert.Equal([new(0, 20, 60, 64, 0, 0), new NoteEvent(10, 100, 60, 30, 0, 0)], read.Notes);
        Assert.Empty(read.Warnings);
    }

    [Fact]
    public void Write_WhatAMidiFileCannotHold_IsRefused()
    {
        var longest = (1L << 28) - 1;
        Assert.Single(Read(Written(Score(new NoteEvent(longest, 2 * longest, 60, 64, 0, 0)))).Notes);
        NoteEvent[] notes =
        [
            new(0, longest + 1, 60, 64, 0, 0),
            new(-1, 1, 60, 64, 0, 0),
            new(2, 1, 60, 64, 0, 0),
            new(0, 1, 128, 64, 0, 0),
            new(0, 1, -1, 64, 0, 0),
            new(0, 1, 60, 0, 0, 0),
            new(0, 1, 60, 128, 0, 0),
            new(0, 1, 60, 64, 16, 0),
            new(0, 1, 60, 64, 0, -1),
            new(0, 1, 60, 64, 0, int.MaxValue),
        ];
        var good = Score();
        MidiScore[] scores =
        [
            .. notes.Select(note => Score(note)),
            good with
            {
                Tempos = [new(0, 0)],
            },
            good with
            {
                Tempos = [new(0, 1 << 24)],
            },
            good with
            {
                TimeSignatures = [new(0, 4, 3)],
            },
            good with
            {
                TimeSignatures = [new(0, 0, 4)],
            },
            good with
            {
                TimeSignatures = [new(0, 4, 2048)],
            },
            good with
            {
                Programs = [new(0, 0, 128, 0)],
            },
            good with
            {
                Programs = [new(0, 16, 0, 0)],
            },
            good with
            {
                Division = default,
            },
            good with
            {
                TrackCount = 65536,
            },
        ];
        Assert.All(scores, score => Assert.Throws<ArgumentException>(() => Written(score)));
    }

    [Fact]
    public void Write_Path_ReplacesTheFileWhole()
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("out.mid", [1, 2, 3]);
        Assert.Throws<ArgumentException>(() => MidiFile.Write(path, Score() with { TrackCount = 65536 }));
        Assert.Equal([1, 2, 3], System.IO.File.ReadAllBytes(path));
        MidiFile.Write(path, Score(new NoteEvent(0, 1, 60, 64, 0, 0)));
        Assert.Single(MidiFile.Read(path).Notes);
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Read_PathThatIsNoFile_IsRefusedWithoutWaiting()
    {
        using var folder = new ScratchFolder();
        Assert.Throws<FileNotFoundException>(() => MidiFile.Read(folder["nothing.mid"]));
        Assert.Contains("directory", Assert.Throws<BadFileException>(() => MidiFile.Read(folder.Path)).Reason, StringComparison.Ordinal);
        if (!OperatingSystem.IsLinux())
            return;
        using (var process = Process.Start("mkfifo", folder["pipe.mid"]))
            process.WaitForExit();
        Assert.Contains("pipe", Assert.Throws<BadFileException>(() => MidiFile.Read(folder["pipe.mid"])).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0x0FFF_FFFF, true)]
    [InlineData(0x1000_0000, false)]
    public void Write_LongestPause_IsTheLongestThatAFileCanSay(int ticks, bool isPossible)
    {
        using var stream = new MemoryStream();
        var exception = Record.Exception(() => MidiFile.Write(stream, Score(new NoteEvent(ticks, ticks + 1, 60, 64, 0, 0))));
        Assert.Equal(isPossible, exception is null);
        if (!isPossible)
            Assert.Contains("ticks between two events", Assert.IsType<ArgumentException>(exception).Message, StringComparison.Ordinal);
    }

    private static MidiScore Score(params NoteEvent[] notes) => new(1, 1, TickDivision.Quarter(480), notes, [], [], [], []);

    private static MidiScore Read(byte[] bytes) => MidiFile.Read(new MemoryStream(bytes), "test");

    private static byte[] Written(MidiScore score)
    {
        using var stream = new MemoryStream();
        MidiFile.Write(stream, score);
        return stream.ToArray();
    }
}
