namespace VoiceKit.Spectra;

/// <summary>The window functions of <see cref="Window"/>.</summary>
public enum WindowFunction
{
    /// <summary>All ones.</summary>
    Rectangular,

    /// <summary>The Hann window, <see cref="Window.Hann"/>.</summary>
    Hann,

    /// <summary>The Hamming window, <see cref="Window.Hamming"/>.</summary>
    Hamming,

    /// <summary>The Blackman window, <see cref="Window.Blackman"/>.</summary>
    Blackman,

    /// <summary>The Nuttall window, <see cref="Window.Nuttall"/>.</summary>
    Nuttall,
}

/// <summary>
/// Window functions as sums of cosines: w[n] = a0 - a1 cos(2 pi n / P) + a2 cos(4 pi n / P) - a3 cos(6 pi n / P), n = 0 .. length - 1.
/// </summary>
/// <remarks>
/// A periodic window has the period P = length: shifted copies add up to a constant, as overlap-add needs. A symmetric one has P = length -
/// 1: its first and last values are equal, as filter design needs. A window of length 1 is 1.
/// </remarks>
public static class Window
{
    /// <summary>The Hann window: a = 0.5, 0.5.</summary>
    /// <param name="length">The number of values, at least 1.</param>
    /// <param name="symmetric">True for the symmetric window, false for the periodic one.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is less than 1.</exception>
    public static double[] Hann(int length, bool symmetric = false) => CosineSum(length, symmetric, [0.5, 0.5]);

    /// <summary>The Hamming window: a = 0.54, 0.46.</summary>
    /// <inheritdoc cref="Hann"/>
    public static double[] Hamming(int length, bool symmetric = false) => CosineSum(length, symmetric, [0.54, 0.46]);

    /// <summary>The Blackman window: a = 0.42, 0.5, 0.08.</summary>
    /// <inheritdoc cref="Hann"/>
    public static double[] Blackman(int length, bool symmetric = false) => CosineSum(length, symmetric, [0.42, 0.5, 0.08]);

    /// <summary>
    /// The four-term window with continuous first derivative: a = 0.355768, 0.487396, 0.144232, 0.012604; side lobes below -93 dB.
    /// </summary>
    /// <remarks>A. H. Nuttall, Some windows with very good sidelobe behavior, IEEE Trans. ASSP 29(1), 1981, figure 12.</remarks>
    /// <inheritdoc cref="Hann"/>
    public static double[] Nuttall(int length, bool symmetric = false) =>
        CosineSum(length, symmetric, [0.355768, 0.487396, 0.144232, 0.012604]);

    /// <summary>The window of the given kind.</summary>
    /// <param name="function">The kind of window.</param>
    /// <param name="length">The number of values, at least 1.</param>
    /// <param name="symmetric">True for the symmetric window, false for the periodic one.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is less than 1, or the kind is unknown.</exception>
    public static double[] Create(WindowFunction function, int length, bool symmetric = false) =>
        function switch
        {
            WindowFunction.Rectangular => CosineSum(length, symmetric, [1]),
            WindowFunction.Hann => Hann(length, symmetric),
            WindowFunction.Hamming => Hamming(length, symmetric),
            WindowFunction.Blackman => Blackman(length, symmetric),
            WindowFunction.Nuttall => Nuttall(length, symmetric),
            _ => throw new ArgumentOutOfRangeException(nameof(function), function, "There is no such window."),
        };

    private static double[] CosineSum(int length, bool symmetric, ReadOnlySpan<double> coefficients)
    {
        if (length < 1)
            throw new ArgumentOutOfRangeException(nameof(length), length, "A window must have at least one value.");
        if (length == 1)
            return [1];
        var window = new double[length];
        var period = symmetric ? length - 1 : length;
        for (var n = 0; n < length; n++)
        {
            // The window is symmetric about P / 2; computing one half makes it so to the last bit.
            var mirrored = Math.Min(n, period - n);
            for (var i = 0; i < coefficients.Length; i++)
                window[n] += coefficients[i] * double.CosPi((2.0 * i * mirrored / period) + i);
        }

        return window;
    }
}
