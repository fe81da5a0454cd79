using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using VoiceKit.Audio;
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
    private double[] noise = [];
    private int noisePosition;

    /// <summary>Prepares windows that add noise of the given standard deviation.</summary>
    internal PitchWindow(double noiseAmplitude) => this.noiseAmplitude = noiseAmplitude;

    /// <summary>Takes the next numbers of the safeguard noise, standard deviation 1.</summary>
    internal void TakeNoise(Span<double> destination)
    {
        while (destination.Length > 0)
        {
            var count = Math.Min(destination.Length, NoiseTable.Length - noisePosition);
            NoiseTable.AsSpan(noisePosition, count).CopyTo(destination);
            noisePosition = (noisePosition + count) & (NoiseTable.Length - 1);
            destination = destination[count..];
        }
    }

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
            (window, noise) = (new double[length], new double[length]);
        var weights = window.AsSpan(0, length);
        WriteWindow(half, 2 * Math.PI * f0 / periods / sampleRate, shape, normalize);

        var segment = destination[..length];
        SignalSegment.Copy(signal, (int)Math.Floor((time * sampleRate) + 0.001 + 0.5) - half, segment);
        TakeNoise(noise.AsSpan(0, length));
        TensorPrimitives.Multiply(segment, weights, segment);
        TensorPrimitives.MultiplyAdd(noise.AsSpan(0, length), noiseAmplitude, segment, segment);
        var mean = Reductions.Sum(segment) / Reductions.Sum(weights);
        TensorPrimitives.MultiplyAdd(weights, -mean, segment, segment);
        destination[length..].Clear();
        return length;
    }

    private void WriteWindow(int half, double step, PitchWindowShape shape, bool normalize)
    {
        // Four phasors, each rotated by four samples a turn.
        var right = window.AsSpan(half, half + 1);
        var (cosine, sine) = (Vector256.Create(1, Math.Cos(step), Math.Cos(2 * step), Math.Cos(3 * step)), Vector256.Create(0, Math.Sin(step), Math.Sin(2 * step), Math.Sin(3 * step)));
        var (cosTurn, sinTurn) = (Vector256.Create(Math.Cos(4 * step)), Vector256.Create(Math.Sin(4 * step)));
        for (var i = 0; i <= half; i += 4)
        {
            // Hann: 0.5 + 0.5 c; Blackman: 0.42 + 0.5 c + 0.08 (2 c^2 - 1).
            var value = shape == PitchWindowShape.Hann
                ? Vector256.FusedMultiplyAdd(cosine, Vector256.Create(0.5), Vector256.Create(0.5))
                : Vector256.FusedMultiplyAdd(Vector256.FusedMultiplyAdd(cosine, Vector256.Create(0.16), Vector256.Create(0.5)), cosine, Vector256.Create(0.34));
            if (half - i >= 3)
                value.CopyTo(right[i..]);
            else
                CopyPart(value, right[i..]);
            (cosine, sine) = ((cosine * cosTurn) - (sine * sinTurn), (sine * cosTurn) + (cosine * sinTurn));
        }

        if (normalize)
            TensorPrimitives.Divide(right, Math.Sqrt((2 * Reductions.SumOfSquares(right)) - (right[0] * right[0])), right);
        right[1..].CopyTo(window);
        window.AsSpan(0, half).Reverse();
    }

    private static void CopyPart(Vector256<double> values, Span<double> destination)
    {
        for (var i = 0; i < destination.Length; i++)
            destination[i] = values[i];
    }

    private static double[] MakeNoise(int length)
    {
        var noise = new NormalNoise();
        return [.. Enumerable.Range(0, length).Select(_ => noise.Next())];
    }
}
