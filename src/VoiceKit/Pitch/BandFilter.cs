using VoiceKit.Numerics;

namespace VoiceKit.Pitch;

/// <summary>Filters one signal by many FIR filters through its spectrum, which is computed once.</summary>
internal sealed class BandFilter
{
    private readonly RealFft fft;
    private readonly double[] spectrumReal;
    private readonly double[] spectrumImaginary;
    private readonly double[] filterReal;
    private readonly double[] filterImaginary;
    private readonly double[] buffer;

    /// <summary>Takes the spectrum of <paramref name="signal"/>; <paramref name="margin"/> is the longest filter's length in samples.</summary>
    internal BandFilter(ReadOnlySpan<double> signal, int margin)
    {
        fft = new RealFft((int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(signal.Length + margin + 1)));
        spectrumReal = new double[fft.BinCount];
        spectrumImaginary = new double[fft.BinCount];
        filterReal = new double[fft.BinCount];
        filterImaginary = new double[fft.BinCount];
        buffer = new double[fft.Length];
        signal.CopyTo(buffer);
        fft.Forward(buffer, spectrumReal, spectrumImaginary);
    }

    /// <summary>Replaces the signal by its convolution with <paramref name="response"/>, given around time 0 (index 0 = time 0, negative times at the end).</summary>
    internal void FilterInPlace(Action<Span<double>> response)
    {
        MultiplyBy(response);
        filterReal.CopyTo(spectrumReal, 0);
        filterImaginary.CopyTo(spectrumImaginary, 0);
    }

    /// <summary>Convolves the signal with a filter and skips the filter's delay.</summary>
    /// <param name="response">Writes the impulse response to a cleared buffer.</param>
    /// <param name="delay">The samples to skip.</param>
    /// <param name="length">The samples to return.</param>
    /// <returns>The filtered signal: a view of a buffer that the next call overwrites; it may be changed.</returns>
    internal Span<double> Apply(Action<Span<double>> response, int delay, int length)
    {
        MultiplyBy(response);
        fft.Inverse(filterReal, filterImaginary, buffer);
        return buffer.AsSpan(delay, length);
    }

    private void MultiplyBy(Action<Span<double>> response)
    {
        Array.Clear(buffer);
        response(buffer);
        fft.Forward(buffer, filterReal, filterImaginary);

        ComplexSpectrum.MultiplyBy(filterReal, filterImaginary, spectrumReal, spectrumImaginary);
    }
}
