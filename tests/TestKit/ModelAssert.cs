using VoiceKit.Files;

namespace VoiceKit.Tests.TestKit;

/// <summary>Compares model files number by number.</summary>
internal static class ModelAssert
{
    /// <summary>Fails unless both files describe the same and hold the same numbers within a tolerance.</summary>
    /// <remarks>
    /// A number's difference is taken relative to itself, a covariance's relative to the product of the two standard deviations: a
    /// covariance near 0 is a difference of large numbers, and no order of summation gives its last digits.
    /// </remarks>
    public static void Near(SafetensorsFile expected, SafetensorsFile actual, double tolerance)
    {
        Assert.Equal(expected.Metadata, actual.Metadata);
        Assert.Equal(expected.Tensors.Keys.Order(StringComparer.Ordinal), actual.Tensors.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, tensor) in expected.Tensors)
        {
            Assert.Equal(tensor.Shape, actual.Tensors[name].Shape);
            var scales = tensor.Shape.Count == 3 ? Deviations(tensor) : tensor.Values;
            for (var i = 0; i < scales.Length; i++)
            {
                var (wanted, got) = (tensor.Values[i], actual.Tensors[name].Values[i]);
                Assert.True(Math.Abs(wanted - got) <= tolerance * Math.Abs(scales[i]), $"{name}, element {i}: {got:R}, not {wanted:R}");
            }
        }
    }

    /// <summary>The product of the standard deviations of each element's row and column, [M, D, D].</summary>
    private static double[] Deviations(NamedTensor covariances)
    {
        var dimension = covariances.Shape[2];
        double Variance(int m, int d) => covariances.Values[(((m * dimension) + d) * dimension) + d];
        return
        [
            .. covariances
                .Values.ToArray()
                .Select(
                    (_, i) =>
                    {
                        var (m, row, column) = (i / (dimension * dimension), i / dimension % dimension, i % dimension);
                        return Math.Sqrt(Variance(m, row) * Variance(m, column));
                    }
                ),
        ];
    }
}
