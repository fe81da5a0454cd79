using VoiceKit.Cepstra;
using VoiceKit.Numerics;

namespace VoiceKit.Aperiodicity;

/// <summary>D4C's V/UV check "Love Train": voiced speech has most of its power below 4 kHz.</summary>
internal sealed class VoicingCheck
{
    private const double LowestF0 = 40;
    private readonly int sampleRate;
    private readonly PitchWindow window;
    private readonly RealFft fft;
    private readonly double[] segment;
    private readonly double[] real;
    private readonly double[] imaginary;
    private readonly int lowest;
    private readonly int middle;
    private readonly int highest;

    internal VoicingCheck(int sampleRate, PitchWindow window)
    {
        this.sampleRate = sampleRate;
        this.window = window;
        fft = new RealFft(2 << (int)Math.Log2((3.0 * sampleRate / LowestF0) + 1));
        segment = new double[fft.Length];
        real = new double[fft.BinCount];
        imaginary = new double[fft.BinCount];

        // Below 15.8 kHz of sampling frequency the upper limit lies beyond the Nyquist frequency; at 8 kHz the share is always 1.
        int Bin(double frequency) => Math.Min((int)Math.Ceiling(frequency * fft.Length / sampleRate), fft.Length / 2);
        (lowest, middle, highest) = (Bin(100) + 1, Bin(4000), Bin(7900));
    }

    /// <summary>The power between 100 Hz and 4 kHz over that between 100 Hz and 7.9 kHz, 0 .. 1.</summary>
    internal double LowPowerShare(ReadOnlySpan<double> signal, double time, double f0)
    {
        window.Cut(signal, sampleRate, time, Math.Max(f0, LowestF0), 3, PitchWindowShape.Blackman, false, segment);
        fft.Forward(segment, real, imaginary);
        var low = Power(lowest, middle);
        return low / (low + Power(middle + 1, highest));
    }

    private double Power(int first, int last) => last < first
        ? 0
        : Reductions.SumOfSquares(real.AsSpan(first..(last + 1))) + Reductions.SumOfSquares(imaginary.AsSpan(first..(last + 1)));
}
