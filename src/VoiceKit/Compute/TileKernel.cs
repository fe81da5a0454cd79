using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VoiceKit.Compute;

/// <summary>The innermost loop of all products: a tile of 6 x 16 sums, which stay in twelve of the sixteen vector registers.</summary>
internal static unsafe class TileKernel
{
    /// <summary>The rows of a tile.</summary>
    public const int Rows = 6;

    /// <summary>The columns of a tile.</summary>
    public const int Columns = 16;

    /// <summary>Sums count products for each place of the tile, in their order.</summary>
    /// <param name="count">How many products a sum has.</param>
    /// <param name="left">Where the left matrix's six rows begin.</param>
    /// <param name="leftStep">The distance from one value of such a row to the next.</param>
    /// <param name="right">Where the sixteen columns of the right matrix begin.</param>
    /// <param name="rightStep">The distance from one row of them to the next.</param>
    /// <param name="target">Where the six rows of sums go.</param>
    /// <param name="accumulate">Whether the sums are added to what is there.</param>
    // Compiled fully at once: short runs would end before the runtime replaced the first version of the loop.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(nint count, float** left, nint leftStep, float* right, nint rightStep, float** target, bool accumulate)
    {
        float* a0 = left[0], a1 = left[1], a2 = left[2], a3 = left[3], a4 = left[4], a5 = left[5];
        Vector256<float> s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default;
        Vector256<float> s30 = default, s31 = default, s40 = default, s41 = default, s50 = default, s51 = default;
        for (nint i = 0; count > 0; count--)
        {
            var b0 = Vector256.Load(right);
            var b1 = Vector256.Load(right + 8);
            var a = Vector256.Create(a0[i]);
            s00 = Vector256.MultiplyAddEstimate(a, b0, s00);
            s01 = Vector256.MultiplyAddEstimate(a, b1, s01);
            a = Vector256.Create(a1[i]);
            s10 = Vector256.MultiplyAddEstimate(a, b0, s10);
            s11 = Vector256.MultiplyAddEstimate(a, b1, s11);
            a = Vector256.Create(a2[i]);
            s20 = Vector256.MultiplyAddEstimate(a, b0, s20);
            s21 = Vector256.MultiplyAddEstimate(a, b1, s21);
            a = Vector256.Create(a3[i]);
            s30 = Vector256.MultiplyAddEstimate(a, b0, s30);
            s31 = Vector256.MultiplyAddEstimate(a, b1, s31);
            a = Vector256.Create(a4[i]);
            s40 = Vector256.MultiplyAddEstimate(a, b0, s40);
            s41 = Vector256.MultiplyAddEstimate(a, b1, s41);
            a = Vector256.Create(a5[i]);
            s50 = Vector256.MultiplyAddEstimate(a, b0, s50);
            s51 = Vector256.MultiplyAddEstimate(a, b1, s51);
            i += leftStep;
            right += rightStep;
        }

        Store(target[0], s00, s01, accumulate);
        Store(target[1], s10, s11, accumulate);
        Store(target[2], s20, s21, accumulate);
        Store(target[3], s30, s31, accumulate);
        Store(target[4], s40, s41, accumulate);
        Store(target[5], s50, s51, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* target, Vector256<float> x, Vector256<float> y, bool accumulate)
    {
        if (accumulate)
        {
            x += Vector256.Load(target);
            y += Vector256.Load(target + 8);
        }

        x.Store(target);
        y.Store(target + 8);
    }
}
