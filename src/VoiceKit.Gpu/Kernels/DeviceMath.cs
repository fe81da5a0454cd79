using ILGPU;

namespace VoiceKit.Gpu.Kernels;

/// <summary>
/// Elementary functions for kernels, in plain arithmetic: the same polynomials as the CPU's (Moshier's Cephes library), since the fast
/// functions of GPUs lose digits at large arguments.
/// </summary>
internal static class DeviceMath
{
    public static float Exp(float x)
    {
        if (!(x > -87.3f))
            return x <= -87.3f ? 0 : x;
        if (x > 88.72f)
            return float.PositiveInfinity;

        // exp(x) = 2^n exp(r), |r| <= log(2) / 2, in two factors: 2^128 is no float.
        var n = (int)((x * 1.44269504f) + (x < 0 ? -0.5f : 0.5f));
        var r = x - (n * 0.693359375f) + (n * 2.12194440e-4f);
        var p = 1.9875691500e-4f;
        p = (p * r) + 1.3981999507e-3f;
        p = (p * r) + 8.3334519073e-3f;
        p = (p * r) + 4.1665795894e-2f;
        p = (p * r) + 1.6666665459e-1f;
        p = (p * r) + 5.0000001201e-1f;
        p = (p * r * r) + r + 1;
        var half = n >> 1;
        return p * PowerOfTwo(half) * PowerOfTwo(n - half);
    }

    public static float Log(float x)
    {
        if (!(x > 0))
            return x == 0 ? float.NegativeInfinity : float.NaN;
        if (x == float.PositiveInfinity)
            return x;

        // x = 2^e m with m in [sqrt(1/2), sqrt(2)): log(x) = e log(2) + log(m).
        var bits = Interop.FloatAsInt(x);
        var exponent = (int)(bits >> 23) - 126;
        var m = Interop.IntAsFloat((bits & 0x007FFFFFu) | 0x3F000000u);
        if (m < 0.707106781f)
        {
            exponent--;
            m += m;
        }

        m -= 1;
        float e = exponent;
        var p = 7.0376836292e-2f;
        p = (p * m) - 1.1514610310e-1f;
        p = (p * m) + 1.1676998740e-1f;
        p = (p * m) - 1.2420140846e-1f;
        p = (p * m) + 1.4249322787e-1f;
        p = (p * m) - 1.6668057665e-1f;
        p = (p * m) + 2.0000714765e-1f;
        p = (p * m) - 2.4999993993e-1f;
        p = (p * m) + 3.3333331174e-1f;
        var square = m * m;
        return m + ((p * m * square) - (e * 2.12194440e-4f) - (0.5f * square)) + (e * 0.693359375f);
    }

    /// <summary>tanh x = 1 - 2 / (e^2x + 1).</summary>
    public static float Tanh(float x) => 1 - (2 / (Exp(x + x) + 1));

    public static float Sigmoid(float x) => 1 / (Exp(-x) + 1);

    /// <summary>log(1 + e^x) = max(x, 0) + log(1 + e^-|x|).</summary>
    public static float Softplus(float x) => x > 0 ? x + Log(1 + Exp(-x)) : Log(1 + Exp(x));

    private static float PowerOfTwo(int n) => Interop.IntAsFloat((uint)(n + 127) << 23);
}

/// <summary>
/// Elementary functions for kernels in double precision, in plain arithmetic: a GPU's own are of single precision or need a library.
/// </summary>
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
        var q =
            (((((3.00198505138664455042e-6 * square) + 2.52448340349684104192e-3) * square) + 2.27265548208155028766e-1) * square) + 2.0;
        return (1 + (2 * p / (q - p))) * PowerOfTwo(n);
    }

    /// <summary>ln x of a positive normal number, as the sums of posteriors are.</summary>
    public static double Log(double x)
    {
        if (!(x > 0) || x == double.PositiveInfinity)
            return x == 0 ? double.NegativeInfinity
                : x > 0 ? x
                : double.NaN;

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
