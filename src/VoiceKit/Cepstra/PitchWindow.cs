using VoiceKit.Numerics;

namespace VoiceKit.Cepstra;

/// <summary>The shapes of <see cref="PitchWindow"/>.</summary>
internal enum PitchWindowShape
{
    /// <summary>Raised cosine.</summary>
    Hann,

    /// <summary>0.42 + 0.5 cos + 0.08 cos.</summary>
    Blackman,
}

/// <summary>Cuts out a segment whose length is a number of fundamental periods, windows it and removes its mean (CheapTrick and D4C).</summary>
internal sealed class PitchWindow
{
    // Noise far below the signal keeps logarithms finite in digital silence; a fixed table does as well as a generator and costs nothing.
    private static readonly double[] NoiseTable = MakeNoise(1 << 13);

    private readonly double noiseAmplitude;
    private double[] window = [];
    private int noisePosition;

    /// <summary>Prepares windows that add noise of the given standard deviation.</summary>
    internal PitchWindow(double noiseAmplitude) => this.noiseAmplitude = noiseAmplitude;

    /// <summary>The next number of the safeguard noise, standard deviation 1.</summary>
    internal double NextNoise() => NoiseTable[noisePosition++ & (NoiseTable.Length - 1)];

    /// <summary>Writes the windowed segment and returns its length, 2 x half + 1 with half = periods x sample rate / f0 / 2; the rest is cleared.</summary>
    /// <param name="signal">The signal; its end samples are repeated beyond its ends.</param>
    /// <param name="sampleRate">Its rate in Hz.</param>
    /// <param name="time">The segment's centre in seconds.</param>
    /// <param name="f0">The fundamental frequency in Hz.</param>
    /// <param name="periods">The segment's length in fundamental periods.</param>
    /// <param name="shape">The window.</param>
    /// <param name="normalize">Whether the window's energy is made 1.</param>
    /// <param name="destination">At least as long as the segment.</param>
    internal int Cut(ReadOnlySpan<double> signal, double sampleRate, double time, double f0, double periods, PitchWindowShape shape, bool normalize, Span<double> destination)
    {
        var half = (int)((periods * sampleRate / f0 / 2) + 0.5);
        var length = (2 * half) + 1;
        if (window.Length < length)
            window = new double[length];
        WriteWindow(half, 2 * Math.PI * f0 / periods / sampleRate, shape, normalize);

        var origin = (int)Math.Floor((time * sampleRate) + 0.001 + 0.5) - half;
        double sum = 0, windowSum = 0;
        for (var i = 0; i < length; i++)
        {
            var x = signal[Math.Clamp(origin + i, 0, signal.Length - 1)];
            destination[i] = (x * window[i]) + (NextNoise() * noiseAmplitude);
            sum += destination[i];
            windowSum += window[i];
        }

        var mean = sum / windowSum;
        for (var i = 0; i < length; i++)
            destination[i] -= window[i] * mean;
        destination[length..].Clear();
        return length;
    }

    private void WriteWindow(int half, double step, PitchWindowShape shape, bool normalize)
    {
        var (sinStep, cosStep) = Math.SinCos(step);
        var (c, s, energy) = (1.0, 0.0, 0.0);
        for (var i = 0; i <= half; i++)
        {
            var value = shape == PitchWindowShape.Hann ? 0.5 + (0.5 * c) : 0.42 + (0.5 * c) + (0.08 * ((2 * c * c) - 1));
            window[half + i] = window[half - i] = value;
            energy += i == 0 ? value * value : 2 * value * value;
            (c, s) = ((c * cosStep) - (s * sinStep), (s * cosStep) + (c * sinStep));
        }

        if (normalize)
            System.Numerics.Tensors.TensorPrimitives.Divide(window.AsSpan(0, (2 * half) + 1), Math.Sqrt(energy), window);
    }

    private static double[] MakeNoise(int length)
    {
        var noise = new NormalNoise();
        return [.. Enumerable.Range(0, length).Select(_ => noise.Next())];
    }
}
