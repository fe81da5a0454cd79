namespace VoiceKit.Pitch;

/// <summary>The four-term Nuttall window with a continuous first derivative (Nuttall 1981), symmetric.</summary>
internal static class NuttallWindow
{
    /// <summary>Writes the window over the whole of <paramref name="destination"/>.</summary>
    internal static void Write(Span<double> destination)
    {
        for (var i = 0; i < destination.Length; i++)
        {
            // cos 2a and cos 3a from cos a (Chebyshev) keep this at one cosine a sample.
            var c = Math.Cos(2 * Math.PI * i / (destination.Length - 1.0));
            destination[i] = 0.355768 - (0.487396 * c) + (0.144232 * ((2 * c * c) - 1)) - (0.012604 * ((4 * c * c) - 3) * c);
        }
    }
}
