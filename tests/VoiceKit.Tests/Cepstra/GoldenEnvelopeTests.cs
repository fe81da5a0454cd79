using VoiceKit.Cepstra;
using VoiceKit.Numerics;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Cepstra;

public class GoldenEnvelopeTests
{
    public static TheoryData<string> Utterances => Golden.Utterances;

    [Theory]
    [MemberData(nameof(Utterances))]
    public void CheapTrick_GoldenF0_EqualsWorld(string utterance)
    {
        var expected = Golden.Matrix(utterance, "sp");
        var actual = new CheapTrick(16000).Estimate(Golden.Input(utterance), Golden.F0(utterance, "f0_dio_stonemask"));
        var decibels = Pairs(expected, actual).Select(pair => Math.Abs(10 * Math.Log10(pair.Actual / pair.Expected))).ToArray();
        Assert.True(decibels.Average() <= 0.001 && decibels.Max() <= 0.3, $"mean {decibels.Average()} dB, max {decibels.Max()} dB");
    }

    [Theory]
    [MemberData(nameof(Utterances))]
    public void D4C_GoldenF0_EqualsWorld(string utterance)
    {
        var expected = Golden.Matrix(utterance, "ap");
        var actual = new D4C(16000).Estimate(Golden.Input(utterance), Golden.F0(utterance, "f0_dio_stonemask"), 1024);
        var differences = Pairs(expected, actual).Select(pair => Math.Abs(pair.Actual - pair.Expected)).ToArray();
        Assert.True(differences.Average() <= 1e-3, $"mean {differences.Average()}, max {differences.Max()}");
    }

    [Theory]
    [MemberData(nameof(Utterances))]
    public void MelCepstrum_ByFrequencyTransform_EqualsSptk(string utterance) =>
        AssertWithin(1e-6, Golden.Matrix(utterance, "sp2mc"), new MelCepstrum(1024, 24, 0.42).FromEnvelope(Golden.Matrix(utterance, "sp")));

    [Theory]
    [MemberData(nameof(Utterances))]
    public void MelCepstralAnalysis_Newton_EqualsSptk4(string utterance) =>
        AssertWithin(
            1e-6,
            Golden.Matrix(utterance, "mcep_sptk4"),
            new MelCepstralAnalysis(1024, 24, 0.42).Estimate(Golden.Matrix(utterance, "sp"))
        );

    [Theory]
    [MemberData(nameof(Utterances))]
    public void MelCepstralAnalysis_Converged_EqualsSptk39(string utterance) =>
        AssertWithin(
            5e-6,
            Golden.Matrix(utterance, "mcep_sptk39_from_sp_converged"),
            new MelCepstralAnalysis(1024, 24, 0.42, 100, 1e-9).Estimate(Golden.Matrix(utterance, "sp"))
        );

    internal static IEnumerable<(double Expected, double Actual)> Pairs(Frames expected, Frames actual)
    {
        Assert.Equal((expected.Count, expected.Dimension), (actual.Count, actual.Dimension));
        return expected.Values.ToArray().Zip(actual.Values.ToArray());
    }

    private static void AssertWithin(double tolerance, Frames expected, Frames actual)
    {
        var largest = Pairs(expected, actual).Max(pair => Math.Abs(pair.Actual - pair.Expected));
        Assert.True(largest <= tolerance, $"the largest difference is {largest}");
    }
}
