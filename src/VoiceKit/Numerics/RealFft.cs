namespace VoiceKit.Numerics;

/// <summary>The discrete Fourier transform of real signals, for any power of two. One object for one thread: it owns its scratch memory.</summary>
public sealed class RealFft
{
    private readonly double[] re;
    private readonly double[] im;

    /// <summary>Prepares transforms of <paramref name="length"/> samples, a power of two, at least 2.</summary>
    public RealFft(int length)
    {
        if (length < 2 || !System.Numerics.BitOperations.IsPow2(length))
            throw new ArgumentOutOfRangeException(nameof(length), length, "The transform length must be a power of two, at least 2.");
        Length = length;
        re = new double[length];
        im = new double[length];
    }

    /// <summary>The number of samples N.</summary>
    public int Length { get; }

    /// <summary>The number of bins, N / 2 + 1.</summary>
    public int BinCount => (Length / 2) + 1;

    /// <summary>X[k] = sum over n of x[n] exp(-2 pi i k n / N), for k = 0 .. N / 2.</summary>
    public void Forward(ReadOnlySpan<double> signal, Span<double> real, Span<double> imaginary)
    {
        signal[..Length].CopyTo(re);
        Array.Clear(im);
        Transform(-1);
        re.AsSpan(0, BinCount).CopyTo(real);
        im.AsSpan(0, BinCount).CopyTo(imaginary);
    }

    /// <summary>x[n] = 1 / N sum over k of X[k] exp(2 pi i k n / N), for a spectrum with Hermitian symmetry given by its bins 0 .. N / 2.</summary>
    public void Inverse(ReadOnlySpan<double> real, ReadOnlySpan<double> imaginary, Span<double> destination)
    {
        for (var k = 0; k < Length; k++)
        {
            var mirrored = k > Length / 2;
            re[k] = real[mirrored ? Length - k : k] / Length;
            im[k] = (k == 0 || k == Length / 2 ? 0 : imaginary[mirrored ? Length - k : k]) * (mirrored ? -1 : 1) / Length;
        }

        Transform(1);
        re.AsSpan(0, Length).CopyTo(destination);
    }

    private void Transform(int sign)
    {
        for (int i = 1, j = 0; i < Length; i++)
        {
            var bit = Length >> 1;
            for (; (j & bit) != 0; bit >>= 1)
                j ^= bit;
            j ^= bit;
            if (i < j)
            {
                (re[i], re[j]) = (re[j], re[i]);
                (im[i], im[j]) = (im[j], im[i]);
            }
        }

        for (var size = 2; size <= Length; size *= 2)
        {
            for (var k = 0; k < size / 2; k++)
            {
                var (s, c) = Math.SinCos(sign * 2 * Math.PI * k / size);
                for (var i = k; i < Length; i += size)
                {
                    var j = i + (size / 2);
                    var (tr, ti) = ((re[j] * c) - (im[j] * s), (re[j] * s) + (im[j] * c));
                    (re[j], im[j]) = (re[i] - tr, im[i] - ti);
                    (re[i], im[i]) = (re[i] + tr, im[i] + ti);
                }
            }
        }
    }
}
