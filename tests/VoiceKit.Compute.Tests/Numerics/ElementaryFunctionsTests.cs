using VoiceKit.Numerics;

namespace VoiceKit.Tests.Numerics;

public class ElementaryFunctionsTests
{
    private static readonly double[] Edges =
    [
        0,
        -0.0,
        1,
        -1,
        1e-320,
        2.3e-308,
        double.Epsilon,
        double.MaxValue,
        double.MinValue,
        double.NaN,
        double.PositiveInfinity,
        double.NegativeInfinity,
        709.78,
        709.8,
        -708.5,
        -740,
        -745.1,
        -745.2,
        1e6,
        1.0000001e6,
        -1e9,
        Math.PI,
        Math.PI / 2,
        Math.PI / 4,
    ];

    [Fact]
    public void Exp_WideRange_EqualsMath() => AssertEqual(ElementaryFunctions.Exp, Math.Exp, Arguments(-720, 710));

    [Fact]
    public void Log_WideRange_EqualsMath()
    {
        AssertEqual(ElementaryFunctions.Log, Math.Log, Arguments(1e-9, 3));
        AssertEqual(ElementaryFunctions.Log, Math.Log, [.. Arguments(-720, 700).Select(Math.Exp)]);
    }

    [Fact]
    public void SinCos_WideRange_EqualsMath()
    {
        AssertEqual(Sine, Math.Sin, Arguments(-300, 300));
        AssertEqual(Cosine, Math.Cos, Arguments(-300, 300));
        AssertEqual(Sine, Math.Sin, Arguments(-2e6, 2e6));
    }

    [Fact]
    public void Exp_AnyLengthAndNeighbours_GivesTheSameBits() => AssertAlone(ElementaryFunctions.Exp);

    [Fact]
    public void Log_AnyLengthAndNeighbours_GivesTheSameBits() => AssertAlone(ElementaryFunctions.Log);

    [Fact]
    public void SinCos_AnyLengthAndNeighbours_GivesTheSameBits()
    {
        AssertAlone(Sine);
        AssertAlone(Cosine);
    }

    [Fact]
    public void Exp_ShortDestination_Throws() =>
        Assert.Throws<ArgumentException>(() => ElementaryFunctions.Exp(new double[4], new double[3]));

    private static void Sine(ReadOnlySpan<double> x, Span<double> destination) =>
        ElementaryFunctions.SinCos(x, destination, new double[x.Length]);

    private static void Cosine(ReadOnlySpan<double> x, Span<double> destination) =>
        ElementaryFunctions.SinCos(x, new double[x.Length], destination);

    private static double[] Arguments(double from, double to)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, 20000).Select(_ => from + ((to - from) * random.NextDouble())), .. Edges];
    }

    private static void AssertEqual(SpanFunction function, Func<double, double> expected, double[] x)
    {
        var actual = new double[x.Length];
        function(x, actual);
        for (var i = 0; i < x.Length; i++)
        {
            // Two units in the last place; near the zeros of a sine the argument's reduction limits it.
            var value = expected(x[i]);
            var same =
                value.Equals(actual[i])
                || Math.Abs(value - actual[i]) <= Math.Max(2 * (Math.BitIncrement(Math.Abs(value)) - Math.Abs(value)), 1e-22);
            Assert.True(same, $"f({x[i]:R}) is {actual[i]:R}, not {value:R}");
        }
    }

    /// <summary>A value's result is the same at every place of spans of every length.</summary>
    private static void AssertAlone(SpanFunction function)
    {
        var x = Arguments(-800, 800)[^257..];
        var expected = new double[x.Length];
        for (var i = 0; i < x.Length; i++)
            function(x.AsSpan(i, 1), expected.AsSpan(i, 1));
        for (var length = 0; length <= x.Length; length++)
        {
            for (var start = 0; start < 4 && start + length <= x.Length; start++)
            {
                var actual = x.AsSpan(start, length).ToArray();
                function(actual, actual);
                Assert.Equal(expected.AsSpan(start, length).ToArray(), actual);
            }
        }
    }

    private delegate void SpanFunction(ReadOnlySpan<double> x, Span<double> destination);
}
