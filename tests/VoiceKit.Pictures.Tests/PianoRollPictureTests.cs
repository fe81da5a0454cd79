using VoiceKit.Music;
using VoiceKit.Pictures;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Pictures;

public class PianoRollPictureTests
{
    [Fact]
    public void Draw_FourVoices_HaveTheirColoursAndStarts()
    {
        // Two bars: every voice holds one pitch for a bar and starts it again.
        int[] pitches = [72, 67, 60, 48];
        var states = Enumerable
            .Range(0, 32)
            .SelectMany(step => pitches.Select(pitch => (byte)(step % 16 == 0 ? PitchRange.Choir.StateOf(pitch) : PianoRoll.Hold)));
        var canvas = PianoRollPicture.Draw(
            new PianoRoll(PitchRange.Choir, 4, 4, [.. states]),
            new PianoRollPictureOptions { Title = "Two bars" }
        );
        Assert.Equal(1200, canvas.Width);
        Assert.InRange(canvas.Height, 400, 650);
        for (var voice = 0; voice < 4; voice++)
        {
            var color = Rgb.Palette[voice];
            var rows = Enumerable.Range(0, canvas.Height).Where(y => canvas[400, y] == color).ToArray();
            Assert.InRange(rows.Length, 5, 16);
            Assert.Equal(rows.Length - 1, rows[^1] - rows[0]);

            // One held note is one run of its colour; the repetition makes two, with a dark edge before each.
            var line = Enumerable.Range(0, canvas.Width).Select(x => canvas[x, rows[2]]).ToArray();
            Assert.Equal(2, line.Zip(line.Skip(1)).Count(pair => pair.First != color && pair.Second == color));
            Assert.Contains(color.Mix(Rgb.Black, 0.5), line);
        }
    }

    [Fact]
    public void Draw_Unison_ShowsBothVoices()
    {
        var state = PitchRange.Choir.StateOf(60);
        var canvas = PianoRollPicture.Draw(new PianoRoll(PitchRange.Choir, 2, 1, [(byte)state, (byte)state, 1, 1]));
        var column = Enumerable.Range(0, canvas.Height).Select(y => canvas[600, y]).ToArray();
        Assert.Contains(Rgb.Palette[0], column);
        Assert.Contains(Rgb.Palette[1], column);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16000)]
    public void Write_AnyLength_GivesAPicture(int stepCount)
    {
        var states = new byte[4 * stepCount];
        for (var i = 0; i < states.Length; i++)
            states[i] = (byte)(i * 7 % 48);
        var roll = new PianoRoll(PitchRange.Choir, 4, 4, states);
        using var stream = new MemoryStream();
        PianoRollPicture.Write(stream, roll, new PianoRollPictureOptions { QuartersPerBar = 3, VoiceNames = ["a"] });
        Assert.InRange(PngReader.Read(stream.ToArray()).Width, 1200, 10000);
        Assert.Equal(300, PianoRollPicture.Draw(roll, new PianoRollPictureOptions { Width = 300, Title = new string('W', 99) }).Width);
    }

    [Fact]
    public void Draw_Score_TakesTracksOrChannels()
    {
        var two = SmallScores.Of(
            SmallScores.Note(0, 2, 60, track: 1),
            SmallScores.Note(2, 4, 64, track: 2),
            SmallScores.Note(0, 4, 30, channel: 9, track: 3)
        );
        Assert.Equal(["Track 2", "Track 3"], RollNotes.Of(two).Voices);
        var one = SmallScores.Of(SmallScores.Note(0, 2, 60, channel: 3), SmallScores.Note(2, 4, 64, channel: 5));
        Assert.Equal(["Channel 4", "Channel 6"], RollNotes.Of(one).Voices);
        Assert.Equal(1200, PianoRollPicture.Draw(one).Width);
        Assert.Equal(1200, PianoRollPicture.Draw(SmallScores.Of()).Width);
        Assert.Equal(1200, PianoRollPicture.Draw(SmallScores.Of(SmallScores.Note(0, 0, 0), SmallScores.Note(0, 1, 127))).Width);
    }

    [Fact]
    public void Draw_ScoreWithMetres_HasTheirBars()
    {
        // 3/4 for two bars, then 6/8 for one.
        var score = SmallScores.Of(SmallScores.Note(0, 4.5, 60)) with
        {
            TimeSignatures = [new(0, 3, 4), new(6000, 6, 8)],
        };
        var music = RollNotes.Of(score);
        Assert.Equal([0, 3, 6], music.Bars);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 6.5, 7, 7.5, 8, 8.5], music.Beats);
    }
}
