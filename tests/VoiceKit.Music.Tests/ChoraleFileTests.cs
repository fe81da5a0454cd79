using System.Text;
using VoiceKit.Files;
using VoiceKit.Music;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Music;

public class ChoraleFileTests
{
    [Fact]
    public void Read_Splits_HaveTheirPieces()
    {
        var splits = Read("""{"train": [[[72, 60], [72, 62], [72.0, -1], [null, -1]], [[40, 36]]], "test": [[[20, 100]]]}""");
        Assert.Equal((2, 0, 1), (splits.Train.Count, splits.Valid.Count, splits.Test.Count));
        var roll = splits.Train[0];
        Assert.Equal((2, 4, 4), (roll.VoiceCount, roll.StepCount, roll.StepsPerQuarter));
        Assert.Equal([38, 26, 1, 28, 1, 0, 0, 0], roll.States.ToArray());
        Assert.Equal((44, 76), (splits.Test[0].PitchAt(0, 0), splits.Test[0].PitchAt(0, 1)));
    }

    [Fact]
    public void Read_HeldPitchThatMovesByAnOctave_IsOneNote() =>
        Assert.Equal([10, 1, 10], Read("""{"valid": [[[20], [20], [32]]]}""").Valid[0].States.ToArray());

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("3")]
    [InlineData("{}")]
    [InlineData("""{"train": 1}""")]
    [InlineData("""{"train": [[]]}""")]
    [InlineData("""{"train": [[[]]]}""")]
    [InlineData("""{"train": [[[60, 48], [60]]]}""")]
    [InlineData("""{"train": [[["60"]]]}""")]
    [InlineData("""{"train": [[[60.5]]]}""")]
    [InlineData("""{"train": [[[-2]]]}""")]
    [InlineData("""{"train": [[[128]]]}""")]
    [InlineData("""{"train": [[[1e999]]]}""")]
    [InlineData("""{"train": [[60]]}""")]
    public void Read_BadFile_SaysSo(string text)
    {
        var exception = Assert.Throws<BadFileException>(() => Read(text));
        Assert.Contains("no file of chorales", exception.Message, StringComparison.Ordinal);
    }

    private static ChoraleSplits Read(string text)
    {
        using var folder = new ScratchFolder();
        return ChoraleFile.Read(folder.Write("chorales.json", Encoding.UTF8.GetBytes(text)));
    }
}
