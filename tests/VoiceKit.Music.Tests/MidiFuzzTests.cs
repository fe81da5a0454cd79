using System.Diagnostics;
using VoiceKit.Files;
using VoiceKit.Music;
using VoiceKit.Tests.TestKit;
using static VoiceKit.Tests.TestKit.MidiBytes;

namespace VoiceKit.Tests.Music;

public class MidiFuzzTests
{
    // Two notes, all kinds of events, a second track and a chunk that nobody knows.
    private static readonly byte[] Seed =
    [
        .. Header(1, 2),
        .. Track([0, 0xFF, 0x51, 3, 7, 0xA1, 0x20, 0, 0xFF, 0x58, 4, 3, 2, 24, 8, 0, 0xFF, 3, 2, (byte)'h', (byte)'i'], End),
        .. Chunk("XFIH", [1, 2]),
        .. Track([0, 0xC0, 5, 0, 0xF0, 2, 1, 0xF7, 0, 0x90, 60, 64, 10, 64, 64, 10, 60, 0, 0x81, 0, 0x80, 64, 0, 0, 0xE0, 0, 64], End),
    ];

    [Fact]
    public void Read_EveryPrefix_GivesAScoreOrBadFileException()
    {
        for (var length = 0; length <= Seed.Length; length++)
            ReadOrRefuse(Seed[..length]);
    }

    [Fact]
    [Trait(SlowTests.Category, SlowTests.Slow)]
    public void Read_EveryByteChanged_GivesAScoreOrBadFileException()
    {
        for (var place = 0; place < Seed.Length; place++)
        {
            for (var value = 0; value < 256; value++)
            {
                var bytes = Seed.ToArray();
                bytes[place] = (byte)value;
                ReadOrRefuse(bytes);
            }
        }
    }

    [Fact]
    [Trait(SlowTests.Category, SlowTests.Slow)]
    public void Read_RandomBytes_GivesAScoreOrBadFileException()
    {
        var random = new Random(20260718);
        for (var i = 0; i < 3000; i++)
        {
            var events = new byte[random.Next(200)];
            random.NextBytes(events);
            ReadOrRefuse(events);
            ReadOrRefuse([.. Header(1, 2), .. events]);
            ReadOrRefuse(MidiBytes.File([0, 0x90], events));
            ReadOrRefuse([.. Header(), .. Chunk("MTrk", [0, 0x90, 60, 64, .. events], uint.MaxValue)]);
        }
    }

    [Fact]
    public void Read_WhatIsAccepted_CanBeWrittenAndReadAgain()
    {
        var random = new Random(8);
        for (var i = 0; i < 3000; i++)
        {
            var bytes = Seed.ToArray();
            bytes[random.Next(14, bytes.Length)] = (byte)random.Next(256);
            if (ReadOrRefuse(bytes) is not { } score)
                continue;
            using var stream = new MemoryStream();
            MidiFile.Write(stream, score);
            var again = MidiFile.Read(stream.ToArray(), "again");
            Assert.Equal(score.Notes, again.Notes);
            Assert.Equal(score.Tempos, again.Tempos);
            Assert.Equal(score.TimeSignatures, again.TimeSignatures);
            Assert.Equal(score.Programs, again.Programs);
        }
    }

    [Fact]
    public void Read_OneMegabyteOfRunningStatus_TakesLinearTimeAndMemory()
    {
        // All notes on one key start before the first ends: the worst case for who looks for the note that a note-off means.
        const int count = 170_000;
        byte[] bytes =
        [
            .. MidiBytes.File(
                [0, 0x90, 60, 1],
                [.. Enumerable.Repeat((byte[])[0, 60, 1], count - 1).SelectMany(item => item)],
                [.. Enumerable.Repeat((byte[])[1, 60, 0], count).SelectMany(item => item)],
                End
            ),
        ];
        Assert.InRange(bytes.Length, 1_000_000, 1_100_000);
        var score = ReadOrRefuse(bytes);
        Assert.Equal(count, score!.Notes.Count);
        Assert.Equal(new NoteEvent(0, count, 60, 1, 0, 0), score.Notes[^1]);
        Assert.Empty(score.Warnings);
    }

    /// <summary>Reads the bytes; null where they are refused. Any other end, much memory or much time fails the test.</summary>
    private static MidiScore? ReadOrRefuse(byte[] bytes)
    {
        MidiScore? score = null;
        var watch = Stopwatch.StartNew();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Record.Exception(() => score = MidiFile.Read(bytes, "fuzz"));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (100L * bytes.Length) + (1 << 18));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.True(error is null or BadFileException, $"{error}\n{Convert.ToHexString(bytes.AsSpan(0, Math.Min(bytes.Length, 1000)))}");
        return score;
    }
}
