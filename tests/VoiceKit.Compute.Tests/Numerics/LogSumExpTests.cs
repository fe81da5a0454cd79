using VoiceKit.Numerics;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Numerics;

public class LogSumExpTests
{
    private const double None = double.NegativeInfinity;

    [Theory]
    [InlineData(new[] { 1000.0, 1000 }, new[] { 0.5, 0.5 }, 1000.6931471805599)]
    [InlineData(new[] { -1000.0, -1000 }, new[] { 0.5, 0.5 }, -999.3068528194401)]
    [InlineData(new[] { 0.0, 1.0986122886681098 }, new[] { 0.25, 0.75 }, 1.3862943611198906)]
    [InlineData(new[] { None, 2.0 }, new[] { 0.0, 1 }, 2.0)]
    [InlineData(new[] { None, None, None, None }, new[] { 0.25, 0.25, 0.25, 0.25 }, None)]
    [InlineData(new[] { -5.0 }, new[] { 1.0 }, -5.0)]
    [InlineData(new[] { 0.0, -2000 }, new[] { 1.0, 0 }, 0.0)]
    public void Normalize_ExtremeLogarithms_GivesSharesAndTheSum(double[] logarithms, double[] shares, double sum)
    {
        var values = logarithms.ToArray();
        Assert.Equal(sum, LogSumExp.Normalize(values), 1e-12);
        Assert.All(shares.Zip(values), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }

    [Fact]
    public void Normalize_EveryLength_SumsToOne()
    {
        for (var n = 1; n <= 257; n++)
        {
            var values = RandomMatrices.Vector(n, n).Select(x => 700 * x).ToArray();
            var expected = values.Max() + Math.Log(values.Sum(x => Math.Exp(x - values.Max())));
            Assert.Equal(expected, LogSumExp.Normalize(values), 1e-9);
            Assert.Equal(1, values.Sum(), 1e-12);
        }
    }
}
