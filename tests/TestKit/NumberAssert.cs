namespace VoiceKit.Tests.TestKit;

/// <summary>Comparisons of long arrays: the message is made for the first difference alone.</summary>
internal static class NumberAssert
{
    /// <summary>Each number lies within its bound of the expected one.</summary>
    public static void Near(IReadOnlyList<double> expected, IReadOnlyList<float> actual, Func<double, double> bound, string what = "")
    {
        Assert.Equal(expected.Count, actual.Count);
        for (var i = 0; i < expected.Count; i++)
        {
            // Written so that an undefined number is a difference.
            if (!(Math.Abs(expected[i] - actual[i]) <= bound(expected[i])))
                Assert.Fail($"{what} element {i}: {actual[i]}, not {expected[i]} within {bound(expected[i])}");
        }
    }

    /// <summary>Each number lies within one bound of the expected one.</summary>
    public static void Near(IReadOnlyList<double> expected, IReadOnlyList<float> actual, double bound) =>
        Near(expected, actual, _ => bound);

    /// <summary>The same floats, undefined ones included.</summary>
    public static void SameBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(expected[i]) != BitConverter.SingleToInt32Bits(actual[i]))
                Assert.Fail($"element {i}: {actual[i]:R}, not {expected[i]:R}");
        }
    }

    /// <summary>Nothing but undefined numbers.</summary>
    public static void AllUndefined(ReadOnlySpan<float> values)
    {
        foreach (var value in values)
            Assert.True(float.IsNaN(value));
    }
}
