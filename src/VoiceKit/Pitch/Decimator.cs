using System.Numerics;

namespace VoiceKit.Pitch;

/// <summary>Lowers the sampling rate by a small integer for F0 estimation, with no delay.</summary>
internal static class Decimator
{
    // MATLAB's decimate(): ends are mirrored about their last sample over three times the filter's order.
    private const int Margin = 9;
    private const double RippleDb = 0.05;

    /// <summary>Returns every <paramref name="ratio"/>-th sample of the signal, low-passed to 0.8 of the new Nyquist frequency.</summary>
    /// <param name="signal">At least 11 samples.</param>
    /// <param name="ratio">At least 1.</param>
    internal static double[] Decimate(ReadOnlySpan<double> signal, int ratio)
    {
        if (ratio == 1)
            return signal.ToArray();
        var padded = new double[signal.Length + (2 * Margin)];
        signal.CopyTo(padded.AsSpan(Margin));
        for (var i = 0; i < Margin; i++)
        {
            padded[i] = (2 * signal[0]) - signal[Margin - i];
            padded[Margin + signal.Length + i] = (2 * signal[^1]) - signal[signal.Length - 2 - i];
        }

        var (feedback, feedforward) = DesignChebyshev(0.8 / ratio);
        for (var pass = 0; pass < 2; pass++)
        {
            FilterInPlace(padded, feedback, feedforward);
            Array.Reverse(padded);
        }

        // The kept samples end with the last one of the signal.
        var count = ((signal.Length - 1) / ratio) + 1;
        var first = ratio - (ratio * count) + signal.Length + Margin - 1;
        var result = new double[count];
        for (var i = 0; i < count; i++)
            result[i] = padded[first + (i * ratio)];
        return result;
    }

    private static void FilterInPlace(double[] x, double[] feedback, double[] feedforward)
    {
        double w0 = 0, w1 = 0, w2 = 0;
        for (var i = 0; i < x.Length; i++)
        {
            var w = x[i] - (feedback[1] * w0) - (feedback[2] * w1) - (feedback[3] * w2);
            x[i] = (feedforward[0] * w) + (feedforward[1] * w0) + (feedforward[2] * w1) + (feedforward[3] * w2);
            (w2, w1, w0) = (w1, w0, w);
        }
    }

    /// <summary>A third-order Chebyshev low-pass of type I, 0.05 dB ripple, by the bilinear transform; cutoff relative to the Nyquist frequency.</summary>
    private static (double[] Feedback, double[] Feedforward) DesignChebyshev(double cutoff)
    {
        const int order = 3;
        var epsilon = Math.Sqrt(Math.Pow(10, RippleDb / 10) - 1);
        var mu = Math.Asinh(1 / epsilon) / order;
        var warped = 4 * Math.Tan(Math.PI * cutoff / 2);
        Complex[] feedback = [1, 0, 0, 0];
        for (var k = 0; k < order; k++)
        {
            var theta = Math.PI * ((2 * k) + 1) / (2 * order);
            var pole = warped * new Complex(-Math.Sinh(mu) * Math.Sin(theta), Math.Cosh(mu) * Math.Cos(theta));
            var z = (4 + pole) / (4 - pole);
            for (var i = k + 1; i >= 1; i--)
                feedback[i] -= z * feedback[i - 1];
        }

        // Three zeros at -1; the gain at 0 Hz is 1 for an odd order.
        var a = feedback.Select(value => value.Real).ToArray();
        var gain = a.Sum() / 8;
        return (a, [gain, 3 * gain, 3 * gain, gain]);
    }
}
