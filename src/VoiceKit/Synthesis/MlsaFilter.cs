using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using VoiceKit.Audio;
using VoiceKit.Numerics;

namespace VoiceKit.Synthesis;

/// <summary>
/// The mel log spectrum approximation filter: the minimum-phase filter whose log spectrum is that of a mel-cepstrum, at every instant.
/// Imai, Sumita, Furuichi 1983, "Mel log spectrum approximation (MLSA) filter for speech synthesis". It makes speech from an excitation,
/// and with differences of mel-cepstra it changes the spectrum of a recording directly (Kobayashi and Toda 2018).
/// </summary>
/// <remarks>
/// The filter is the cascade exp(b0) exp(F1) exp(F2) of <see href="https://sp-tk.sourceforge.net/">SPTK</see>'s mlsadf. Each exponential is
/// a ratio of polynomials that is close, and stable, only while |F| stays small. Where the frames need more than
/// <see cref="MlsaOptions.SectionLimit"/>, the exponential becomes n equal sections exp(F / n), with n the same over the whole signal, so
/// that no frame can make the filter unstable. One object may serve several threads.
/// </remarks>
public sealed class MlsaFilter
{
    // Together these are 2600 dB: no sound needs it, and e^300 leaves room for what happens inside the sections.
    private const double MaxLogGain = 300;
    private const int SettlePeriod = 256;

    private readonly MlsaOptions options;

    /// <summary>Prepares filters for mel-cepstra of one kind.</summary>
    /// <param name="order">The order m of the mel-cepstra, at least 0.</param>
    /// <param name="alpha">Their all-pass constant, between -1 and 1; see <see cref="Cepstra.FrequencyWarping.AlphaFor"/>.</param>
    /// <param name="options">The approximation; null = the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public MlsaFilter(int order, double alpha, MlsaOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(order);
        if (!(Math.Abs(alpha) < 1))
            throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "The all-pass constant must lie between -1 and 1.");
        this.options = options ?? new MlsaOptions();
        this.options.Validate();
        (Order, Alpha) = (order, alpha);
    }

    /// <summary>Gets the order m; a mel-cepstrum has m + 1 coefficients, c0 first.</summary>
    public int Order { get; }

    /// <summary>Gets the all-pass constant.</summary>
    public double Alpha { get; }

    /// <summary>
    /// Filters a whole signal, from rest. The filter's coefficients b move in straight lines from frame to frame, sample by sample.
    /// </summary>
    /// <param name="excitation">The input: an excitation, or a recording to be changed.</param>
    /// <param name="melCepstra">The mel-cepstra, [T, m + 1]. Frame t lies at time t x frame period; the last one holds to the end of the
    /// signal.</param>
    /// <param name="framePeriod">The time from one frame to the next, positive; it need not be a whole number of samples.</param>
    /// <returns>As many samples as <paramref name="excitation"/>, at its rate.</returns>
    /// <exception cref="ArgumentException">
    /// The frames have another order, there are none for a signal that is not empty, a coefficient is not finite, or the log gain passes
    /// 300 nepers.
    /// </exception>
    public Waveform Filter(Waveform excitation, Frames melCepstra, TimeSpan framePeriod)
    {
        ArgumentNullException.ThrowIfNull(excitation);
        ArgumentNullException.ThrowIfNull(melCepstra);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(framePeriod, TimeSpan.Zero);
        if (melCepstra.Dimension != Order + 1)
            throw new ArgumentException($"The frames have {melCepstra.Dimension} values; {Order + 1} were expected.", nameof(melCepstra));
        if (excitation.Length == 0)
            return excitation;
        if (melCepstra.Count == 0)
            throw new ArgumentException($"There are no frames to filter {excitation.Length} samples with.", nameof(melCepstra));

        var coefficients = MlsaCoefficients.FromMelCepstra(melCepstra, Alpha);
        var (gain, first, higher) = MlsaCoefficients.Bounds(coefficients, Alpha);
        var logGain = gain + first + higher;
        if (!(logGain <= MaxLogGain))
            throw new ArgumentException(
                $"The mel-cepstra reach a log gain of {logGain:g4} nepers; it must be at most {MaxLogGain}.",
                nameof(melCepstra)
            );
        var stages = MakeStages(coefficients, first, higher);
        return Waveform.Wrap(
            Run(excitation, coefficients, framePeriod.TotalSeconds * excitation.SampleRate, stages),
            excitation.SampleRate
        );
    }

    /// <summary>
    /// Makes the stages exp(F1) and exp(F2), as far as the order has them, and divides the coefficients by their numbers of sections.
    /// </summary>
    private MlsaCascade[] MakeStages(FrameBuffer coefficients, double first, double higher)
    {
        var limit = options.EffectiveSectionLimit;
        var firstSections = Math.Max(1, (int)Math.Ceiling(first / limit));
        var higherSections = Math.Max(1, (int)Math.Ceiling(higher / limit));
        for (var t = 0; t < coefficients.Count; t++)
        {
            var b = coefficients[t];
            for (var m = 1; m < b.Length; m++)
                b[m] /= m == 1 ? firstSections : higherSections;
        }

        return Order switch
        {
            0 => [],
            1 => [new MlsaCascade(1, 1, Alpha, options.PadeOrder, firstSections)],
            _ =>
            [
                new MlsaCascade(1, 1, Alpha, options.PadeOrder, firstSections),
                new MlsaCascade(2, Order, Alpha, options.PadeOrder, higherSections),
            ],
        };
    }

    private static double[] Run(Waveform excitation, Frames coefficients, double frameShift, MlsaCascade[] stages)
    {
        var input = excitation.Samples;
        var result = new double[input.Length];
        var b = new double[coefficients.Dimension];
        var lastFrame = coefficients.Count - 1;
        for (var i = 0; i < result.Length; i++)
        {
            var position = Math.Min(i / frameShift, lastFrame);
            var t = (int)position;
            TensorPrimitives.Lerp(coefficients[t], coefficients[Math.Min(t + 1, lastFrame)], position - t, b);
            var sample = input[i] * Math.Exp(b[0]);
            foreach (var stage in stages)
            {
                sample = stage.Process(sample, b);
                if (i % SettlePeriod == 0)
                    stage.Settle();
            }

            result[i] = sample;
        }

        return result;
    }
}

/// <summary>The order of the Pade approximation of an <see cref="MlsaFilter"/>.</summary>
public sealed record MlsaOptions
{
    /// <summary>Gets or sets the order of the Pade approximation of exp, 4 or 5. The default is 5.</summary>
    public int PadeOrder { get; init; } = 5;

    /// <summary>
    /// Gets or sets the largest |F| in nepers that one section exp(F) is asked for; a cascade that needs more is made of n sections exp(F /
    /// n). The smaller |F|, the better the approximation: order 5 is off by at most 0.004 dB up to 3, 0.07 dB up to 5, 0.27 dB up to 6 and
    /// 0.9 dB up to 6.5; order 4 by at most 0.02 dB up to 3, 0.11 dB up to 4 and 0.24 dB up to 4.5. Range: above 0, up to 6 for order 4 and
    /// 7 for order 5; a section becomes unstable a little beyond (6.2 and 7.6). The default, null, is 4 for order 4 and 5 for order 5. SPTK
    /// always has one section.
    /// </summary>
    public double? SectionLimit { get; init; }

    /// <summary>The limit in force.</summary>
    internal double EffectiveSectionLimit => SectionLimit ?? PadeOrder;

    /// <summary>Throws where a value is out of its range.</summary>
    internal void Validate()
    {
        if (PadeOrder is not (4 or 5))
            throw new ArgumentOutOfRangeException(nameof(PadeOrder), PadeOrder, "The Pade order must be 4 or 5.");
        var highest = PadeOrder + 2.0;
        if (SectionLimit is { } limit && !(limit > 0 && limit <= highest))
            throw new ArgumentOutOfRangeException(
                nameof(SectionLimit),
                limit,
                $"The section limit must be above 0, up to {highest} for order {PadeOrder}."
            );
    }
}

/// <summary>
/// A running filter exp(F / n)^n, F = b[first] Phi_first + ... + b[last] Phi_last: n equal sections, each P(F / n) / P(-F / n) with the
/// Pade polynomial P(w) = 1 + A1 w + ... + AL w^L. A section needs F, F^2, ... F^L of its inner signal, that is L basic filters in a row.
/// Each starts with a delay, so that all basic filters of all sections advance side by side, one a vector lane.
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
            double odd = 0,
                even = 0;
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
        if (
            Math.Abs(TensorPrimitives.MaxMagnitude<double>(delays)) < negligible
            && Math.Abs(TensorPrimitives.MaxMagnitude<double>(inputs)) < negligible
        )
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

/// <summary>
/// The coefficients b of the MLSA filter: H(z) = exp(b0) exp(F1(z)) exp(F2(z)), F1 = b1 Phi_1, F2 = b2 Phi_2 + ... + bM Phi_M.
/// </summary>
/// <remarks>
/// With the all-pass u = (z^-1 - alpha) / (1 - alpha z^-1), the basis is Phi_m = (1 - alpha^2) z^-1 / (1 - alpha z^-1) u^(m-1) = (u +
/// alpha) u^(m-1): it starts with a plain delay, so that the recursive filter has no loop without one.
/// </remarks>
internal static class MlsaCoefficients
{
    /// <summary>b[M] = c[M], b[m] = c[m] - alpha b[m + 1], frame by frame.</summary>
    public static FrameBuffer FromMelCepstra(Frames melCepstra, double alpha)
    {
        var result = new FrameBuffer(melCepstra.Count, melCepstra.Dimension);
        for (var t = 0; t < result.Count; t++)
        {
            var b = result[t];
            melCepstra[t].CopyTo(b);
            for (var m = b.Length - 2; m >= 0; m--)
                b[m] -= alpha * b[m + 1];
        }

        return result;
    }

    /// <summary>
    /// Upper bounds of |b0|, |F1| and |F2| over all frames and frequencies, in nepers; NaN or infinity where a coefficient is.
    /// </summary>
    public static (double Gain, double First, double Higher) Bounds(Frames coefficients, double alpha)
    {
        double gain = 0,
            first = 0;
        for (var t = 0; t < coefficients.Count; t++)
        {
            var b = coefficients[t];
            gain = Math.Max(gain, Math.Abs(b[0]));

            // |u + alpha| is largest at one end of the frequency axis.
            if (b.Length > 1)
                first = Math.Max(first, Math.Abs(b[1]) * (1 + Math.Abs(alpha)));
        }

        return (gain, first, BoundHigher(coefficients, alpha));
    }

    private static double BoundHigher(Frames coefficients, double alpha)
    {
        var order = coefficients.Dimension - 1;
        if (order < 2)
            return 0;
        var fft = new RealFft((int)BitOperations.RoundUpToPowerOf2((uint)(8 * order)));
        var polynomial = new double[fft.Length];
        var (real, imaginary, power) = (new double[fft.BinCount], new double[fft.BinCount], new double[fft.BinCount]);
        var basis = new double[fft.BinCount];
        for (var k = 0; k < basis.Length; k++)
            basis[k] = 1 + (alpha * alpha) + (2 * alpha * Math.Cos(2 * Math.PI * k / fft.Length));
        var largest = 0.0;
        for (var t = 0; t < coefficients.Count; t++)
        {
            coefficients[t][2..].CopyTo(polynomial.AsSpan(1));
            fft.Forward(polynomial, real, imaginary);
            TensorPrimitives.Multiply<double>(real, real, power);
            TensorPrimitives.MultiplyAdd<double>(imaginary, imaginary, power, power);
            TensorPrimitives.Multiply<double>(power, basis, power);
            largest = Math.Max(largest, TensorPrimitives.Max<double>(power));
        }

        // Between N points on the circle a polynomial of degree M exceeds its largest sample at most 1 / cos(pi M / N) times (Ehlich and
        // Zeller 1964).
        return Math.Sqrt(largest) / Math.Cos(Math.PI * order / fft.Length);
    }
}
