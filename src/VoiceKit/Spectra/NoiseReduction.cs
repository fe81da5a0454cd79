using System.Numerics.Tensors;
using VoiceKit.Audio;
using VoiceKit.Numerics;

namespace VoiceKit.Spectra;

/// <summary>
/// Takes steady noise out of a recording, modestly: a Wiener filter whose noise is the mean spectrum of the recording's pauses, and which
/// lowers nothing by more than 12 dB, so that speech keeps its quiet sounds and noise does not become tones.
/// Scalart and Filho 1996, "Speech enhancement based on a priori signal to noise estimation"; the estimate is Ephraim and Malah's 1984,
/// eq. 51.
/// </summary>
public static class NoiseReduction
{
    private const double WindowSeconds = 0.032;
    private const int Overlap = 4;
    private const double PreviousWeight = 0.98;
    private const int MinNoiseFrames = 10;
    private static readonly double MinGain = Math.Pow(10, -12.0 / 20);

    /// <summary>Reduces the noise.</summary>
    /// <param name="waveform">The recording, with pauses in which the noise alone is heard: .1 s of them at least.</param>
    /// <returns>As many samples; null where there is no speech, or too little pause to know the noise from.</returns>
    public static Waveform? Apply(Waveform waveform)
    {
        ArgumentNullException.ThrowIfNull(waveform);
        var length = 1 << (int)Math.Ceiling(Math.Log2(Math.Max(32, WindowSeconds * waveform.SampleRate)));
        var frames = new WindowedFrames(waveform, length, length / Overlap);
        if (NoiseOf(frames, SpeechActivity.Detect(waveform).Segments) is not { } noise)
            return null;
        var result = new double[waveform.Length];
        var prior = new double[noise.Length];
        var gains = new double[noise.Length];
        for (var frame = 0; frame < frames.Count; frame++)
        {
            frames.Transform(frame);
            for (var k = 0; k < gains.Length; k++)
            {
                // The a priori ratio: what the last frame held of speech, and what this one has above the noise.
                var posterior = frames.Power[k] / noise[k];
                var ratio = (PreviousWeight * prior[k]) + ((1 - PreviousWeight) * Math.Max(0, posterior - 1));
                var gain = ratio / (1 + ratio);
                prior[k] = gain * gain * posterior;
                gains[k] = Math.Max(MinGain, gain);
            }

            frames.AddFiltered(gains, frame, result);
        }

        return Waveform.Wrap(result, waveform.SampleRate);
    }

    /// <summary>The mean power of each bin over frames that lie in pauses.</summary>
    private static double[]? NoiseOf(WindowedFrames frames, IReadOnlyList<SampleRange> speech)
    {
        if (speech.Count == 0)
            return null;
        var sum = new double[frames.Power.Length];
        var count = 0;
        var next = 0;
        for (var frame = 0; frame < frames.Count; frame++)
        {
            var (start, end) = frames.Extent(frame);
            while (next < speech.Count && speech[next].End <= start)
                next++;
            if (start < 0 || end > frames.Length || (next < speech.Count && speech[next].Start < end))
                continue;
            frames.Transform(frame);

            // Digital silence says nothing of the room.
            if (Reductions.Sum(frames.Power) <= 0)
                continue;
            TensorPrimitives.Add(sum, frames.Power, sum);
            count++;
        }

        if (count < MinNoiseFrames)
            return null;
        TensorPrimitives.Divide(sum, count, sum);
        TensorPrimitives.Max(sum, 1e-20, sum);
        return sum;
    }

    /// <summary>Overlapping frames of a recording, and their way back into one.</summary>
    private sealed class WindowedFrames
    {
        private readonly Waveform waveform;
        private readonly int hop;
        private readonly RealFft fft;
        private readonly double[] window;
        private readonly double[] segment;
        private readonly double[] real;
        private readonly double[] imaginary;

        public WindowedFrames(Waveform waveform, int length, int hop)
        {
            (this.waveform, this.hop) = (waveform, hop);
            fft = new RealFft(length);
            window = Window.Hann(length);
            (segment, Power) = (new double[length], new double[fft.BinCount]);
            (real, imaginary) = (new double[fft.BinCount], new double[fft.BinCount]);
        }

        public int Length => waveform.Length;

        /// <summary>The frames that touch the recording.</summary>
        public int Count => (waveform.Length + fft.Length - 1) / hop;

        /// <summary>The power of the frame that was transformed last.</summary>
        public double[] Power { get; }

        public (int Start, int End) Extent(int frame) => ((frame * hop) - fft.Length + hop, (frame * hop) + hop);

        public void Transform(int frame)
        {
            var start = Extent(frame).Start;
            for (var i = 0; i < segment.Length; i++)
                segment[i] = start + i >= 0 && start + i < waveform.Length ? window[i] * waveform.Samples[start + i] : 0;
            fft.Forward(segment, real, imaginary);
            ComplexSpectrum.Power(real, imaginary, Power);
        }

        /// <summary>Adds the frame that was transformed last, with a gain a bin, under the window once more.</summary>
        public void AddFiltered(double[] gains, int frame, double[] result)
        {
            TensorPrimitives.Multiply(real, gains, real);
            TensorPrimitives.Multiply(imaginary, gains, imaginary);
            fft.Inverse(real, imaginary, segment);
            var start = Extent(frame).Start;

            // Squared Hann windows a quarter apart add up to 1.5.
            for (var i = Math.Max(0, -start); i < segment.Length && start + i < result.Length; i++)
                result[start + i] += window[i] * segment[i] / 1.5;
        }
    }
}
