using BenchmarkDotNet.Attributes;
using VoiceKit.Conversion;
using VoiceKit.Mixtures;
using VoiceKit.Numerics;

namespace VoiceKit.Benchmarks;

/// <summary>
/// Training and mapping at the sizes of 25 sentences: 16 384 joint frames of 144 values (24 coefficients, their deltas and deltaDeltas, two
/// speakers), full covariances; an utterance is 1000 frames, 5 s. The values are noise around as many centres as there are mixtures.
/// </summary>
[MemoryDiagnoser]
public class ConversionBenchmarks
{
    private const int FrameCount = 16384;
    private const int Order = 24;
    private const int JointDimension = 6 * Order;
    private Frames joint = null!;
    private Frames source = null!;
    private Frames target = null!;
    private GaussianMixture mixture = null!;
    private FrameMapper frameMapper = null!;
    private TrajectoryMapper trajectoryMapper = null!;

    /// <summary>The number of mixtures.</summary>
    [Params(8, 32)]
    public int MixtureCount { get; set; }

    /// <summary>Makes frames and fits a mixture to them.</summary>
    [GlobalSetup]
    public void Setup()
    {
        joint = Noise(FrameCount, JointDimension, 1);
        (source, target) = (Noise(1000, Order, 2), Noise(900, Order, 3));
        mixture = ExpectationMaximization.Fit(joint, new MixtureOptions { MixtureCount = MixtureCount, Iterations = 1 });
        var model = new JointDensityModel(mixture);
        (frameMapper, trajectoryMapper) = (new FrameMapper(model), new TrajectoryMapper(model));
    }

    /// <summary>Alignment of 1000 and 900 frames.</summary>
    [Benchmark]
    public WarpingPath DynamicTimeWarping() => Conversion.DynamicTimeWarping.Align(source, target);

    /// <summary>One iteration of expectation-maximization: both steps.</summary>
    [Benchmark]
    public GaussianMixture ExpectationMaximizationStep() =>
        ExpectationMaximization.Continue(
            mixture,
            joint,
            new MixtureOptions { MixtureCount = MixtureCount, Iterations = 1 },
            new CpuExpectationStep(joint)
        );

    /// <summary>The expectation step alone: what a shard does.</summary>
    [Benchmark]
    public MixtureStatistics ExpectationStep() => MixtureStatistics.Collect(mixture, joint);

    /// <summary>The k-means++ start.</summary>
    [Benchmark]
    public int[] KMeansStart() => KMeans.Cluster(joint, MixtureCount);

    /// <summary>Frame by frame.</summary>
    [Benchmark]
    public Frames MapFrames() => frameMapper.Map(source);

    /// <summary>As a trajectory (MLPG).</summary>
    [Benchmark]
    public Frames MapTrajectory() => trajectoryMapper.Map(source);

    private FrameBuffer Noise(int count, int dimension, int seed)
    {
        var random = new Random(seed);
        var centres = new FrameBuffer(MixtureCount, dimension);
        foreach (ref var value in centres.Values)
            value = 0.5 * random.NextDouble();
        var frames = new FrameBuffer(count, dimension);
        for (var t = 0; t < count; t++)
        {
            var centre = centres[t * MixtureCount / count];
            for (var d = 0; d < dimension; d++)
                frames[t][d] = centre[d] + random.NextDouble() + random.NextDouble() - 1;
        }

        return frames;
    }
}
