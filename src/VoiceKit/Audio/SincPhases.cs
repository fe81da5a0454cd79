using System.Numerics.Tensors;

namespace VoiceKit.Audio;

/// <summary>
/// The filter coefficients for each of the L positions that an output sample can have between two input samples. Small sets are computed
/// once; large ones (near co-prime rates) would fill the memory, so there each row is interpolated from a fine table when it is needed.
/// </summary>
internal sealed class SincPhases
{
    private const int LargestBank = 1 << 20;
    private const int LargestTapCount = 1 << 24;

    // Linear interpolation of a signal of at most Nyquist frequency errs by (pi / density)^2 / 8 = -143 dB.
    private const int TableDensity = 4096;

    private readonly KaiserSinc kernel;
    private readonly int phaseCount;
    private readonly double scale;
    private readonly double[]? bank;
    private readonly double[] table = [];

    /// <param name="kernel">The filter, in samples of the slower rate.</param>
    /// <param name="phaseCount">L, the number of positions.</param>
    /// <param name="scale">Input samples for one sample of the slower rate; at least 1.</param>
    public SincPhases(KaiserSinc kernel, int phaseCount, double scale)
    {
        (this.kernel, this.phaseCount, this.scale) = (kernel, phaseCount, scale);
        var reach = Math.Ceiling(kernel.HalfWidth * scale);
        if (2 * reach > LargestTapCount)
            throw new ArgumentOutOfRangeException(nameof(scale), scale, "The rates are too far apart for one step: resample in several.");
        Before = (int)reach - 1;
        TapCount = 2 * (int)reach;
        if ((long)phaseCount * TapCount <= LargestBank)
        {
            bank = new double[phaseCount * TapCount];
            for (var phase = 0; phase < phaseCount; phase++)
                Fill(phase, bank.AsSpan(phase * TapCount, TapCount), x => kernel[x]);
        }
        else
        {
            table = new double[(int)(kernel.HalfWidth * TableDensity) + 2];
            for (var i = 0; i < table.Length; i++)
                table[i] = kernel[(double)i / TableDensity];
        }
    }

    /// <summary>The number of coefficients in a row.</summary>
    public int TapCount { get; }

    /// <summary>The number of input samples that a row reaches back from the one at or before its position.</summary>
    public int Before { get; }

    /// <summary>Whether rows are interpolated rather than stored.</summary>
    public bool IsInterpolated => bank is null;

    /// <summary>The row for position <paramref name="phase"/> / L; <paramref name="scratch"/> has room for an interpolated one.</summary>
    public ReadOnlySpan<double> Row(int phase, Span<double> scratch)
    {
        if (bank is not null)
            return bank.AsSpan(phase * TapCount, TapCount);
        Fill(phase, scratch, Interpolate);
        return scratch;
    }

    // Every row is made to sum to 1: a constant stays that constant, with no ripple from phase to phase.
    private void Fill(int phase, Span<double> row, Func<double, double> response)
    {
        var position = (double)phase / phaseCount;
        for (var k = 0; k < row.Length; k++)
            row[k] = response((k - Before - position) / scale);
        TensorPrimitives.Divide(row, TensorPrimitives.Sum(row), row);
    }

    private double Interpolate(double x)
    {
        var place = Math.Abs(x) * TableDensity;
        var index = (int)place;
        if (index + 1 >= table.Length)
            return 0;
        return table[index] + ((place - index) * (table[index + 1] - table[index]));
    }
}
