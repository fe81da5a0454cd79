using ILGPU;

namespace VoiceKit.Gpu.Kernels;

/// <summary>Power spectra of the frames of a signal: a group transforms a frame in shared memory.</summary>
internal static class SpectrumKernel
{
    /// <summary>The longest transform: two buffers of this many floats fill the 32 KiB that every device shares within a group.</summary>
    public const int MaxLength = 4096;

    /// <summary>
    /// powers[t, k] = |X[k]|^2, k = 0 .. N / 2, of the windowed frame. The N real numbers go through a complex transform of N / 2 by
    /// Stockham's self-sorting method of radix 2 (Cochran et al. 1967), whose result is then split. A signal goes on mirrored at its ends.
    /// </summary>
    /// <param name="sizes">The sizes.</param>
    /// <param name="signal">The samples, at least one.</param>
    /// <param name="window">[FrameLength].</param>
    /// <param name="rotations">e^(-2 pi i k / N), k = 0 .. N / 2, as pairs of a real and an imaginary part.</param>
    /// <param name="powers">[groups, N / 2 + 1].</param>
    public static void WritePowers(
        FrameSizes sizes,
        ArrayView<float> signal,
        ArrayView<float> window,
        ArrayView<float> rotations,
        ArrayView<float> powers
    )
    {
        var shared = SharedMemory.Allocate<float>(2 * MaxLength);
        var half = sizes.FftLength / 2;
        var offset = half - (sizes.FrameLength / 2);
        var start = ((sizes.FirstFrame + (long)Grid.IdxX) * sizes.FrameShift) - (sizes.FrameLength / 2);

        // Sample 2 n is the real part and sample 2 n + 1 the imaginary part of number n; the imaginary parts lie behind the real ones.
        for (var i = Group.IdxX; i < sizes.FftLength; i += Group.DimX)
        {
            var n = i - offset;
            var value = 0f;
            if (n >= 0 && n < sizes.FrameLength)
                value = signal[Mirrored(start + n, signal.Length)] * window[n];
            shared[(i / 2) + ((i & 1) * half)] = value;
        }

        Group.Barrier();
        var (from, to) = (0, sizes.FftLength);
        for (var stride = 1; stride < half; stride *= 2)
        {
            for (var k = Group.IdxX; k < half / 2; k += Group.DimX)
            {
                var q = k & (stride - 1);
                var first = k - q;
                var (a, b) = (from + k, from + k + (half / 2));
                var (realA, imaginaryA, realB, imaginaryB) = (shared[a], shared[a + half], shared[b], shared[b + half]);
                var (real, imaginary) = (realA - realB, imaginaryA - imaginaryB);
                var (cosine, sine) = (rotations[4 * first], rotations[(4 * first) + 1]);
                var place = to + q + (2 * first);
                shared[place] = realA + realB;
                shared[place + half] = imaginaryA + imaginaryB;
                shared[place + stride] = (real * cosine) - (imaginary * sine);
                shared[place + stride + half] = (real * sine) + (imaginary * cosine);
            }

            Group.Barrier();
            (from, to) = (to, from);
        }

        // With Z the transform, Z'[k] the conjugate of Z[N / 2 - k], and u = e^(-2 pi i k / N): X[k] = (Z[k] + Z'[k]) / 2 - i u (Z[k] -
        // Z'[k]) / 2.
        for (var k = Group.IdxX; k <= half; k += Group.DimX)
        {
            var (a, b) = (from + (k & (half - 1)), from + ((half - k) & (half - 1)));
            var (evenReal, evenImaginary) = (shared[a] + shared[b], shared[a + half] - shared[b + half]);
            var (oddReal, oddImaginary) = (shared[a + half] + shared[b + half], shared[b] - shared[a]);
            var (cosine, sine) = (rotations[2 * k], rotations[(2 * k) + 1]);
            var real = evenReal + (oddReal * cosine) - (oddImaginary * sine);
            var imaginary = evenImaginary + (oddReal * sine) + (oddImaginary * cosine);
            powers[((long)Grid.IdxX * (half + 1)) + k] = 0.25f * ((real * real) + (imaginary * imaginary));
        }
    }

    /// <summary>The place in a signal that goes on mirrored at its first and last samples, with the period 2 (length - 1).</summary>
    private static long Mirrored(long index, long length)
    {
        if (index >= 0 && index < length)
            return index;
        var last = length - 1;
        if (last == 0)
            return 0;
        var place = (index < 0 ? -index : index) % (2 * last);
        return place <= last ? place : (2 * last) - place;
    }
}

/// <summary>The sizes of power spectra of frames of a signal.</summary>
/// <param name="FftLength">The transform length N, a power of two from 2 on.</param>
/// <param name="FrameLength">The length of the window, at most N.</param>
/// <param name="FrameShift">The samples between frames.</param>
/// <param name="FirstFrame">The number of the frame that the first group transforms.</param>
internal readonly record struct FrameSizes(int FftLength, int FrameLength, int FrameShift, int FirstFrame);
