using System.Numerics.Tensors;
using VoiceKit.Numerics;

namespace VoiceKit.Audio;

/// <summary>A mono signal: samples in the nominal range -1 .. 1 and their rate.</summary>
public sealed class Waveform
{
    private const double NegligibleOffset = 1e-6;
    private readonly double[] samples;

    /// <summary>Copies samples.</summary>
    /// <param name="samples">The samples; nominally -1 .. 1, all finite.</param>
    /// <param name="sampleRate">The sampling frequency in Hz, at least 1.</param>
    /// <exception cref="ArgumentException">A sample is NaN or infinite; the message names its index.</exception>
    public Waveform(ReadOnlySpan<double> samples, int sampleRate)
        : this(sampleRate, samples.ToArray()) { }

    private Waveform(int sampleRate, double[] samples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleRate, 1);
        var bad = Array.FindIndex(samples, value => !double.IsFinite(value));
        if (bad >= 0)
            throw new ArgumentException($"Sample {bad} is {samples[bad]}: a waveform holds finite values only.", nameof(samples));
        this.samples = samples;
        SampleRate = sampleRate;
    }

    /// <summary>The samples.</summary>
    public ReadOnlySpan<double> Samples => samples;

    /// <summary>The sampling frequency in Hz.</summary>
    public int SampleRate { get; }

    /// <summary>The number of samples.</summary>
    public int Length => samples.Length;

    /// <summary>The length in time.</summary>
    public TimeSpan Duration => TimeSpan.FromSeconds((double)Length / SampleRate);

    /// <summary>The mean of the samples: an offset that a device added, and no sound. 0 where there are none.</summary>
    public double DcOffset => Length == 0 ? 0 : Reductions.Sum(samples) / Length;

    /// <summary>Takes an array without copying it.</summary>
    /// <param name="samples">The samples, all finite; whoever wraps an array must not write to it any more.</param>
    /// <param name="sampleRate">The sampling frequency in Hz, at least 1.</param>
    /// <exception cref="ArgumentException">A sample is NaN or infinite; the message names its index.</exception>
    public static Waveform Wrap(double[] samples, int sampleRate)
    {
        ArgumentNullException.ThrowIfNull(samples);
        return new Waveform(sampleRate, samples);
    }

    /// <summary>The waveform less a constant, or itself where that is far below a 16-bit step.</summary>
    /// <param name="offset">The constant, such as <see cref="DcOffset"/>.</param>
    public Waveform WithoutOffset(double offset)
    {
        if (Math.Abs(offset) < NegligibleOffset)
            return this;
        var result = new double[Length];
        TensorPrimitives.Subtract(samples, offset, result);
        return Wrap(result, SampleRate);
    }
}

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
