using MathNet.Numerics.IntegralTransforms;
using VoiceKit.Numerics;

namespace VoiceKit.Tests.Numerics;

public class RealFftTests
{
    public static TheoryData<int> Lengths => [2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 65536, 131072];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Forward_RandomSignal_EqualsMathNet(int length)
    {
        var signal = Noise(length, 1);
        var expected = signal.Select(value => new System.Numerics.Complex(value, 0)).ToArray();
        Fourier.Forward(expected, FourierOptions.AsymmetricScaling);

        var (real, imaginary) = Forward(signal);

        var tolerance = 4e-16 * Math.Log2(length) * Math.Sqrt(length);
        for (var k = 0; k <= length / 2; k++)
        {
            Assert.Equal(expected[k].Real, real[k], 4 * tolerance);
            Assert.Equal(expected[k].Imaginary, imaginary[k], 4 * tolerance);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(64)]
    [InlineData(512)]
    [InlineData(1024)]
    public void Forward_RandomSignal_EqualsDefiningSum(int length)
    {
        var signal = Noise(length, 2);
        var (real, imaginary) = Forward(signal);
        var (worst, norm) = (0.0, 0.0);
        for (var k = 0; k <= length / 2; k++)
        {
            var (re, im) = (0.0, 0.0);
            for (var n = 0; n < length; n++)
            {
                var (sin, cos) = double.SinCosPi(2.0 * ((long)k * n % length) / length);
                re += signal[n] * cos;
                im -= signal[n] * sin;
            }

            worst = Math.Max(worst, Math.Max(Math.Abs(re - real[k]), Math.Abs(im - imaginary[k])));
            norm = Math.Max(norm, Math.Max(Math.Abs(re), Math.Abs(im)));
        }

        Assert.True(worst <= 4e-15 * norm, $"error {worst / norm}");
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Inverse_OfForward_IsTheSignal(int length)
    {
        var signal = Noise(length, 3);
        var (real, imaginary) = Forward(signal);
        var result = new double[length];
        new RealFft(length).Inverse(real, imaginary, result);
        for (var n = 0; n < length; n++)
            Assert.Equal(signal[n], result[n], 2e-15);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(64)]
    [InlineData(2048)]
    public void Inverse_ImaginaryPartsAtTheEnds_AreIgnored(int length)
    {
        var (real, imaginary) = Forward(Noise(length, 4));
        var expected = new double[length];
        var result = new double[length];
        var fft = new RealFft(length);
        fft.Inverse(real, imaginary, expected);
        imaginary[0] = 3;
        imaginary[^1] = -5;
        fft.Inverse(real, imaginary, result);
        Assert.Equal(expected, result);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Forward_SumOfSignals_IsSumOfSpectra(int length)
    {
        var (a, b) = (Noise(length, 5), Noise(length, 6));
        var (realA, _) = Forward(a);
        var (realB, _) = Forward(b);
        var (real, _) = Forward([.. a.Zip(b, (x, y) => (2 * x) - (3 * y))]);
        for (var k = 0; k <= length / 2; k++)
            Assert.Equal((2 * realA[k]) - (3 * realB[k]), real[k], 1e-14 * length);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Forward_AnySignal_KeepsTheEnergy(int length)
    {
        var signal = Noise(length, 7);
        var (real, imaginary) = Forward(signal);
        var energy = 0.0;
        for (var k = 0; k <= length / 2; k++)
            energy += (k == 0 || k == length / 2 ? 1 : 2) * ((real[k] * real[k]) + (imaginary[k] * imaginary[k]));
        Assert.Equal(1, energy / length / signal.Sum(value => value * value), 1e-13);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(64)]
    [InlineData(512)]
    [InlineData(1024)]
    public void ForwardAndInverse_ResultsOverTheArguments_AreRight(int length)
    {
        var signal = Noise(length, 8);
        var (expectedReal, expectedImaginary) = Forward(signal);
        var fft = new RealFft(length);
        var shared = new double[length + 2];
        var imaginary = new double[fft.BinCount];
        signal.CopyTo(shared, 0);
        fft.Forward(shared, shared, imaginary);
        Assert.Equal(expectedReal, shared[..fft.BinCount]);
        Assert.Equal(expectedImaginary, imaginary);

        fft.Inverse(shared, imaginary, shared);
        for (var n = 0; n < length; n++)
            Assert.Equal(signal[n], shared[n], 2e-15);
    }

    [Fact]
    public void Forward_ManyCalls_AllocatesNothing()
    {
        var fft = new RealFft(1024);
        var signal = Noise(1024, 9);
        var (real, imaginary) = (new double[513], new double[513]);
        fft.Forward(signal, real, imaginary);
        fft.Inverse(real, imaginary, signal);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            fft.Forward(signal, real, imaginary);
            fft.Inverse(real, imaginary, signal);
        }

        // The runtime itself may allocate a little once; 200 arrays or objects of ours would be at least 4800 bytes.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000);
    }

    [Theory]
    [InlineData(-4)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(48)]
    [InlineData(1000)]
    public void Constructor_NotAPowerOfTwo_Throws(int length) => Assert.Throws<ArgumentOutOfRangeException>(() => new RealFft(length));

    [Theory]
    [InlineData(15, 9, 9, "signal")]
    [InlineData(16, 8, 9, "real")]
    [InlineData(16, 9, 8, "imaginary")]
    public void Forward_SpanTooShort_Throws(int signal, int real, int imaginary, string name)
    {
        var error = Assert.Throws<ArgumentException>(() =>
            new RealFft(16).Forward(new double[signal], new double[real], new double[imaginary])
        );
        Assert.Equal(name, error.ParamName);
    }

    private static (double[] Real, double[] Imaginary) Forward(double[] signal)
    {
        var fft = new RealFft(signal.Length);
        var (real, imaginary) = (new double[fft.BinCount], new double[fft.BinCount]);
        fft.Forward(signal, real, imaginary);
        return (real, imaginary);
    }

    private static double[] Noise(int length, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => (2 * random.NextDouble()) - 1)];
    }
}
