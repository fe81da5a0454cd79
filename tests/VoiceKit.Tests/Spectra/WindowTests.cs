using VoiceKit.Spectra;

namespace VoiceKit.Tests.Spectra;

public class WindowTests
{
    public static TheoryData<WindowFunction> Functions => [.. Enum.GetValues<WindowFunction>()];

    [Fact]
    public void Hann_Periodic_HasItsValues()
    {
        double[] expected = [0, 0.5, 1, 0.5];
        AssertClose(expected, Window.Hann(4));
    }

    [Fact]
    public void Hamming_Symmetric_HasItsValues()
    {
        double[] expected = [0.08, 0.54, 1, 0.54, 0.08];
        AssertClose(expected, Window.Hamming(5, symmetric: true));
    }

    [Fact]
    public void Blackman_Symmetric_HasItsValues()
    {
        double[] expected = [0, 0.34, 1, 0.34, 0];
        AssertClose(expected, Window.Blackman(5, symmetric: true));
    }

    [Fact]
    public void Nuttall_Symmetric_HasItsValues()
    {
        double[] expected = [0, 0.355768 - 0.144232, 1, 0.355768 - 0.144232, 0];
        AssertClose(expected, Window.Nuttall(5, symmetric: true));
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Create_EveryLength_IsMirrorSymmetric(WindowFunction function)
    {
        for (var length = 1; length <= 257; length++)
        {
            var symmetric = Window.Create(function, length, symmetric: true);
            Assert.Equal(symmetric, symmetric.Reverse());
            var periodic = Window.Create(function, length);
            Assert.Equal(periodic[1..], periodic[1..].Reverse());
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Create_Periodic_ShiftedCopiesAddUpToAConstant(WindowFunction function)
    {
        const int Length = 64;
        var window = Window.Create(function, Length);
        var sums = Enumerable.Range(0, Length / 4).Select(n => window[n] + window[n + 16] + window[n + 32] + window[n + 48]).ToArray();
        Assert.All(sums, sum => Assert.Equal(sums[0], sum, 1e-12));
    }

    [Fact]
    public void Create_BadArguments_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Window.Hann(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Window.Create((WindowFunction)99, 4));
    }

    private static void AssertClose(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var n = 0; n < expected.Length; n++)
            Assert.Equal(expected[n], actual[n], 1e-15);
    }
}
