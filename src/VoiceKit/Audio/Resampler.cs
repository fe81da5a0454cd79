using System.Numerics;

namespace VoiceKit.Audio;

/// <summary>
/// Changes the sampling frequency with a windowed-sinc filter, evaluated as a polyphase bank for the exact ratio of the rates. Output sample
/// n is the band-limited signal at input position n M / L, with L / M = target rate / source rate in lowest terms: there is no delay. Beyond its
/// ends the signal is taken as zero. An object may be used by several threads and for many signals.
/// </summary>
/// <remarks>J. O. Smith, "Digital Audio Resampling", CCRMA; R. E. Crochiere and L. R. Rabiner, "Multirate Digital Signal Processing", 1983.</remarks>
public sealed class Resampler
{
    private const int BlockSamples = 1 << 20;
    private readonly int upFactor;
    private readonly int downFactor;
    private readonly SincBank bank;

    /// <summary>Prepares the filter from <paramref name="sourceRate"/> to <paramref name="targetRate"/>, both in Hz.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A rate is below 1 Hz, an option is out of its range, or the target rate is so far below
    /// the source rate that the filter would pass 2^22 samples.</exception>
    public Resampler(int sourceRate, int targetRate, ResamplerOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sourceRate, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(targetRate, 1);
        options ??= new ResamplerOptions();
        options.Validate();
        (SourceRate, TargetRate) = (sourceRate, targetRate);
        var divisor = (int)BigInteger.GreatestCommonDivisor(sourceRate, targetRate);
        upFactor = targetRate / divisor;
        downFactor = sourceRate / divisor;
        bank = new SincBank(new KaiserSinc(options), upFactor, Math.Max(1.0, (double)sourceRate / targetRate));
    }

    /// <summary>The sampling frequency of the input in Hz.</summary>
    public int SourceRate { get; }

    /// <summary>The sampling frequency of the output in Hz.</summary>
    public int TargetRate { get; }

    /// <summary>Whether the filter is interpolated, because the ratio of the rates has too many phases to store.</summary>
    internal bool IsInterpolated => bank.IsInterpolated;

    /// <summary>Resamples <paramref name="waveform"/> to <paramref name="targetRate"/> Hz; at equal rates it is returned as it is.</summary>
    /// <returns>A waveform of ceil(length x target rate / source rate) samples.</returns>
    /// <exception cref="ArgumentOutOfRangeException">See the constructor.</exception>
    public static Waveform Resample(Waveform waveform, int targetRate, ResamplerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(waveform);
        return waveform.SampleRate == targetRate ? waveform : new Resampler(waveform.SampleRate, targetRate, options).Resample(waveform);
    }

    /// <summary>Resamples one waveform.</summary>
    /// <returns>A waveform of ceil(length x target rate / source rate) samples.</returns>
    /// <exception cref="ArgumentException">The waveform is not at <see cref="SourceRate"/>, or the result would be too long for an array.</exception>
    public Waveform Resample(Waveform waveform)
    {
        ArgumentNullException.ThrowIfNull(waveform);
        if (waveform.SampleRate != SourceRate)
            throw new ArgumentException($"The waveform is at {waveform.SampleRate} Hz; this resampler takes {SourceRate} Hz.", nameof(waveform));
        if (SourceRate == TargetRate)
            return waveform;

        var length = (((long)waveform.Length * upFactor) + downFactor - 1) / downFactor;
        if (length > Array.MaxLength)
            throw new ArgumentException($"{waveform.Length} samples would become {length}; an array holds {Array.MaxLength}.", nameof(waveform));
        var result = new double[length];
        Filter(waveform.Samples, result);
        return new Waveform(result, TargetRate);
    }

    /// <summary>
    /// Resamples a part of a recording as if all of it had been resampled: the samples around the part are read too. A megasample of the source is in memory
    /// at a time.
    /// </summary>
    /// <param name="source">The recording, at <see cref="SourceRate"/>.</param>
    /// <param name="start">The part's first sample, a multiple of source rate / greatest common divisor of the rates.</param>
    /// <param name="end">The sample after its last one; such a multiple too, or the recording's end.</param>
    /// <exception cref="ArgumentException">The part does not start or end at such a sample, or the result would be too long for an array.</exception>
    public Waveform Read(AudioReader source, long start, long end)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (start % downFactor != 0 || (end % downFactor != 0 && end != source.Length))
            throw new ArgumentException($"The part {start} .. {end} does not start and end at multiples of {downFactor}.", nameof(start));
        long Place(long sample) => sample == source.Length ? ((sample * upFactor) + downFactor - 1) / downFactor : sample / downFactor * upFactor;
        var length = Place(end) - Place(start);
        if (length > Array.MaxLength)
            throw new ArgumentException($"{end - start} samples would become {length}; an array holds {Array.MaxLength}.", nameof(end));
        var result = new double[length];
        var around = ((long)bank.Reach + downFactor) / downFactor * downFactor;
        var step = Math.Max(1, BlockSamples / downFactor) * (long)downFactor;
        for (var block = start; block < end; block += step)
        {
            var from = Math.Max(0, block - around);
            var samples = Resample(source.Read(from, (int)(Math.Min(end, block + step) + around - from))).Samples;
            var first = (int)((block - from) / downFactor * upFactor);
            var count = (int)(Place(Math.Min(end, block + step)) - Place(block));
            samples.Slice(first, count).CopyTo(result.AsSpan((int)(Place(block) - Place(start))));
        }

        return new Waveform(result, TargetRate);
    }

    private void Filter(ReadOnlySpan<double> samples, Span<double> destination)
    {
        var position = 0;
        var phase = 0;
        for (var n = 0; n < destination.Length; n++)
        {
            destination[n] = bank.Filter(samples, position, phase);
            position += downFactor / upFactor;
            phase += (downFactor % upFactor) - upFactor;
            if (phase >= 0)
                position++;
            else
                phase += upFactor;
        }
    }
}
