namespace VoiceKit.Cepstra;

/// <summary>The bilinear frequency warping of mel-cepstra: a first-order all-pass with constant alpha bends the frequency axis.</summary>
public static class FrequencyWarping
{
    /// <summary>The alpha whose warping is nearest to the mel scale at a rate in Hz: 0.31 at 8 kHz, 0.41 at 16 kHz, 0.544 at 44.1 kHz, 0.554 at 48 kHz.</summary>
    public static double AlphaFor(int sampleRate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 1);
        const int points = 256;
        var melEnd = Math.Log(1 + (sampleRate / 2.0 / 1000));
        var best = (Alpha: 0.0, Error: double.MaxValue);
        for (var thousandths = 0; thousandths < 1000; thousandths++)
        {
            var alpha = thousandths / 1000.0;
            var error = 0.0;
            for (var i = 1; i < points; i++)
            {
                var mel = Math.Log(1 + (sampleRate / 2.0 * i / points / 1000)) / melEnd;
                var difference = (Warp(Math.PI * i / points, alpha) / Math.PI) - mel;
                error += difference * difference;
            }

            if (error < best.Error)
                best = (alpha, error);
        }

        return best.Alpha;
    }

    /// <summary>The warped frequency of <paramref name="omega"/>, both in radians 0 .. pi: omega + 2 atan(alpha sin omega / (1 - alpha cos omega)).</summary>
    public static double Warp(double omega, double alpha) =>
        omega + (2 * Math.Atan2(alpha * Math.Sin(omega), 1 - (alpha * Math.Cos(omega))));

    /// <summary>Transforms the frequency axis of a cepstrum (Oppenheim and Johnson 1972; SPTK's freqt).</summary>
    /// <param name="cepstrum">The cepstrum, c0 first.</param>
    /// <param name="alpha">The all-pass constant of the change, -1 .. 1.</param>
    /// <param name="destination">The transformed cepstrum; its length sets the order.</param>
    public static void Transform(ReadOnlySpan<double> cepstrum, double alpha, Span<double> destination)
    {
        if (!(Math.Abs(alpha) < 1))
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "The all-pass constant must lie between -1 and 1.");
        destination.Clear();
        for (var i = cepstrum.Length - 1; i >= 0; i--)
        {
            AllPassStep(destination, alpha);
            destination[0] += cepstrum[i];
        }
    }

    /// <summary>Multiplies a series in warped delays by one plain delay z^-1, expressed in warped delays.</summary>
    internal static void AllPassStep(Span<double> series, double alpha)
    {
        var previous = series[0];
        series[0] = alpha * previous;
        if (series.Length == 1)
            return;
        var current = series[1];
        series[1] = ((1 - (alpha * alpha)) * previous) + (alpha * current);
        for (var k = 2; k < series.Length; k++)
        {
            previous = current;
            current = series[k];
            series[k] = previous + (alpha * (current - series[k - 1]));
        }
    }
}
