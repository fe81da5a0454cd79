using VoiceKit.Conversion;
using VoiceKit.Features;
using VoiceKit.Mixtures;
using VoiceKit.Numerics;
using VoiceKit.Pitch;

namespace VoiceKit.Tests.TestKit;

/// <summary>Models made of random numbers, small enough to check by hand.</summary>
internal static class SmallModels
{
    /// <summary>Frames of independent normal values.</summary>
    public static Frames Normal(int count, int dimension, int seed)
    {
        var random = new Random(seed);
        return new Frames(count, dimension, [.. Enumerable.Range(0, count * dimension).Select(_ => Gauss(random))]);
    }

    /// <summary>A mixture with full, well conditioned covariances.</summary>
    public static GaussianMixture Mixture(int mixtureCount, int dimension, int seed, double spread = 1)
    {
        var random = new Random(seed);
        var weights = Enumerable.Range(1, mixtureCount).Select(m => m * 2.0 / (mixtureCount * (mixtureCount + 1))).ToArray();
        var means = new Frames(
            mixtureCount,
            dimension,
            [.. Enumerable.Range(0, mixtureCount * dimension).Select(_ => spread * Gauss(random))]
        );
        return new GaussianMixture(weights, means, [.. weights.Select(_ => Covariance(dimension, random))], CovarianceStructure.Full);
    }

    /// <summary>A voice model of order 4 at 16 kHz.</summary>
    public static VoiceModel Voice() =>
        new()
        {
            SampleRate = 16000,
            Features = new FeatureOptions
            {
                Order = 4,
                Alpha = 0.42,
                F0Method = F0Method.Dio,
            },
            SourceRange = new F0Range(80, 400),
            TargetRange = new F0Range(60, 250),
            Spectrum = new JointDensityModel(Mixture(2, 24, 1)),
            Aperiodicity = new JointDensityModel(Mixture(1, 6, 2)),
            GlobalVariance = new GlobalVariance([1, 0.5, 1 / 3.0, 0.25], [0.1, 0.1, 0.1, 0.1]),
            F0 = new F0Statistics(5.1, 0.2, 4.6, 0.15, 0.61) { Slope = 0.9 },
            Detail = new SpectralDetail([0.1, 0.2], [0.1, 0.05], [-0.1, 0], [0.2, 0.04]),
            Movement = new MovementFilter(
                new Frames(4, MovementFilter.Bins, [.. Enumerable.Range(0, 4 * MovementFilter.Bins).Select(i => 1 + (0.005 * i))])
            ),
            Levels = new LevelMapping([3, -2]),
            Description = new Dictionary<string, string> { ["sentences"] = "25", ["seed"] = "0" },
        };

    private static double[] Covariance(int dimension, Random random)
    {
        var root = Enumerable.Range(0, dimension * dimension).Select(_ => Gauss(random) / Math.Sqrt(dimension)).ToArray();
        var result = new double[dimension * dimension];
        for (var i = 0; i < dimension; i++)
        {
            for (var j = 0; j < dimension; j++)
            {
                for (var k = 0; k < dimension; k++)
                    result[(i * dimension) + j] += root[(i * dimension) + k] * root[(j * dimension) + k];
            }

            result[(i * dimension) + i] += 0.3;
        }

        return result;
    }

    private static double Gauss(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
