using VoiceKit.Numerics;

namespace VoiceKit.Tests.Numerics;

public class RandomNumbersTests
{
    /// <summary>First outputs, computed by a program of its own that reproduces the published ones of both generators.</summary>
    [Theory]
    [InlineData(0, 0x99EC5F36CB75F2B4, 0xBF6E1F784956452A, 0x1A5F849D4933E6E0, 0x6AA594F1262D2D2C)]
    [InlineData(1234567, 0x30A3A1C363600467, 0x19405F0F579929CA, 0x115BEAAC046DDBD9, 0xEB17CAF48F27D7F6)]
    [InlineData(ulong.MaxValue, 0x8F5520D52A7EAD08, 0xC476A018CAA1802D, 0x81DE31C0D260469E, 0xBF658D7E065F3C2F)]
    public void NextBits_KnownSeed_GivesTheKnownNumbers(ulong seed, ulong first, ulong second, ulong third, ulong fourth)
    {
        var random = new RandomNumbers(seed);
        Assert.Equal([first, second, third, fourth], Enumerable.Range(0, 4).Select(_ => random.NextBits()));
    }

    [Fact]
    public void NextBits_PublishedState_GivesThePublishedNumbers()
    {
        var random = new RandomNumbers([1, 2, 3, 4]);
        Assert.Equal(
            [11520, 0, 1509978240, 1215971899390074240, 1216172134540287360],
            Enumerable.Range(0, 5).Select(_ => random.NextBits())
        );
    }

    [Fact]
    public void State_PutBack_ContinuesWithTheSameNumbers()
    {
        var random = new RandomNumbers(3);
        for (var i = 0; i < 100; i++)
            random.NextNormal();
        var copy = new RandomNumbers(random.State);
        for (var i = 0; i < 100; i++)
            Assert.Equal(
                (random.NextBits(), random.NextNormal(), random.NextIndex(7)),
                (copy.NextBits(), copy.NextNormal(), copy.NextIndex(7))
            );
        Assert.Equal(random.State, copy.State);
    }

    [Fact]
    public void Constructor_BadState_Throws()
    {
        Assert.Throws<ArgumentException>(() => new RandomNumbers([1, 2, 3]));
        Assert.Throws<ArgumentException>(() => new RandomNumbers([0, 0, 0, 0]));
    }

    [Fact]
    public void NextUniform_ManyNumbers_AreUniform()
    {
        var random = new RandomNumbers(1);
        var counts = new int[20];
        for (var i = 0; i < 100_000; i++)
        {
            var value = random.NextUniform();
            Assert.False(value is < 0 or >= 1);
            counts[(int)(value * 20)]++;
        }

        // Chi-squared with 19 degrees of freedom is above 43.8 once in a thousand.
        Assert.InRange(counts.Sum(count => Math.Pow(count - 5000, 2) / 5000), 0, 43.8);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(10)]
    public void NextIndex_ManyNumbers_AreUniform(int count)
    {
        var random = new RandomNumbers(2);
        var counts = new int[count];
        for (var i = 0; i < 10_000 * count; i++)
            counts[random.NextIndex(count)]++;
        Assert.All(counts, actual => Assert.InRange(actual, 9600, 10400));
    }

    [Fact]
    public void NextIndex_CountsAtTheEnds_StayInRange()
    {
        var random = new RandomNumbers(5);
        Assert.InRange(random.NextIndex(int.MaxValue), 0, int.MaxValue - 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => random.NextIndex(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => random.NextIndex(-1));
    }

    [Fact]
    public void NextNormal_ManyNumbers_HaveTheMomentsOfANormal()
    {
        var random = new RandomNumbers(4);
        var values = Enumerable.Range(0, 100_000).Select(_ => random.NextNormal()).ToArray();
        Assert.Equal(0, values.Average(), 0.012);
        Assert.Equal(1, values.Average(value => value * value), 0.016);
        Assert.Equal(0, values.Average(value => value * value * value), 0.04);
        Assert.Equal(3, values.Average(value => Math.Pow(value, 4)), 0.12);
        Assert.Equal(0.6827, values.Count(value => Math.Abs(value) < 1) / 100_000.0, 0.006);
    }
}
