namespace VoiceKit.Audio;

/// <summary>Segments of a signal that may reach beyond its ends.</summary>
internal static class SignalSegment
{
    /// <summary>Copies samples from <paramref name="first"/> on; the signal's end samples are repeated beyond its ends.</summary>
    /// <param name="signal">The signal, at least one sample.</param>
    /// <param name="first">The first sample's index; it may be negative or beyond the end.</param>
    /// <param name="destination">As many samples as are wanted.</param>
    internal static void Copy(ReadOnlySpan<double> signal, int first, Span<double> destination)
    {
        var inside = Math.Clamp(first, 0, signal.Length);
        var count = Math.Clamp(first + destination.Length, inside, signal.Length) - inside;
        var before = Math.Clamp(-first, 0, destination.Length);
        destination[..before].Fill(signal[0]);
        signal.Slice(inside, count).CopyTo(destination[before..]);
        destination[(before + count)..].Fill(signal[^1]);
    }
}
