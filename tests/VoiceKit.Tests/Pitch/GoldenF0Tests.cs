using VoiceKit.Pitch;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Pitch;

public class GoldenF0Tests
{
    public static TheoryData<string> Utterances => Golden.Utterances;

    [Theory]
    [MemberData(nameof(Utterances))]
    public void Dio_Unrefined_EqualsWorld(string utterance) =>
        AssertInterchangeable(
            Golden.F0(utterance, "f0_dio"),
            new Dio(new DioOptions { Refine = false }).Estimate(Golden.Input(utterance)),
            1e-6
        );

    [Theory]
    [MemberData(nameof(Utterances))]
    public void Dio_Refined_EqualsWorldWithStoneMask(string utterance) =>
        AssertInterchangeable(Golden.F0(utterance, "f0_dio_stonemask"), new Dio().Estimate(Golden.Input(utterance)), 1e-6);

    [Theory]
    [MemberData(nameof(Utterances))]
    public void Harvest_Defaults_EqualsWorld(string utterance) =>
        AssertInterchangeable(Golden.F0(utterance, "f0_harvest"), new Harvest().Estimate(Golden.Input(utterance)), 1e-6);

    /// <summary>Voicing the same everywhere, and F0 within <paramref name="hertz"/> wherever both are voiced.</summary>
    private static void AssertInterchangeable(F0Contour expected, F0Contour actual, double hertz)
    {
        Assert.Equal(expected.Count, actual.Count);
        var flips = Enumerable.Range(0, expected.Count).Count(t => expected[t] > 0 != actual[t] > 0);
        var largest = Enumerable
            .Range(0, expected.Count)
            .Max(t => expected[t] > 0 && actual[t] > 0 ? Math.Abs(expected[t] - actual[t]) : 0);
        Assert.True(
            flips == 0 && largest <= hertz,
            $"{flips} of {expected.Count} frames are voiced otherwise; the largest difference is {largest} Hz"
        );
    }
}
