using System.Numerics.Tensors;

namespace VoiceKit.Numerics;

/// <summary>ln of a sum of exponentials, safe for large and small arguments.</summary>
public static class LogSumExp
{
    /// <summary>Turns logarithms into shares that sum to 1 and returns the logarithm of their sum. All -infinity gives equal shares.</summary>
    /// <param name="logarithms">ln of non-negative terms, replaced by each term's share.</param>
    public static double Normalize(Span<double> logarithms)
    {
        var largest = TensorPrimitives.Max<double>(logarithms);
        if (double.IsNegativeInfinity(largest))
        {
            logarithms.Fill(1.0 / logarithms.Length);
            return largest;
        }

        TensorPrimitives.Subtract(logarithms, largest, logarithms);
        ElementaryFunctions.Exp(logarithms, logarithms);
        var sum = Reductions.Sum(logarithms);
        TensorPrimitives.Divide(logarithms, sum, logarithms);
        return largest + Math.Log(sum);
    }
}
