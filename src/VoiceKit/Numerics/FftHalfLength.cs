using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VoiceKit.Numerics;

/// <summary>The step between the spectrum X of N real samples and the spectrum Z of the M = N / 2 complex numbers z[n] = x[2n] + i x[2n + 1].</summary>
/// <remarks>
/// With the spectra of the even samples E[k] = (Z[k] + conj Z[M - k]) / 2 and of the odd ones O[k] = (Z[k] - conj Z[M - k]) / 2i:
/// X[k] = E[k] + w[k] O[k] and X[M - k] = conj(E[k] - w[k] O[k]), w[k] = exp(-2 pi i k / N). The bins k and M - k are done together, four pairs
/// at a time. M is a multiple of 8; the twiddle factors carry the factor 1 / 2.
/// </remarks>
internal static unsafe class FftHalfLength
{
    /// <summary>Turns Z (M numbers) into X (M + 1 numbers) in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToReal(double* re, double* im, double* twiddles, int count)
    {
        // Z[M] = Z[0], so that k = 0 is like any other.
        re[count] = re[0];
        im[count] = im[0];
        var half = Vector256.Create(0.5);
        var mirroredRe = re + count - 3;
        var mirroredIm = im + count - 3;
        for (nint k = 0; k < count / 2; k += 4)
        {
            var z = new FftComplex(Vector256.Load(re + k), Vector256.Load(im + k));
            var mirrored = new FftComplex(FftComplex.Reverse(Vector256.Load(mirroredRe - k)), FftComplex.Reverse(Vector256.Load(mirroredIm - k)));
            var odd = new FftComplex(z.Im + mirrored.Im, mirrored.Re - z.Re) * FftComplex.Load(twiddles + (2 * k));
            var evenRe = (z.Re + mirrored.Re) * half;
            var evenIm = (z.Im - mirrored.Im) * half;
            (evenRe + odd.Re).Store(re + k);
            (evenIm + odd.Im).Store(im + k);
            FftComplex.Reverse(evenRe - odd.Re).Store(mirroredRe - k);
            FftComplex.Reverse(odd.Im - evenIm).Store(mirroredIm - k);
        }

        // At k = M / 2 the pair is one bin: E = Re Z, O = Im Z, w = -i.
        im[count / 2] = -im[count / 2];
        im[0] = 0;
        im[count] = 0;
    }

    /// <summary>Turns X (M + 1 numbers) into 2 <paramref name="scale"/> Z (M numbers), interleaved with the imaginary part first.</summary>
    /// <remarks>
    /// Z[k] = E[k] + i O[k] with E[k] = (X[k] + conj X[M - k]) / 2, O[k] = conj w[k] (X[k] - conj X[M - k]) / 2. Writes one number more.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FromReal(double* re, double* im, double* destination, double* twiddles, int count, double scale)
    {
        var one = Vector256.Create(scale);
        var two = Vector256.Create(2 * scale);
        var mirroredRe = re + count - 3;
        var mirroredIm = im + count - 3;
        var mirroredDestination = destination + (2 * (count - 3));
        for (nint k = 0; k < count / 2; k += 4)
        {
            var x = new FftComplex(Vector256.Load(re + k), Vector256.Load(im + k));
            var mirrored = new FftComplex(FftComplex.Reverse(Vector256.Load(mirroredRe - k)), FftComplex.Reverse(Vector256.Load(mirroredIm - k)));
            var w = FftComplex.Load(twiddles + (2 * k));
            var odd = new FftComplex((x.Re - mirrored.Re) * two, (x.Im + mirrored.Im) * two) * new FftComplex(w.Re, -w.Im);
            var evenRe = (x.Re + mirrored.Re) * one;
            var evenIm = (x.Im - mirrored.Im) * one;
            FftComplex.StoreInterleaved(destination + (2 * k), evenIm + odd.Re, evenRe - odd.Im);
            FftComplex.StoreInterleavedReversed(mirroredDestination - (2 * k), odd.Re - evenIm, evenRe + odd.Im);
        }

        // The bins 0 and M are real by definition, whatever imaginary part they carry.
        destination[0] = (re[0] - re[count]) * scale;
        destination[1] = (re[0] + re[count]) * scale;
        destination[count] = -2 * scale * im[count / 2];
        destination[count + 1] = 2 * scale * re[count / 2];
    }
}
