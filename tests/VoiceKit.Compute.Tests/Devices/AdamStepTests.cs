using VoiceKit.Devices;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Devices;

public class AdamStepTests
{
    public static TheoryData<string, int> Lengths =>
        TestDevices.With([0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 257, 100_003], length => length > 257);

    public static TheoryData<string> Devices => TestDevices.All;

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Adam_SeveralSteps_EqualsReference(string deviceName, int length)
    {
        const double Rate = 0.01,
            Beta1 = 0.5,
            Beta2 = 0.9,
            Epsilon = 1e-8,
            Decay = 1e-3;
        using var device = TestDevices.Create(deviceName);
        var parameters = device.Put(DeviceNumbers.Uniform(1, length));
        var (first, second) = (device.Put(new float[length]), device.Put(new float[length]));
        var expected = Array.ConvertAll(DeviceNumbers.Uniform(1, length), value => (double)value);
        var (m, v) = (new double[length], new double[length]);
        for (var t = 1; t <= 5; t++)
        {
            var g = DeviceNumbers.Uniform(t + 1, length);
            var rootOfSecond = Math.Sqrt(1 - Math.Pow(Beta2, t));
            var step = new AdamStep(
                (float)(Rate * rootOfSecond / (1 - Math.Pow(Beta1, t))),
                (float)Beta1,
                (float)Beta2,
                (float)(Epsilon * rootOfSecond),
                (float)Decay
            );
            device.Adam(step, device.Put(g), parameters, first, second);

            // Algorithm 1 as it is printed, the moments corrected rather than the rate.
            for (var i = 0; i < length; i++)
            {
                m[i] = (Beta1 * m[i]) + ((1 - Beta1) * g[i]);
                v[i] = (Beta2 * v[i]) + ((1 - Beta2) * g[i] * g[i]);
                var (correctedM, correctedV) = (m[i] / (1 - Math.Pow(Beta1, t)), v[i] / (1 - Math.Pow(Beta2, t)));
                expected[i] = (expected[i] * (1 - Decay)) - (Rate * correctedM / (Math.Sqrt(correctedV) + Epsilon));
            }
        }

        NumberAssert.Near(expected, device.Read(parameters), 2e-6);
        NumberAssert.Near(m, device.Read(first), 2e-6);
        NumberAssert.Near(v, device.Read(second), 2e-6);
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Adam_NoGradient_LeavesTheParametersAsTheyAre(string deviceName)
    {
        using var device = TestDevices.Create(deviceName);
        var parameters = device.Put(DeviceNumbers.Uniform(1, 11));
        var zeros = device.Put(new float[11]);
        device.Adam(new AdamStep(0.1f, 0, 0.9f, 1e-8f), device.Put(new float[11]), parameters, zeros, device.Put(new float[11]));
        Assert.Equal(DeviceNumbers.Uniform(1, 11), device.Read(parameters));
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Adam_OtherLengths_Throws(string deviceName)
    {
        using var device = TestDevices.Create(deviceName);
        var (two, three) = (device.Put(1, 2), device.Put(1, 2, 3));
        var step = new AdamStep(0.1f, 0, 0.9f, 1e-8f);
        Assert.Throws<ArgumentException>(() => device.Adam(step, two, three, three, three));
        Assert.Throws<ArgumentException>(() => device.Adam(step, three, two, three, three));
        Assert.Throws<ArgumentException>(() => device.Adam(step, three, three, two, three));
        Assert.Throws<ArgumentException>(() => device.Adam(step, three, three, three, two));
    }
}
