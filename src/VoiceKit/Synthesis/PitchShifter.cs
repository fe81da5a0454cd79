using System.Numerics.Tensors;
using VoiceKit.Audio;
using VoiceKit.Numerics;
using VoiceKit.Pitch;

namespace VoiceKit.Synthesis;

/// <summary>
/// Changes the F0 of a recording in its own waveform, by pitch-synchronous overlap-add: each period, under a window of two periods, is set
/// at the distance of the new F0. The envelope, the timing, and all that is unvoiced stay.
/// Moulines and Charpentier 1990, "Pitch-synchronous waveform processing techniques for text-to-speech synthesis using diphones".
/// </summary>
public static class PitchShifter
{
    // A period differs from its neighbour by a few percent; the search allows more, for contours that are a little off.
    private const double PeriodTolerance = 0.15;
    private const int MinMarks = 3;
    private const int InterpolationRadius = 8;

    /// <summary>Changes F0.</summary>
    /// <param name="waveform">The recording.</param>
    /// <param name="source">Its F0, [T].</param>
    /// <param name="target">The F0 that it shall have, [T], voiced where the source is.</param>
    /// <returns>As many samples; stretches whose F0 stays sound as before.</returns>
    /// <exception cref="ArgumentException">The contours have different numbers of frames, or the target is unvoiced where the source is
    /// not.</exception>
    public static Waveform Shift(Waveform waveform, F0Contour source, F0Contour target)
    {
        ArgumentNullException.ThrowIfNull(waveform);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        if (source.Count != target.Count)
            throw new ArgumentException($"The contours have {source.Count} and {target.Count} frames.", nameof(target));
        for (var t = 0; t < source.Count; t++)
        {
            if (source[t] > 0 && target[t] <= 0)
                throw new ArgumentException($"Frame {t} is voiced and has no F0 to be brought to.", nameof(target));
        }

        var samples = waveform.Samples;
        var result = new double[samples.Length];
        var kept = new double[samples.Length];
        Array.Fill(kept, 1);
        var hop = source.FramePeriod.TotalSeconds * waveform.SampleRate;
        foreach (var (start, end) in source.VoicedStretches())
        {
            double PeriodOf(F0Contour contour, double position) =>
                waveform.SampleRate / At(contour, Math.Clamp(position / hop, start, end - 1));
            var stretch = new VoicedStretch(
                Math.Max(0, (int)((start - 0.5) * hop)),
                Math.Min(samples.Length - 1, (int)((end - 0.5) * hop)),
                position => PeriodOf(source, position),
                position => PeriodOf(target, position)
            );
            var marks = stretch.Mark(samples);
            if (marks.Count >= MinMarks)
                stretch.Write(samples, marks, result, kept);
        }

        TensorPrimitives.MultiplyAdd<double>(kept, samples, result, result);
        return Waveform.Wrap(result, waveform.SampleRate);
    }

    /// <summary>F0 between two voiced frames.</summary>
    private static double At(F0Contour contour, double position)
    {
        var t = (int)position;
        return position == t ? contour[t] : contour[t] + ((position - t) * (contour[t + 1] - contour[t]));
    }

    /// <summary>A stretch of voiced frames.</summary>
    /// <param name="from">Its first sample.</param>
    /// <param name="to">Its last sample.</param>
    /// <param name="sourcePeriod">The period in samples at a position.</param>
    /// <param name="targetPeriod">The period that it shall have.</param>
    private sealed class VoicedStretch(int from, int to, Func<double, double> sourcePeriod, Func<double, double> targetPeriod)
    {
        /// <summary>
        /// One mark a period, between samples, each where the waveform is most like around the last, from the loudest sample on both ways.
        /// </summary>
        public List<double> Mark(ReadOnlySpan<double> samples)
        {
            var loudest = from;
            for (var i = from; i <= to; i++)
            {
                if (Math.Abs(samples[i]) > Math.Abs(samples[loudest]))
                    loudest = i;
            }

            var marks = new List<double>();
            for (var at = Next(samples, loudest, -1); at >= from; at = Next(samples, at, -1))
                marks.Add(at);
            marks.Reverse();
            marks.Add(loudest);
            for (var at = Next(samples, loudest, 1); at <= to; at = Next(samples, at, 1))
                marks.Add(at);
            return marks;
        }

        /// <summary>Adds the periods at their new distances.</summary>
        /// <param name="samples">The recording.</param>
        /// <param name="marks">Its periods' marks.</param>
        /// <param name="result">What they are added to.</param>
        /// <param name="kept">How much of the recording itself stays at each sample: none within the stretch, faded at its ends.</param>
        public void Write(ReadOnlySpan<double> samples, List<double> marks, double[] result, double[] kept)
        {
            var (first, last) = (marks[0], marks[^1]);
            var (nearest, end, tail) = (0, first, 0.0);
            for (var at = first; at <= last + (0.25 * (last - marks[^2])); at += targetPeriod(at))
            {
                while (nearest + 1 < marks.Count && Math.Abs(marks[nearest + 1] - at) <= Math.Abs(marks[nearest] - at))
                    nearest++;
                var before = nearest > 0 ? marks[nearest] - marks[nearest - 1] : marks[1] - first;
                var after = nearest + 1 < marks.Count ? marks[nearest + 1] - marks[nearest] : last - marks[^2];

                // More periods a second would have more power, and fewer less.
                AddPeriod(samples, marks[nearest], at, (before, after), Math.Sqrt(targetPeriod(at) / sourcePeriod(at)), result);
                (end, tail) = (at, after);
            }

            var lead = marks[1] - first;
            for (var i = Math.Max(0, (int)Math.Ceiling(first - lead)); i < Math.Min(kept.Length, end + tail); i++)
            {
                var ownPart =
                    i < first ? Rise((first - i) / lead)
                    : i > end ? Rise((i - end) / tail)
                    : 0;
                kept[i] = Math.Min(kept[i], ownPart);
            }
        }

        /// <summary>Adds what is around a mark, under its window, around a new place.</summary>
        private static void AddPeriod(
            ReadOnlySpan<double> samples,
            double mark,
            double place,
            (double Before, double After) length,
            double gain,
            Span<double> result
        )
        {
            // All samples of the result lie equally far between two samples of the recording: one interpolator serves the period.
            var start = Math.Max(0, (int)Math.Ceiling(place - length.Before));
            var position = start - place + mark;
            var offset = (int)Math.Floor(position);
            Span<double> taps = stackalloc double[2 * InterpolationRadius];
            WriteInterpolator(position - offset, taps);
            for (var i = start; i < Math.Min(result.Length, place + length.After); i++)
            {
                var sum = 0.0;
                var left = offset + i - start - InterpolationRadius + 1;
                for (var k = 0; k < taps.Length; k++)
                    sum += taps[k] * (left + k >= 0 && left + k < samples.Length ? samples[left + k] : 0);
                result[i] += gain * Rise(1 - (Math.Abs(i - place) / (i < place ? length.Before : length.After))) * sum;
            }
        }

        /// <summary>A sinc under a Hann window that interpolates at a part of the way between its two middle taps.</summary>
        private static void WriteInterpolator(double part, Span<double> taps)
        {
            for (var k = 0; k < taps.Length; k++)
            {
                var distance = k - InterpolationRadius + 1 - part;
                var sinc = distance == 0 ? 1 : Math.Sin(Math.PI * distance) / (Math.PI * distance);
                taps[k] = sinc * Rise(1 - (Math.Abs(distance) / InterpolationRadius));
            }
        }

        /// <summary>Half a Hann window: from 0 at 0 to 1 at 1.</summary>
        private static double Rise(double part) => 0.5 - (0.5 * Math.Cos(Math.PI * Math.Clamp(part, 0, 1)));

        /// <summary>
        /// The place a period from a mark, before it or after, where the waveform around is most like that around the mark.
        /// </summary>
        private double Next(ReadOnlySpan<double> samples, double mark, int direction)
        {
            var centre = (int)Math.Round(mark);
            var period = sourcePeriod(mark);
            var half = (int)(period / 2);
            var shortest = Math.Max(1, (int)Math.Round(period * (1 - PeriodTolerance)));
            var likeness = new double[Math.Max(1, (int)Math.Round(period * (1 + PeriodTolerance)) - shortest + 1)];
            var best = 0;
            for (var i = 0; i < likeness.Length; i++)
            {
                var candidate = centre + (direction * (shortest + i));
                var low = -Math.Min(half, Math.Min(centre, candidate));
                var high = Math.Min(half, samples.Length - 1 - Math.Max(centre, candidate));
                if (candidate < 0 || high < low)
                    continue;
                var around = samples[(candidate + low)..(candidate + high + 1)];
                likeness[i] =
                    Reductions.Dot(samples[(centre + low)..(centre + high + 1)], around)
                    / Math.Sqrt(Reductions.SumOfSquares(around) + 1e-12);
                if (likeness[i] > likeness[best])
                    best = i;
            }

            // The top of the parabola through the best and its neighbours lies between samples.
            var fraction = 0.0;
            if (best > 0 && best + 1 < likeness.Length)
            {
                var (a, b, c) = (likeness[best - 1], likeness[best], likeness[best + 1]);
                if (a + c < 2 * b)
                    fraction = (a - c) / (2 * (a - (2 * b) + c));
            }

            return mark + (direction * (shortest + best + fraction));
        }
    }
}
