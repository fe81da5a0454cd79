using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace VoiceKit.Cepstra;

/// <summary>Smoothing of spectra along frequency by widths that follow F0 (Morise 2015, "CheapTrick", section 3).</summary>
internal sealed class SpectralSmoothing
{
    private readonly double binsPerHertz;
    private readonly int halfLength;
    private readonly double[] integral;
    private readonly double[] replica;

    /// <summary>Prepares for spectra of <paramref name="fftLength"/> / 2 + 1 bins.</summary>
    internal SpectralSmoothing(int fftLength, double sampleRate)
    {
        binsPerHertz = fftLength / sampleRate;
        halfLength = fftLength / 2;
        integral = new double[(2 * fftLength) + 4];
        replica = new double[halfLength + 2];
    }

    /// <summary>Adds the mirror image of the bins around F0 to the bins below it, where the window has left too little power.</summary>
    internal void CorrectBelowF0(Span<double> spectrum, double f0)
    {
        var count = Math.Min(1 + (int)(f0 * binsPerHertz), halfLength);
        for (var i = 0; i < count; i++)
        {
            var position = (f0 * binsPerHertz) - i;
            var bin = Math.Min((int)position, halfLength - 1);
            replica[i] = spectrum[bin] + ((position - bin) * (spectrum[bin + 1] - spectrum[bin]));
        }

        TensorPrimitives.Add<double>(spectrum[..count], replica.AsSpan(0, count), spectrum);
    }

    /// <summary>Replaces each bin by the mean over <paramref name="width"/> Hz around it, of the spectrum continued as a mirror image at both ends.</summary>
    internal void Smooth(ReadOnlySpan<double> spectrum, double width, Span<double> destination)
    {
        // The integral is piecewise linear between bin borders; each mean is the difference of two of its values.
        var bins = width * binsPerHertz;
        var boundary = Math.Min((int)bins + 1, halfLength);
        var sum = 0.0;
        var at = 0;
        for (var bin = boundary; bin > 0; bin--)
            integral[at++] = sum += spectrum[bin];
        for (var bin = 0; bin < halfLength; bin++)
            integral[at++] = sum += spectrum[bin];
        for (var bin = halfLength; bin >= halfLength - boundary; bin--)
            integral[at++] = sum += spectrum[bin];
        integral[at] = sum;

        var (lowStart, lowFraction) = Split(boundary - 0.5 - (bins / 2));
        var (highStart, highFraction) = Split(boundary - 0.5 + (bins / 2));
        ref var low = ref integral[lowStart];
        ref var high = ref integral[highStart];
        var i = 0;
        for (; i <= halfLength - 3; i += 4)
            ((Between(ref high, i, highFraction) - Between(ref low, i, lowFraction)) / Vector256.Create(bins)).CopyTo(destination[i..]);
        for (; i <= halfLength; i++)
        {
            var lowValue = integral[lowStart + i] + (lowFraction * (integral[lowStart + i + 1] - integral[lowStart + i]));
            var highValue = integral[highStart + i] + (highFraction * (integral[highStart + i + 1] - integral[highStart + i]));
            destination[i] = (highValue - lowValue) / bins;
        }
    }

    /// <summary>The straight lines from four neighbours to their right neighbours.</summary>
    private static Vector256<double> Between(ref double origin, int i, double fraction)
    {
        var left = Vector256.LoadUnsafe(ref origin, (nuint)i);
        return left + (Vector256.Create(fraction) * (Vector256.LoadUnsafe(ref origin, (nuint)i + 1) - left));
    }

    private static (int Start, double Fraction) Split(double position) => ((int)position, position - (int)position);
}
