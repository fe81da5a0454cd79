using VoiceKit.Audio;
using VoiceKit.Synthesis;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Synthesis;

public class GoldenMlsaTests
{
    private const string Utterance = "slt_01";

    [Fact]
    public void Filter_GoldenExcitation_EqualsSptkToFloatPrecision()
    {
        // mlsadf -P 5 has one section for any frame. These frames go up to |F2| = 6.4, so that the limit must be set above that for the
        // same structure.
        var filter = new MlsaFilter(24, 0.42, new MlsaOptions { PadeOrder = 5, SectionLimit = 7 });
        var excitation = new Waveform(Golden.Vector(Utterance, "excitation_sptk39"), 16000);
        var expected = Golden.Vector(Utterance, "mlsa_out_sptk39");

        var actual = filter
            .Filter(excitation, Golden.Matrix(Utterance, "mcep_sptk39_from_sp"), TimeSpan.FromMilliseconds(5))
            .Samples.ToArray();

        Assert.Equal(expected.Length, actual.Length);
        var level = RootMeanSquare(expected);
        var largest = expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max();
        var error = RootMeanSquare([.. expected.Zip(actual, (e, a) => e - a)]);
        Assert.True(largest <= 3e-7 * level, $"the largest difference is {largest / level} of the RMS level {level}");
        Assert.True(error <= 5e-8 * level, $"the RMS difference is {error / level} of the RMS level {level}");
    }

    [Fact]
    public void Generate_GoldenF0_PlacesThePulsesOfSptk()
    {
        // Noise is +1 or -1 in the golden file; what is neither is voiced.
        var expected = Golden.Vector(Utterance, "excitation_sptk39");
        var actual = PulseExcitation.Generate(Golden.F0(Utterance, "f0_dio_stonemask"), 16000, expected.Length).Samples.ToArray();

        var voiced = Enumerable.Range(0, expected.Length).Where(i => Math.Abs(expected[i]) != 1).ToArray();
        Assert.Equal(22400, voiced.Length);
        Assert.Equal(246, voiced.Count(i => expected[i] != 0));
        Assert.All(voiced, i => Assert.Equal(expected[i], actual[i], 2e-6));
        Assert.DoesNotContain(0.0, actual.Where((_, i) => Math.Abs(expected[i]) == 1));
    }

    private static double RootMeanSquare(double[] values) => Math.Sqrt(values.Average(value => value * value));
}
