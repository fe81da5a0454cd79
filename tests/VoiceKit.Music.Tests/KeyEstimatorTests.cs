using VoiceKit.Music;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Music;

public class KeyEstimatorTests
{
    private static readonly int[] MajorTune = [60, 62, 64, 65, 67, 69, 71, 72, 67, 64, 60, 60];
    private static readonly int[] MinorTune = [57, 59, 60, 62, 64, 65, 68, 69, 64, 60, 57, 57];

    public static TheoryData<int> Semitones => [.. Enumerable.Range(-11, 23)];

    [Theory]
    [MemberData(nameof(Semitones))]
    public void Estimate_TransposedScale_IsItsKey(int semitones)
    {
        var major = KeyEstimator.Estimate(Rolls.Quarters(MajorTune).Transpose(semitones));
        var minor = KeyEstimator.Estimate(Rolls.Quarters(MinorTune).Transpose(semitones));
        Assert.Equal(((semitones + 12) % 12, true), (major.Tonic, major.IsMajor));
        Assert.Equal(((semitones + 21) % 12, false), (minor.Tonic, minor.IsMajor));
        Assert.InRange(major.Correlation, 0.8, 1);
    }

    [Theory]
    [MemberData(nameof(Semitones))]
    public void TranspositionToC_AnyKey_BringsItToTheWhiteKeys(int semitones)
    {
        var roll = Rolls.Quarters(MinorTune).Transpose(semitones);
        var shift = KeyEstimator.Estimate(roll).TranspositionToC;
        Assert.InRange(shift, -5, 6);
        var moved = KeyEstimator.Estimate(roll.Transpose(shift));
        Assert.Equal(("A minor", 0), (moved.ToString(), moved.TranspositionToC));
    }

    [Fact]
    public void Estimate_Score_CountsDurationsAndNoPercussion()
    {
        var score = Rolls.Quarters(MajorTune).ToScore(100);
        var expected = KeyEstimator.Estimate(Rolls.Quarters(MajorTune));
        Assert.Equal(expected.Correlation, KeyEstimator.Estimate(score).Correlation, 12);
        var drums = score with { Notes = [.. score.Notes, new NoteEvent(0, 1_000_000, 61, 80, 9, 0)] };
        Assert.Equal(expected.Correlation, KeyEstimator.Estimate(drums).Correlation, 12);
    }

    [Fact]
    public void Estimate_NoDifference_IsNoKey()
    {
        double[] flat = [.. Enumerable.Repeat(0.1, 12)];
        Assert.Equal(new MusicalKey(0, true, 0), KeyEstimator.Estimate(new double[12]));
        Assert.Equal(new MusicalKey(0, true, 0), KeyEstimator.Estimate(flat));
        Assert.Throws<ArgumentException>(() => KeyEstimator.Estimate(new double[11]));
    }

    [Fact]
    public void Transpose_NoteThatLeavesTheRange_MovesAsAWhole()
    {
        var roll = new PianoRoll(PitchRange.Choir, 1, 4, [47, 1, 0, 40, 1]).Transpose(2);
        Assert.Equal([71, 71, -1, 76, 76], Enumerable.Range(0, 5).Select(step => roll.PitchAt(step, 0)));
        Assert.Equal([37, 1, 0, 42, 1], roll.States.ToArray());
    }
}
