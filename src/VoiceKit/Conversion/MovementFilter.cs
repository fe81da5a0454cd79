using VoiceKit.Cepstra;
using VoiceKit.Numerics;

namespace VoiceKit.Conversion;

/// <summary>
/// Gives converted trajectories the movement that statistical mapping takes away. Half of the fast movement becomes the source's own, which
/// is real articulation; what is missing still, by the modulation spectra of the target's and of converted training sentences, a filter for
/// each coefficient brings back.
/// </summary>
/// <remarks>A value: checked where it is made, and nothing that it gives can be written to.</remarks>
public sealed class MovementFilter
{
    /// <summary>The number of modulation frequencies: multiples of the frame rate / 64 up to half of it.</summary>
    public const int Bins = ModulationSpectrum.Bins;

    // More of the source's movement, or slower, sounds no better and is heard as the source.
    private const double SourceRatio = 0.5;
    private const double SourceFrom = 10;

    // The movement that a mapping cannot predict is noise: beyond this gain, noise is what is raised.
    private const double MaxGain = 2;
    private static readonly double[] Strengths = [0, 0.5, 1];
    private readonly double[][] responses;

    /// <summary>Copies gains.</summary>
    /// <param name="gains">The factor at each modulation frequency, [D, 33], 0.5 .. 2.</param>
    /// <exception cref="ArgumentException">There are not 33 frequencies, or a gain is out of range.</exception>
    public MovementFilter(Frames gains)
    {
        ArgumentNullException.ThrowIfNull(gains);
        if (gains.Dimension != Bins)
            throw new ArgumentException($"The gains have {gains.Dimension} frequencies; {Bins} were expected.", nameof(gains));
        foreach (var gain in gains.Values)
        {
            if (!(gain is >= 1 / MaxGain and <= MaxGain))
                throw new ArgumentException($"A gain of movement is {gain}; it must be {1 / MaxGain} .. {MaxGain}.", nameof(gains));
        }

        Gains = gains.ToImmutable();
        responses = [.. Enumerable.Range(0, gains.Count).Select(d => ResponseOf(gains[d]))];
    }

    /// <summary>Gets the factor at each modulation frequency, [D, 33].</summary>
    public Frames Gains { get; }

    /// <summary>Filters converted trajectories.</summary>
    /// <param name="converted">The converted coefficients, [T, D].</param>
    /// <param name="source">The source's, [T, D].</param>
    /// <param name="framePeriod">The time from one frame to the next.</param>
    /// <exception cref="ArgumentException">The shapes differ.</exception>
    public Frames Apply(Frames converted, Frames source, TimeSpan framePeriod)
    {
        ArgumentNullException.ThrowIfNull(converted);
        ArgumentNullException.ThrowIfNull(source);
        if ((converted.Count, converted.Dimension) != (source.Count, source.Dimension) || converted.Dimension != Gains.Count)
            throw new ArgumentException($"Converted and source frames must both be [T, {Gains.Count}].", nameof(converted));
        var result = Blend(converted, source, framePeriod);
        for (var d = 0; d < result.Dimension; d++)
        {
            var filtered = Convolve(result.Column(d), responses[d]);
            for (var t = 0; t < filtered.Length; t++)
                result[t][d] = filtered[t];
        }

        return result;
    }

    /// <summary>
    /// Measures the filter on sentences that the mapping had not heard. How strong it is, they decide: each is filtered by what the others
    /// tell, and the strength that brings their modulation spectra nearest to the target's is taken.
    /// </summary>
    /// <param name="heldOut">The sentences, converted.</param>
    /// <param name="framePeriod">The time from one frame to the next.</param>
    /// <returns>The filter and its strength, 0 .. 1; null where the sentences are too short to measure.</returns>
    internal static (MovementFilter Filter, double Strength)? Measure(IReadOnlyList<HeldOutSentence> heldOut, TimeSpan framePeriod)
    {
        if (heldOut.Count == 0)
            return null;
        var dimension = heldOut[0].Converted.Dimension;
        var blended = heldOut.Select(item => (item, Frames: (Frames)Blend(item.Converted, item.Pair.SourceStatics, framePeriod))).ToArray();
        ModulationSpectrum Target(Func<HeldOutSentence, bool> takes)
        {
            var spectrum = new ModulationSpectrum(dimension);
            foreach (var item in heldOut.Where(takes))
                spectrum.Add(item.Pair.TargetStatics, FrameLevel.SpeechFrames(item.Pair.Pair.Target.Levels(), FrameLevel.SpeechRange));
            return spectrum;
        }

        ModulationSpectrum Converted(Func<HeldOutSentence, bool> takes, Func<Frames, Frames> filter)
        {
            var spectrum = new ModulationSpectrum(dimension);
            foreach (var (item, frames) in blended.Where(entry => takes(entry.item)))
                spectrum.Add(filter(frames), FrameLevel.SpeechFrames(item.Pair.Pair.Source.Levels(), FrameLevel.SpeechRange));
            return spectrum;
        }

        Frames? GainsWithout(HeldOutSentence? left, double strength)
        {
            var (target, converted) = (Target(item => item != left), Converted(item => item != left, frames => frames));
            return target.Count == 0 || converted.Count == 0 ? null : GainsOf(target, converted, strength);
        }

        var (best, nearest) = (0.0, double.PositiveInfinity);
        foreach (var strength in Strengths)
        {
            var distances = heldOut
                .Select(item =>
                    GainsWithout(item, strength) is { } gains
                        ? ModulationSpectrum.Distance(
                            Converted(other => other == item, new MovementFilter(gains).Filter),
                            Target(other => other == item)
                        )
                        : double.NaN
                )
                .Where(double.IsFinite)
                .ToArray();
            if (distances.Length > 0 && distances.Average() < nearest)
                (best, nearest) = (strength, distances.Average());
        }

        return GainsWithout(null, best) is { } all ? (new MovementFilter(all), best) : null;
    }

    private Frames Filter(Frames frames)
    {
        var result = frames.ToBuffer();
        for (var d = 0; d < result.Dimension; d++)
        {
            var filtered = Convolve(frames.Column(d), responses[d]);
            for (var t = 0; t < filtered.Length; t++)
                result[t][d] = filtered[t];
        }

        return result;
    }

    /// <summary>Half of what moves faster than 10 Hz is taken from the source.</summary>
    private static FrameBuffer Blend(Frames converted, Frames source, TimeSpan framePeriod)
    {
        var radius = Math.Max(1, (int)Math.Round(0.5 / (SourceFrom * framePeriod.TotalSeconds)));
        var average = Enumerable.Range(-radius, (2 * radius) + 1).Select(i => 0.5 + (0.5 * Math.Cos(Math.PI * i / (radius + 1)))).ToArray();
        var sum = average.Sum();
        average = Array.ConvertAll(average, weight => weight / sum);
        var result = converted.ToBuffer();
        for (var d = 0; d < result.Dimension; d++)
        {
            var (own, other) = (converted.Column(d), source.Column(d));
            var (slow, otherSlow) = (Convolve(own, average), Convolve(other, average));
            for (var t = 0; t < own.Length; t++)
                result[t][d] = own[t] + (SourceRatio * (other[t] - otherSlow[t] - own[t] + slow[t]));
        }

        return result;
    }

    private static FrameBuffer GainsOf(ModulationSpectrum target, ModulationSpectrum converted, double strength)
    {
        var result = new FrameBuffer(target.Dimension, Bins);
        var logarithms = new double[Bins];
        for (var d = 0; d < result.Count; d++)
        {
            for (var bin = 1; bin < Bins; bin++)
                logarithms[bin] = 0.5 * Math.Log(target[d, bin] / converted[d, bin]);
            logarithms[0] = logarithms[1];
            for (var bin = 0; bin < Bins; bin++)
            {
                var smooth = (logarithms[Math.Max(0, bin - 1)] + (2 * logarithms[bin]) + logarithms[Math.Min(Bins - 1, bin + 1)]) / 4;
                result[d][bin] = Math.Clamp(Math.Exp(strength * smooth), 1 / MaxGain, MaxGain);
            }
        }

        return result;
    }

    /// <summary>The symmetric impulse response of gains, over 63 frames.</summary>
    private static double[] ResponseOf(ReadOnlySpan<double> gains)
    {
        const int radius = (ModulationSpectrum.Window / 2) - 1;
        var circular = new double[ModulationSpectrum.Window];
        new RealFft(circular.Length).Inverse(gains, new double[Bins], circular);
        return
        [
            .. Enumerable
                .Range(-radius, (2 * radius) + 1)
                .Select(i => (0.5 + (0.5 * Math.Cos(Math.PI * i / (radius + 1)))) * circular[(i + circular.Length) % circular.Length]),
        ];
    }

    /// <summary>Filters about the mean with a symmetric response; the ends are held.</summary>
    private static double[] Convolve(double[] values, double[] response)
    {
        if (values.Length == 0)
            return [];
        var radius = response.Length / 2;
        var mean = Reductions.Sum(values) / values.Length;
        var padded = new double[values.Length + (2 * radius)];
        for (var i = 0; i < padded.Length; i++)
            padded[i] = values[Math.Clamp(i - radius, 0, values.Length - 1)] - mean;
        var result = new double[values.Length];
        for (var t = 0; t < result.Length; t++)
            result[t] = mean + Reductions.Dot(response, padded.AsSpan(t, response.Length));
        return result;
    }
}

/// <summary>A sentence that a mapping had not heard, and what it made of it.</summary>
/// <param name="Pair">The sentence.</param>
/// <param name="Converted">The converted mel-cepstra without c0, [T, m].</param>
internal sealed record HeldOutSentence(AlignedPair Pair, Frames Converted);
