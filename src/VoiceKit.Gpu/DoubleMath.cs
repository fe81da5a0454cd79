using ILGPU;

namespace VoiceKit.Gpu;

/// <summary>Elementary functions for kernels in double precision, in plain arithmetic: a GPU's own are of single precision or need a library.</summary>
internal static class DoubleMath
{
    /// <summary>e^x (the rational function of Moshier's Cephes library); 0 below -708.</summary>
    public static double Exp(double x)
    {
        if (!(x > -708.0))
            return x <= -708.0 ? 0 : x;
        if (x > 709.0)
            return double.PositiveInfinity;

        // exp(x) = 2^n exp(r), |r| <= ln(2) / 2, with ln(2) in two parts; exp(r) = 1 + 2 r P(r^2) / (Q(r^2) - r P(r^2)).
        var n = (int)((x * 1.4426950408889634) + (x < 0 ? -0.5 : 0.5));
        var r = x - (n * 6.93145751953125e-1) - (n * 1.42860682030941723212e-6);
        var square = r * r;
        var p = r * ((((1.26177193074810590878e-4 * square) + 3.02994407707441961300e-2) * square) + 9.99999999999999999910e-1);
        var q = (((((3.00198505138664455042e-6 * square) + 2.52448340349684104192e-3) * square) + 2.27265548208155028766e-1) * square) + 2.0;
        return (1 + (2 * p / (q - p))) * PowerOfTwo(n);
    }

    /// <summary>ln x of a positive normal number, as the sums of posteriors are.</summary>
    public static double Log(double x)
    {
        if (!(x > 0) || x == double.PositiveInfinity)
            return x == 0 ? double.NegativeInfinity : x > 0 ? x : double.NaN;

        // x = 2^e m with m in [sqrt(1/2), sqrt(2)): ln(x) = e ln(2) + ln(m), ln(m) = 2 artanh(s), s = (m - 1) / (m + 1), |s| < 0.172.
        var bits = Interop.FloatAsInt(x);
        var exponent = (int)(bits >> 52) - 1022;
        var m = Interop.IntAsFloat((bits & 0x000FFFFFFFFFFFFFul) | 0x3FE0000000000000ul);
        if (m < 0.70710678118654752)
        {
            exponent--;
            m += m;
        }

        var s = (m - 1) / (m + 1);
        var square = s * s;
        var sum = 1.0 / 21;
        for (var k = 19; k > 0; k -= 2)
            sum = (sum * square) + (1.0 / k);
        return (2 * s * sum) + (exponent * 0.69314718055994531);
    }

    private static double PowerOfTwo(int n) => Interop.IntAsFloat((ulong)(n + 1023) << 52);
}
