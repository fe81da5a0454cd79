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
