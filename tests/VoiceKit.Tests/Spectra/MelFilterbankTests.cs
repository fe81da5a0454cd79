using VoiceKit.Numerics;
using VoiceKit.Spectra;

namespace VoiceKit.Tests.Spectra;

public class MelFilterbankTests
{
    [Theory]
    [InlineData(MelScale.Slaney, 0, 0)]
    [InlineData(MelScale.Slaney, 500, 7.5)]
    [InlineData(MelScale.Slaney, 1000, 15)]
    [InlineData(MelScale.Slaney, 6400, 42)]
    [InlineData(MelScale.Htk, 0, 0)]
    [InlineData(MelScale.Htk, 700, 781.1728387480)]
    [InlineData(MelScale.Htk, 6300, 2595)]
    public void ToMel_KnownFrequency_IsTheKnownValue(MelScale scale, double frequency, double mel)
    {
        Assert.Equal(mel, scale.ToMel(frequency), 1e-9);
        Assert.Equal(frequency, scale.ToHertz(mel), 1e-8);
    }

    [Fact]
    public void Constructor_SlaneyInTheLinearPart_HasTheTrianglesOfTheFormula()
    {
        // 13 filters up to 6400 Hz (42 mel) have their edges 3 mel = 200 Hz apart below 1000 Hz: 0, 200, 400, ...; the bins are 50 Hz
        // apart.
        var filterbank = new MelFilterbank(16000, 320, new MelFilterbankOptions { FilterCount = 13, HighestFrequency = 6400 });
        var matrix = filterbank.ToMatrix();
        double[] triangle = [0, 0.25, 0.5, 0.75, 1, 0.75, 0.5, 0.25, 0];
        for (var m = 0; m < 4; m++)
        {
            Assert.Equal(200 * (m + 1), filterbank.CenterFrequency(m), 1e-9);
            for (var k = 0; k < 161; k++)
            {
                var i = k - (4 * m);
                Assert.Equal(i is >= 0 and < 9 ? triangle[i] / 200 : 0, matrix[m][k], 1e-15);
            }
        }
    }

    [Fact]
    public void Constructor_DefaultOptions_HasTheRowsOfTheFormula()
    {
        // librosa.filters.mel(sr=22050, n_fft=1024, n_mels=80), written out from its definition with dense ramps.
        const int SampleRate = 22050;
        var matrix = new MelFilterbank(SampleRate, 1024, new MelFilterbankOptions()).ToMatrix();
        var highest = 15 + (27 * Math.Log(11.025) / Math.Log(6.4));
        double Edge(int i) => highest * i / 81 < 15 ? 200.0 / 3 * highest * i / 81 : 1000 * Math.Pow(6.4, ((highest * i / 81) - 15) / 27);
        for (var m = 0; m < 80; m++)
        {
            for (var k = 0; k <= 512; k++)
            {
                var f = (double)k * SampleRate / 1024;
                var lower = (f - Edge(m)) / (Edge(m + 1) - Edge(m));
                var upper = (Edge(m + 2) - f) / (Edge(m + 2) - Edge(m + 1));
                Assert.Equal(Math.Max(0, Math.Min(lower, upper)) * 2 / (Edge(m + 2) - Edge(m)), matrix[m][k], 1e-12);
            }
        }
    }

    [Theory]
    [InlineData(MelScale.Slaney)]
    [InlineData(MelScale.Htk)]
    public void Constructor_NormalizeArea_RowsHaveUnitArea(MelScale scale)
    {
        var matrix = new MelFilterbank(16000, 16384, new MelFilterbankOptions { FilterCount = 40, Scale = scale }).ToMatrix();
        for (var m = 0; m < 40; m++)
            Assert.Equal(1, matrix[m].ToArray().Sum() * 16000 / 16384, 2e-3);
    }

    [Fact]
    public void Constructor_UnitHeight_RowsAddUpToOneBetweenTheOuterPeaks()
    {
        var filterbank = new MelFilterbank(
            16000,
            1024,
            new MelFilterbankOptions
            {
                FilterCount = 40,
                Scale = MelScale.Htk,
                NormalizeArea = false,
            }
        );
        var matrix = filterbank.ToMatrix();
        for (var k = 0; k <= 512; k++)
        {
            if (k * 15.625 >= filterbank.CenterFrequency(0) && k * 15.625 <= filterbank.CenterFrequency(39))
                Assert.Equal(1, matrix.Column(k).Sum(), 1e-9);
        }
    }

    [Fact]
    public void Apply_AnySpectrum_IsTheMatrixProduct()
    {
        var filterbank = new MelFilterbank(
            16000,
            512,
            new MelFilterbankOptions
            {
                FilterCount = 100,
                LowestFrequency = 50,
                HighestFrequency = 7000,
                Scale = MelScale.Htk,
            }
        );
        var power = new Frames(3, 257, SpectrumSignals.Noise(3 * 257));
        var result = filterbank.Apply(power);
        var matrix = filterbank.ToMatrix();
        for (var t = 0; t < 3; t++)
        {
            for (var m = 0; m < 100; m++)
            {
                var sum = 0.0;
                for (var k = 0; k < 257; k++)
                    sum += matrix[m][k] * power[t][k];
                Assert.Equal(sum, result[t][m], 1e-13);
            }
        }
    }

    [Fact]
    public void Members_BadArguments_Throw()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new MelFilterbank(0, 512, new MelFilterbankOptions()));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MelFilterbank(16000, 511, new MelFilterbankOptions()));
        Assert.Throws<ArgumentException>(() => new MelFilterbank(16000, 512, new MelFilterbankOptions { FilterCount = 0 }));
        Assert.Throws<ArgumentException>(() => new MelFilterbank(16000, 512, new MelFilterbankOptions { LowestFrequency = -1 }));
        Assert.Throws<ArgumentException>(() => new MelFilterbank(16000, 512, new MelFilterbankOptions { HighestFrequency = 8001 }));
        Assert.Throws<ArgumentException>(() =>
            new MelFilterbank(16000, 512, new MelFilterbankOptions { LowestFrequency = 100, HighestFrequency = 100 })
        );
        var filterbank = new MelFilterbank(16000, 512, new MelFilterbankOptions());
        Assert.Throws<ArgumentException>(() => filterbank.Apply(new double[256], new double[80]));
        Assert.Throws<ArgumentException>(() => filterbank.Apply(new double[257], new double[79]));
        Assert.Throws<ArgumentException>(() => filterbank.Apply(new FrameBuffer(2, 256)));
        Assert.Throws<ArgumentOutOfRangeException>(() => filterbank.CenterFrequency(80));
    }
}
