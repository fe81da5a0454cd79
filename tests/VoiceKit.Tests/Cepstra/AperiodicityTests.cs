using VoiceKit.Cepstra;
using VoiceKit.Numerics;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Cepstra;

public class AperiodicityTests
{
    public static TheoryData<int> Rates => [8000, 11025, 16000, 22050, 44100, 48000, 96000];

    [Theory]
    [MemberData(nameof(Rates))]
    public void EstimateBands_PulsesAndNoise_AreFarApart(int sampleRate)
    {
        var (pulses, noise) = (Tones.PulseTrain(150, sampleRate, 0.4), Tones.Noise(sampleRate, 0.4));
        var d4c = new D4C(sampleRate, 0);
        var periodic = d4c.EstimateBands(pulses, Tones.Constant(150, pulses)).Slice(20, 40).Values.ToArray();
        var aperiodic = d4c.EstimateBands(noise, Tones.Constant(150, noise)).Slice(20, 40).Values.ToArray();
        Assert.True(periodic.Max() < -30, $"a pulse train has up to {periodic.Max()} dB");
        Assert.True(aperiodic.Average() > -6, $"noise has {aperiodic.Average()} dB");
    }

    [Theory]
    [InlineData(16000)]
    [InlineData(48000)]
    public void EstimateBands_ContourThatClaimsVoice_IsNotBelievedForNoise(int sampleRate)
    {
        var noise = Tones.Noise(sampleRate, 0.4);
        Assert.All(new D4C(sampleRate).EstimateBands(noise, Tones.Constant(150, noise)).Values.ToArray(), band => Assert.Equal(0, band));
    }

    [Theory]
    [InlineData(8000)]
    [InlineData(16000)]
    [InlineData(48000)]
    public void Estimate_UnvoicedFrames_AreWhollyAperiodic(int sampleRate)
    {
        var tone = Tones.PulseTrain(150, sampleRate, 0.2);
        Assert.All(
            new D4C(sampleRate).Estimate(tone, Tones.Constant(0, tone), 512).Values.ToArray(),
            share => Assert.Equal(1, share, 1e-9)
        );
    }

    [Theory]
    [MemberData(nameof(Rates))]
    public void Code_OfDecode_IsTheSame(int sampleRate)
    {
        var code = new BandAperiodicity(sampleRate, CheapTrick.FftLengthFor(sampleRate, 71));
        var bands = new Frames(6, code.BandCount, [.. RandomMatrices.Vector(6 * code.BandCount, 1).Select(x => (15 * x) - 17)]);
        var spectra = code.Decode(bands);
        Assert.All(spectra.Values.ToArray(), share => Assert.InRange(share, 0.0009, 1));

        // Where a band's centre lies between two bins, the corner of the curve is cut.
        Assert.All(
            bands.Values.ToArray().Zip(code.Code(spectra).Values.ToArray()),
            pair => Assert.Equal(pair.First, pair.Second, sampleRate % 8000 == 0 ? 1e-9 : 0.5)
        );
    }

    [Fact]
    public void Decode_NearlyAllNoise_IsAllNoise()
    {
        var code = new BandAperiodicity(48000, 2048);
        var decoded = code.Decode(new Frames(2, 5, [-0.1, -0.2, 0, 0, 0, -3, -3, -3, -3, -3]));
        Assert.All(decoded[0].ToArray(), share => Assert.Equal(1, share, 1e-9));
        Assert.Equal(0.001, decoded[1][0], 1e-9);
        Assert.Equal(1, decoded[1][^1], 1e-9);
    }

    [Theory]
    [InlineData(8000, 1)]
    [InlineData(16000, 1)]
    [InlineData(22050, 2)]
    [InlineData(44100, 5)]
    [InlineData(48000, 5)]
    [InlineData(192000, 5)]
    public void BandCountFor_UsualRates_IsWorlds(int sampleRate, int expected) =>
        Assert.Equal(expected, BandAperiodicity.BandCountFor(sampleRate));

    [Fact]
    public void Decode_OtherNumberOfBands_Throws() =>
        Assert.Throws<ArgumentException>(() => new BandAperiodicity(16000, 1024).Decode(new FrameBuffer(1, 2)));
}
