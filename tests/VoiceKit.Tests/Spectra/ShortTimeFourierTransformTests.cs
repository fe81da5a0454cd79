using VoiceKit.Numerics;
using VoiceKit.Spectra;

namespace VoiceKit.Tests.Spectra;

public class ShortTimeFourierTransformTests
{
    [Theory]
    [InlineData(64, 16, 64, WindowFunction.Hann)]
    [InlineData(64, 32, 64, WindowFunction.Hann)]
    [InlineData(64, 16, 256, WindowFunction.Hamming)]
    [InlineData(50, 13, 64, WindowFunction.Blackman)]
    [InlineData(51, 7, 128, WindowFunction.Nuttall)]
    [InlineData(63, 31, 64, WindowFunction.Rectangular)]
    [InlineData(8, 1, 8, WindowFunction.Hann)]
    [InlineData(2, 1, 2, WindowFunction.Hann)]
    public void Inverse_OfForward_IsTheSignal(int frameLength, int frameShift, int fftLength, WindowFunction window)
    {
        var transform = new ShortTimeFourierTransform(
            new ShortTimeFourierOptions
            {
                FrameLength = frameLength,
                FrameShift = frameShift,
                FftLength = fftLength,
                Window = window,
            }
        );
        foreach (var length in Enumerable.Range(0, 258).Append(1000).Append(4099))
        {
            var signal = SpectrumSignals.Noise(length);
            var result = transform.Inverse(transform.Forward(signal), length);
            Assert.Equal(length, result.Length);
            for (var n = 0; n < length; n++)
                Assert.Equal(signal[n], result[n], 1e-11);
        }
    }

    [Fact]
    public void Forward_AnyFrame_IsTheDefiningSum()
    {
        var options = new ShortTimeFourierOptions
        {
            FrameLength = 12,
            FrameShift = 5,
            FftLength = 16,
        };
        var signal = SpectrumSignals.Noise(30);
        var window = Window.Hann(12);
        var spectrogram = new ShortTimeFourierTransform(options).Forward(signal);
        Assert.Equal(7, spectrogram.Count);
        Assert.Equal(9, spectrogram.BinCount);
        for (var t = 0; t < spectrogram.Count; t++)
        {
            for (var k = 0; k < spectrogram.BinCount; k++)
            {
                var (real, imaginary) = (0.0, 0.0);
                for (var i = 0; i < 12; i++)
                {
                    var n = Math.Abs((t * 5) - 6 + i);
                    n = n < 30 ? n : 58 - n;
                    var angle = 2 * Math.PI * k * (i + 2) / 16;
                    real += signal[n] * window[i] * Math.Cos(angle);
                    imaginary -= signal[n] * window[i] * Math.Sin(angle);
                }

                Assert.Equal(real, spectrogram.Real[t][k], 1e-13);
                Assert.Equal(imaginary, spectrogram.Imaginary[t][k], 1e-13);
                Assert.Equal((real * real) + (imaginary * imaginary), spectrogram.Power()[t][k], 1e-13);
                Assert.Equal(Math.Sqrt((real * real) + (imaginary * imaginary)), spectrogram.Magnitude()[t][k], 1e-12);
            }
        }
    }

    [Fact]
    public void Forward_NoSamples_HasNoFrames()
    {
        var spectrogram = new ShortTimeFourierTransform(new ShortTimeFourierOptions()).Forward([]);
        Assert.Equal(0, spectrogram.Count);
        Assert.Equal(0, spectrogram.Power().Count);
    }

    [Fact]
    public void Forward_OneSample_IsThatSampleTimesTheWindow()
    {
        var spectrogram = new ShortTimeFourierTransform(new ShortTimeFourierOptions { FrameLength = 16, FrameShift = 4 }).Forward([2]);
        Assert.Equal(1, spectrogram.Count);
        Assert.Equal(2 * Window.Hann(16).Sum(), spectrogram.Real[0][0], 1e-13);
    }

    [Fact]
    public void Forward_Sine_HasItsPeakAtTheFrequency()
    {
        const int SampleRate = 16000;
        var signal = Enumerable.Range(0, SampleRate).Select(n => Math.Sin(2 * Math.PI * 1000 * n / SampleRate)).ToArray();
        var transform = new ShortTimeFourierTransform(new ShortTimeFourierOptions { FrameLength = 512, FrameShift = 128 });
        var magnitude = transform.Forward(signal).Magnitude();
        for (var t = 4; t < magnitude.Count - 4; t++)
        {
            // The frame's sum of window values is 256, and half of the amplitude goes to the positive frequency.
            Assert.Equal(128, magnitude[t][1000 * 512 / SampleRate], 1e-9);
        }
    }

    [Fact]
    public void Inverse_SamplesThatNoWindowReaches_AreZero()
    {
        var transform = new ShortTimeFourierTransform(
            new ShortTimeFourierOptions
            {
                FrameLength = 4,
                FrameShift = 20,
                Window = WindowFunction.Rectangular,
            }
        );
        var result = transform.Inverse(transform.Forward(Enumerable.Repeat(1.0, 41).ToArray()), 41);
        Assert.Equal(1, result[0], 1e-14);
        Assert.Equal(1, result[19], 1e-14);
        Assert.Equal(0, result[10]);
    }

    [Fact]
    public void Members_BadArguments_Throw()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ShortTimeFourierTransform(new ShortTimeFourierOptions { FrameLength = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ShortTimeFourierTransform(new ShortTimeFourierOptions { FrameShift = 0 }));
        Assert.Throws<ArgumentException>(() => new ShortTimeFourierTransform(new ShortTimeFourierOptions { FftLength = 1000 }));
        Assert.Throws<ArgumentException>(() => new ShortTimeFourierTransform(new ShortTimeFourierOptions { FftLength = 512 }));
        var transform = new ShortTimeFourierTransform(new ShortTimeFourierOptions { FrameLength = 16, FrameShift = 4 });
        var spectrogram = transform.Forward(new double[40]);
        Assert.Throws<ArgumentException>(() => transform.Inverse(spectrogram, 44));
        Assert.Throws<ArgumentOutOfRangeException>(() => transform.Inverse(spectrogram, -1));
        Assert.Throws<ArgumentException>(() => new ComplexSpectrogram(new FrameBuffer(2, 3), new FrameBuffer(3, 2)));
    }
}
