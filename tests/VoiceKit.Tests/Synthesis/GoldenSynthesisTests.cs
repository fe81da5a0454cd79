using VoiceKit.Synthesis;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Synthesis;

public class GoldenSynthesisTests
{
    public static TheoryData<string> Utterances => Golden.Utterances;

    [Theory]
    [MemberData(nameof(Utterances))]
    public void Synthesize_GoldenFeatures_EqualsWorldSampleBySample(string utterance)
    {
        var expected = Golden.Vector(utterance, "synth_tiebroken");
        var actual = new WorldSynthesizer(16000, 1024)
            .Synthesize(Golden.F0(utterance, "f0_dio_stonemask"), Golden.Matrix(utterance, "sp"), Golden.Matrix(utterance, "ap"))
            .Samples.ToArray();
        Assert.Equal(expected.Length, actual.Length);
        var largest = expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max();
        Assert.True(largest <= 1e-6, $"the largest difference is {largest}");
    }
}
