using System.Numerics.Tensors;
using VoiceKit.Numerics;

namespace VoiceKit.Audio;

/// <summary>
/// The polyphase filter: one row of coefficients for each of the L positions that an output sample can have between two input samples.
/// Where L rows would fill the memory (near co-prime rates), fewer are kept, and the output is interpolated between the two nearest.
/// </summary>
internal sealed class SincBank
{
    private const int LargestExactBank = 1 << 20;
    private const int LargestTapCount = 1 << 22;

    // Rows in a sample of the slower rate. Linear interpolation up to its Nyquist frequency errs by (pi / density)^2 / 8 = -131 dB.
    private const int InterpolationDensity = 2048;

    private readonly int phaseCount;
    private readonly int rowCount;
    private readonly int tapCount;
    private readonly int tapsBefore;
    private readonly double[] bank;

    /// <param name="kernel">The filter, in samples of the slower rate.</param>
    /// <param name="phaseCount">L, the number of positions.</param>
    /// <param name="scale">Input samples for one sample of the slower rate; at least 1.</param>
    public SincBank(KaiserSinc kernel, int phaseCount, double scale)
    {
        var reach = Math.Ceiling(kernel.HalfWidth * scale);
        if (2 * reach > LargestTapCount)
            throw new ArgumentOutOfRangeException(nameof(scale), scale, "The target rate is too far below the source rate for one step: resample in several.");
        this.phaseCount = phaseCount;
        tapCount = 2 * (int)reach;
        tapsBefore = (int)reach - 1;
        IsInterpolated = (long)phaseCount * tapCount > LargestExactBank;
        rowCount = IsInterpolated ? Math.Max(1, (int)Math.Ceiling(InterpolationDensity / scale)) : phaseCount;

        // One row more than there are, at the next input sample, so that interpolation has a right neighbour everywhere.
        bank = new double[(rowCount + 1) * tapCount];
        for (var row = 0; row <= rowCount; row++)
            Fill(kernel, scale, (double)row / rowCount, bank.AsSpan(row * tapCount, tapCount));
    }

    /// <summary>Whether there are fewer rows than positions.</summary>
    public bool IsInterpolated { get; }

    /// <summary>How many input samples on either side of a position are looked at.</summary>
    public int Reach => tapCount / 2;

    /// <summary>The filtered signal at input position <paramref name="position"/> + <paramref name="phase"/> / L.</summary>
    public double Filter(ReadOnlySpan<double> samples, int position, int phase)
    {
        // Taps outside the signal meet zeros: they are left out.
        var start = position - tapsBefore;
        var first = Math.Max(0, start);
        var end = (int)Math.Min(samples.Length, (long)start + tapCount);
        var signal = samples[first..end];
        var offset = first - start;
        if (!IsInterpolated)
            return Reductions.Dot(signal, Row(phase, offset, signal.Length));

        var place = (double)phase / phaseCount * rowCount;
        var row = (int)place;
        var left = Reductions.Dot(signal, Row(row, offset, signal.Length));
        var right = Reductions.Dot(signal, Row(row + 1, offset, signal.Length));
        return left + ((place - row) * (right - left));
    }

    private ReadOnlySpan<double> Row(int row, int offset, int length) => bank.AsSpan((row * tapCount) + offset, length);

    // Every row is made to sum to 1: a constant stays that constant, with no ripple from phase to phase.
    private void Fill(KaiserSinc kernel, double scale, double position, Span<double> row)
    {
        for (var k = 0; k < row.Length; k++)
            row[k] = kernel[(k - tapsBefore - position) / scale];
        TensorPrimitives.Divide(row, Reductions.Sum(row), row);
    }
}
