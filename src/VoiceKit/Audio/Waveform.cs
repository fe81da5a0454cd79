using System.Numerics.Tensors;
using NAudio.Wave;
using VoiceKit.Files;
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

    /// <summary>Gets the samples.</summary>
    public ReadOnlySpan<double> Samples => samples;

    /// <summary>Gets the sampling frequency in Hz.</summary>
    public int SampleRate { get; }

    /// <summary>Gets the number of samples.</summary>
    public int Length => samples.Length;

    /// <summary>Gets the length in time.</summary>
    public TimeSpan Duration => TimeSpan.FromSeconds((double)Length / SampleRate);

    /// <summary>Gets the mean of the samples: an offset that a device added, and no sound. 0 where there are none.</summary>
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

    /// <summary>Reads all that an NAudio sample provider gives, its channels mixed down to their mean.</summary>
    /// <param name="source">The provider; it must end.</param>
    /// <exception cref="ArgumentException">A sample is NaN or infinite.</exception>
    /// <exception cref="UnusableDataException">It gives more samples than an array holds.</exception>
    public static Waveform From(ISampleProvider source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var channels = source.WaveFormat.Channels;
        var block = new float[Math.Max(1, (1 << 14) / channels) * channels];
        var (samples, filled) = (new List<double>(), 0);
        for (int read; (read = source.Read(block.AsSpan(filled))) > 0;)
        {
            var whole = (filled + read) / channels;
            if (samples.Count > Array.MaxLength - whole)
                throw new UnusableDataException($"the source gives more than {Array.MaxLength} samples");
            for (var i = 0; i < whole; i++)
            {
                var sum = 0.0;
                foreach (var value in block.AsSpan(i * channels, channels))
                    sum += value;
                samples.Add(sum / channels);
            }

            // A provider may stop within a frame of channels.
            filled = filled + read - (whole * channels);
            block.AsSpan(whole * channels, filled).CopyTo(block);
        }

        return Wrap([.. samples], source.WaveFormat.SampleRate);
    }

    /// <summary>Gives the samples to NAudio: one channel of floats, from the start on; each call starts anew.</summary>
    public ISampleProvider ToSampleProvider() => new Provider(this);

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

    private sealed class Provider(Waveform waveform) : ISampleProvider
    {
        private int position;

        public NAudio.Wave.WaveFormat WaveFormat { get; } = NAudio.Wave.WaveFormat.CreateIeeeFloatWaveFormat(waveform.SampleRate, 1);

        public int Read(Span<float> buffer)
        {
            var count = Math.Min(buffer.Length, waveform.Length - position);
            TensorPrimitives.ConvertSaturating(waveform.Samples.Slice(position, count), buffer);
            position += count;
            return count;
        }
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
