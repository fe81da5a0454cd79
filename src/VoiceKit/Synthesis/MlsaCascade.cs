using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VoiceKit.Synthesis;

/// <summary>
/// A running filter exp(F / n)^n, F = b[first] Phi_first + ... + b[last] Phi_last: n equal sections, each P(F / n) / P(-F / n) with the Pade polynomial
/// P(w) = 1 + A1 w + ... + AL w^L. A section needs F, F^2, ... F^L of its inner signal, that is L basic filters in a row. Each starts with a delay,
/// so that all basic filters of all sections advance side by side, one a vector lane.
/// </summary>
internal sealed class MlsaCascade
{
    // Two vectors a block: their recursions are independent and hide each other's latency.
    private const int Lanes = 8;

    // SPTK's coefficients: a little off Pade's, so that the error is spread over |w| <= 4.5 (order 4) and 6 (order 5).
    private static readonly double[] FourthOrder = [0.4999273, 0.1067005, 0.01170221, 0.0005656279];
    private static readonly double[] FifthOrder = [0.4999391, 0.1107098, 0.01369984, 0.0009564853, 0.00003041721];

    private readonly double[] pade;
    private readonly int first;
    private readonly int last;
    private readonly double alpha;
    private readonly int sections;
    private readonly int rows;
    private readonly double[] inputs;
    private readonly double[] outputs;
    private readonly double[] delays;

    /// <summary>Starts at rest.</summary>
    public MlsaCascade(int first, int last, double alpha, int padeOrder, int sections)
    {
        (this.first, this.last, this.alpha, this.sections) = (first, last, alpha, sections);
        pade = padeOrder == 4 ? FourthOrder : FifthOrder;
        var blocks = ((sections * padeOrder) + Lanes - 1) / Lanes;
        rows = last + 2;
        (inputs, outputs) = (new double[blocks * Lanes], new double[blocks * Lanes]);
        delays = new double[blocks * rows * Lanes];
    }

    /// <summary>Filters one sample.</summary>
    /// <param name="input">The sample.</param>
    /// <param name="b">The coefficients of F / n at this instant, from b[0] to at least b[last].</param>
    public double Process(double input, ReadOnlySpan<double> b)
    {
        for (var lane = 0; lane < inputs.Length; lane += Lanes)
            Advance(inputs.AsSpan(lane, Lanes), delays.AsSpan(lane * rows, rows * Lanes), b, outputs.AsSpan(lane, Lanes));

        var signal = input;
        for (var start = 0; start < sections * pade.Length; start += pade.Length)
        {
            var powers = outputs.AsSpan(start, pade.Length);
            double odd = 0, even = 0;
            for (var i = 0; i < powers.Length; i += 2)
                odd += pade[i] * powers[i];
            for (var i = 1; i < powers.Length; i += 2)
                even += pade[i] * powers[i];
            var inner = signal + odd - even;
            signal = inner + odd + even;
            powers[..^1].CopyTo(inputs.AsSpan(start + 1));
            inputs[start] = inner;
        }

        return signal;
    }

    /// <summary>Comes to rest when what rings on is beyond all hearing, before it reaches the subnormal numbers, which are slow.</summary>
    public void Settle()
    {
        const double negligible = 1e-200;
        if (Math.Abs(TensorPrimitives.MaxMagnitude<double>(delays)) < negligible && Math.Abs(TensorPrimitives.MaxMagnitude<double>(inputs)) < negligible)
        {
            Array.Clear(delays);
            Array.Clear(inputs);
        }
    }

    /// <summary>One step of the basic filters of a block. Row m of the delays is what Phi_m needs of the past.</summary>
    private void Advance(ReadOnlySpan<double> input, Span<double> block, ReadOnlySpan<double> b, Span<double> output)
    {
        ref var delay = ref MemoryMarshal.GetReference(block);
        ref var source = ref MemoryMarshal.GetReference(input);
        const int half = Lanes / 2;
        var beta = 1 - (alpha * alpha);

        // d1 = beta p + alpha d1
        var left = (beta * Vector256.LoadUnsafe(ref source)) + (alpha * Vector256.LoadUnsafe(ref delay, Lanes));
        var right = (beta * Vector256.LoadUnsafe(ref source, half)) + (alpha * Vector256.LoadUnsafe(ref delay, Lanes + half));
        var oldLeft = Vector256.LoadUnsafe(ref delay, 2 * Lanes);
        var oldRight = Vector256.LoadUnsafe(ref delay, (2 * Lanes) + half);
        left.StoreUnsafe(ref delay, Lanes);
        right.StoreUnsafe(ref delay, Lanes + half);
        left.StoreUnsafe(ref delay, 2 * Lanes);
        right.StoreUnsafe(ref delay, (2 * Lanes) + half);

        var weight = first == 1 ? b[1] : 0;
        var (sumLeft, sumRight) = (weight * left, weight * right);
        var coefficients = b[..(last + 1)];
        for (var m = 2; m < coefficients.Length; m++)
        {
            // dm = dm(one sample ago) + alpha (d(m+1)(one sample ago) - d(m-1)); it moves to row m + 1 for the next sample.
            var row = (nuint)((m + 1) * Lanes);
            var nextLeft = Vector256.LoadUnsafe(ref delay, row);
            var nextRight = Vector256.LoadUnsafe(ref delay, row + half);
            left = oldLeft + (alpha * nextLeft) - (alpha * left);
            right = oldRight + (alpha * nextRight) - (alpha * right);
            left.StoreUnsafe(ref delay, row);
            right.StoreUnsafe(ref delay, row + half);
            sumLeft += coefficients[m] * left;
            sumRight += coefficients[m] * right;
            (oldLeft, oldRight) = (nextLeft, nextRight);
        }

        sumLeft.CopyTo(output);
        sumRight.CopyTo(output[half..]);
    }
}
