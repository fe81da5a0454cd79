using System.Numerics;
using VoiceKit.Numerics;

namespace VoiceKit.Tests.Numerics;

public class ComplexSpectrumTests
{
    [Fact]
    public void MultiplyBy_EveryLength_IsTheComplexProduct()
    {
        var random = new Random(1);
        for (var length = 0; length <= 257; length++)
        {
            var (a, b, c, d) = (Noise(random, length), Noise(random, length), Noise(random, length), Noise(random, length));
            var (real, imaginary) = ((double[])a.Clone(), (double[])b.Clone());
            ComplexSpectrum.MultiplyBy(real, imaginary, c, d);
            for (var k = 0; k < length; k++)
            {
                var expected = new Complex(a[k], b[k]) * new Complex(c[k], d[k]);
                Assert.Equal(expected.Real, real[k], 1e-15);
                Assert.Equal(expected.Imaginary, imaginary[k], 1e-15);
            }
        }
    }

    [Fact]
    public void MultiplyBy_UnequalLengths_Throws() =>
        Assert.Throws<ArgumentException>(() => ComplexSpectrum.MultiplyBy(new double[3], new double[3], new double[3], new double[2]));

    [Fact]
    public void Mirror_EvenLengths_ContinuesTheSequence()
    {
        for (var length = 2; length <= 256; length += 2)
        {
            var sequence = Noise(new Random(length), length);
            ComplexSpectrum.Mirror(sequence);
            for (var k = 1; k < length / 2; k++)
                Assert.Equal(sequence[k], sequence[length - k]);
        }
    }

    private static double[] Noise(Random random, int length) => [.. Enumerable.Range(0, length).Select(_ => random.NextDouble() - 0.5)];
}
