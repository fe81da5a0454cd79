using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VoiceKit.Music;

/// <summary>Adds up partials by recursion, four samples at a time.</summary>
/// <remarks>
/// A decaying sinusoid satisfies y[n + 4] = 2 r^4 cos(4 w) y[n] - r^8 y[n - 4] (the two-pole resonator at every fourth sample), so four
/// neighbouring samples step on together with one multiplication and one fused multiply-add. Every call starts afresh from the closed form:
/// blocks do not depend on each other, and rounding does not pile up.
/// </remarks>
internal static class PartialBank
{
    /// <summary>The samples that step on together: the length of a destination must be a multiple of it.</summary>
    public const int Lanes = 4;

    /// <summary>Partials that have died away to less than this share of full scale (-110 dB) are left out.</summary>
    private const double Inaudible = 3e-6;

    /// <summary>Adds the partials' samples from <paramref name="first"/> on to the destination.</summary>
    /// <returns>Whether there was anything to add.</returns>
    public static bool Add(ReadOnlySpan<Partial> partials, long first, int sampleRate, Span<double> destination)
    {
        var isAudible = false;
        var waiting = default(Oscillator);
        var isWaiting = false;
        foreach (var partial in partials)
        {
            var time = (double)first / sampleRate;
            if (partial.Amplitude * Math.Exp(-partial.Decay * time) < Inaudible)
                continue;
            isAudible = true;
            var oscillator = Oscillator.At(partial, first, sampleRate);
            if (isWaiting)
                AddPair(waiting, oscillator, destination);
            (waiting, isWaiting) = (oscillator, !isWaiting);
        }

        if (isWaiting)
            AddPair(waiting, default, destination);
        return isAudible;
    }

    // Two at a time: the steps of one fill the waits of the other.
    private static void AddPair(Oscillator a, Oscillator b, Span<double> destination)
    {
        ref var sum = ref MemoryMarshal.GetReference(destination);
        for (nuint i = 0; i + Lanes <= (nuint)destination.Length; i += Lanes)
        {
            (Vector256.LoadUnsafe(ref sum, i) + a.Now + b.Now).StoreUnsafe(ref sum, i);
            (a.Now, a.Before) = (Vector256.FusedMultiplyAdd(a.Forward, a.Now, a.Back * a.Before), a.Now);
            (b.Now, b.Before) = (Vector256.FusedMultiplyAdd(b.Forward, b.Now, b.Back * b.Before), b.Now);
        }
    }

    private struct Oscillator
    {
        public Vector256<double> Before;
        public Vector256<double> Now;
        public Vector256<double> Forward;
        public Vector256<double> Back;

        public static Oscillator At(Partial partial, long first, int sampleRate)
        {
            var start = (double)(first - Lanes) / sampleRate;
            var cycles = (partial.Frequency * start) + partial.Phase;
            var (sine, cosine) = Math.SinCos(2 * Math.PI * (cycles - Math.Floor(cycles)));
            var amplitude = partial.Amplitude * Math.Exp(-partial.Decay * start);
            var radius = Math.Exp(-partial.Decay / sampleRate);
            var step = 2 * Math.PI * partial.Frequency / sampleRate;
            var (stepSine, stepCosine) = Math.SinCos(step);
            Span<double> samples = stackalloc double[2 * Lanes];
            for (var i = 0; i < samples.Length; i++)
            {
                samples[i] = amplitude * sine;
                amplitude *= radius;
                (sine, cosine) = ((sine * stepCosine) + (cosine * stepSine), (cosine * stepCosine) - (sine * stepSine));
            }

            var radius4 = radius * radius * radius * radius;
            return new()
            {
                Before = Vector256.Create<double>(samples[..Lanes]),
                Now = Vector256.Create<double>(samples[Lanes..]),
                Forward = Vector256.Create(2 * radius4 * Math.Cos(Lanes * step)),
                Back = Vector256.Create(-radius4 * radius4),
            };
        }
    }
}

/// <summary>A sinusoid that dies away: Amplitude e^(-Decay t) sin(2 pi (Frequency t + Phase)).</summary>
/// <param name="Frequency">The frequency in Hz.</param>
/// <param name="Amplitude">The amplitude at time 0.</param>
/// <param name="Phase">The phase at time 0, in cycles.</param>
/// <param name="Decay">The decay rate in 1/s; 0 sounds evenly.</param>
internal readonly record struct Partial(double Frequency, double Amplitude, double Phase, double Decay);

/// <summary>Partials under one envelope; a note is one or more of these.</summary>
/// <param name="Partials">The partials.</param>
/// <param name="Attack">How long the envelope rises at the start of the note, in seconds.</param>
/// <param name="Release">How long it falls after the end of the note, in seconds.</param>
internal sealed record Tone(Partial[] Partials, double Attack, double Release)
{
    /// <summary>
    /// The share of half the sample rate up to which there are partials: above, resampling and converters would fold them.
    /// </summary>
    private const double UsableRatio = 0.92;

    private const double HighestFrequency = 16000;

    /// <summary>The frequency below which partials must lie, in Hz.</summary>
    public static double FrequencyLimit(int sampleRate) => Math.Min(HighestFrequency, UsableRatio * sampleRate / 2);

    /// <summary>The fundamental of a MIDI pitch in equal temperament, in Hz; pitch 69 has 440 Hz.</summary>
    public static double FundamentalOf(int pitch) => 440 * Math.Pow(2, (pitch - 69) / 12.0);
}
