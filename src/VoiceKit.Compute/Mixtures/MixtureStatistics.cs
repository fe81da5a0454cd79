using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using VoiceKit.Files;
using VoiceKit.Numerics;

namespace VoiceKit.Mixtures;

/// <summary>
/// The sufficient statistics of expectation-maximization: what one pass over frames leaves behind. Those of parts of the data add up to
/// those of the whole.
/// </summary>
public sealed class MixtureStatistics
{
    /// <summary>A frame whose posterior is below this does not change a covariance that thousands of frames make: it is left out.</summary>
    internal const double MinPosterior = 1e-7;

    private const int Chunk = 256;

    private readonly double[] occupancies;
    private readonly double[][] second;

    /// <summary>
    /// Takes statistics that were collected elsewhere; the arrays are owned, and the second sums are the lower triangles of [M][D x D].
    /// </summary>
    internal MixtureStatistics(int frameCount, double logLikelihood, double[] occupancies, FrameBuffer first, double[][] second)
    {
        (FrameCount, LogLikelihood, First) = (frameCount, logLikelihood, first);
        this.occupancies = occupancies;
        this.second = second;
    }

    private MixtureStatistics(int mixtureCount, int dimension)
    {
        occupancies = new double[mixtureCount];
        First = new FrameBuffer(mixtureCount, dimension);
        second = new double[mixtureCount][];
        for (var m = 0; m < mixtureCount; m++)
            second[m] = new double[dimension * dimension];
    }

    /// <summary>Gets the number of frames seen.</summary>
    public int FrameCount { get; private set; }

    /// <summary>Gets the sum over frames of ln p(x).</summary>
    public double LogLikelihood { get; private set; }

    /// <summary>Gets the sum of posteriors, [M].</summary>
    public ReadOnlySpan<double> Occupancies => occupancies;

    /// <summary>
    /// The sum of posterior x (x - centre), [M, D], where the centre is the mean of the mixture that gave the posteriors.
    /// </summary>
    internal FrameBuffer First { get; }

    /// <summary>
    /// The sum of posterior x (x - centre)(x - centre)^T of mixture <paramref name="m"/>, [D x D]; its lower triangle counts.
    /// </summary>
    internal ReadOnlySpan<double> Second(int m) => second[m];

    /// <summary>The expectation step: collects the statistics of frames under a mixture.</summary>
    /// <param name="mixture">The mixture.</param>
    /// <param name="frames">The frames, [T, D].</param>
    public static MixtureStatistics Collect(GaussianMixture mixture, Frames frames)
    {
        ArgumentNullException.ThrowIfNull(mixture);
        ArgumentNullException.ThrowIfNull(frames);
        var (posteriors, logLikelihood) = mixture.Posteriors(frames);
        return Collect(mixture.Means, posteriors, frames, logLikelihood * frames.Count);
    }

    /// <summary>Collects the statistics of frames with given posteriors, [T, M], about given centres, [M, D].</summary>
    internal static MixtureStatistics Collect(Frames centres, Frames posteriors, Frames frames, double logLikelihood)
    {
        var result = new MixtureStatistics(centres.Count, frames.Dimension) { FrameCount = frames.Count, LogLikelihood = logLikelihood };
        Parallel.For(0, centres.Count, ParallelLimit.Options(), m => result.CollectMixture(m, centres[m], posteriors, frames));
        return result;
    }

    /// <summary>Adds the statistics of another part of the data, under the same mixture.</summary>
    /// <param name="other">The statistics to add.</param>
    public void Add(MixtureStatistics other)
    {
        ArgumentNullException.ThrowIfNull(other);
        FrameCount += other.FrameCount;
        LogLikelihood += other.LogLikelihood;
        TensorPrimitives.Add(occupancies, other.occupancies, occupancies);
        TensorPrimitives.Add(First.Values, other.First.Values, First.Values);
        for (var m = 0; m < second.Length; m++)
            TensorPrimitives.Add(second[m], other.second[m], second[m]);
    }

    private void CollectMixture(int m, ReadOnlySpan<double> centre, Frames posteriors, Frames frames)
    {
        // Frames are gathered in chunks, centred, scaled by the root of the posterior and laid out by dimension: each product is then one
        // dot.
        var dimension = frames.Dimension;
        var values = new double[dimension * Chunk];
        var row = new double[dimension];
        var filled = 0;
        for (var t = 0; t < frames.Count; t++)
        {
            var posterior = posteriors[t][m];
            if (posterior < MinPosterior)
                continue;
            occupancies[m] += posterior;
            TensorPrimitives.Subtract(frames[t], centre, row);
            TensorPrimitives.MultiplyAdd(row, posterior, First[m], First[m]);
            var root = Math.Sqrt(posterior);
            for (var d = 0; d < dimension; d++)
                values[(d * Chunk) + filled] = row[d] * root;
            if (++filled == Chunk)
            {
                AddProducts(values, dimension, second[m]);
                filled = 0;
            }
        }

        if (filled == 0)
            return;
        for (var d = 0; d < dimension; d++)
            values.AsSpan((d * Chunk) + filled, Chunk - filled).Clear();
        AddProducts(values, dimension, second[m]);
    }

    /// <summary>
    /// Adds the products of all pairs of rows to the lower triangle: two by two rows, so that each load serves two products.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddProducts(double[] values, int dimension, double[] destination)
    {
        ref var origin = ref MemoryMarshal.GetArrayDataReference(values);
        for (var i = 0; i < dimension; i += 2)
        {
            var i1 = Math.Min(i + 1, dimension - 1);
            for (var j = 0; j <= i1; j += 2)
            {
                var j1 = Math.Min(j + 1, dimension - 1);
                var (r0, r1, c0, c1) = ((nuint)(i * Chunk), (nuint)(i1 * Chunk), (nuint)(j * Chunk), (nuint)(j1 * Chunk));
                Vector256<double> s00 = default,
                    s01 = default,
                    s10 = default,
                    s11 = default;
                Vector256<double> t00 = default,
                    t01 = default,
                    t10 = default,
                    t11 = default;
                for (nuint k = 0; k < Chunk; k += 8)
                {
                    var (a0, a1) = (Vector256.LoadUnsafe(ref origin, r0 + k), Vector256.LoadUnsafe(ref origin, r1 + k));
                    var (b0, b1) = (Vector256.LoadUnsafe(ref origin, c0 + k), Vector256.LoadUnsafe(ref origin, c1 + k));
                    s00 = Vector256.FusedMultiplyAdd(a0, b0, s00);
                    s01 = Vector256.FusedMultiplyAdd(a0, b1, s01);
                    s10 = Vector256.FusedMultiplyAdd(a1, b0, s10);
                    s11 = Vector256.FusedMultiplyAdd(a1, b1, s11);
                    (a0, a1) = (Vector256.LoadUnsafe(ref origin, r0 + k + 4), Vector256.LoadUnsafe(ref origin, r1 + k + 4));
                    (b0, b1) = (Vector256.LoadUnsafe(ref origin, c0 + k + 4), Vector256.LoadUnsafe(ref origin, c1 + k + 4));
                    t00 = Vector256.FusedMultiplyAdd(a0, b0, t00);
                    t01 = Vector256.FusedMultiplyAdd(a0, b1, t01);
                    t10 = Vector256.FusedMultiplyAdd(a1, b0, t10);
                    t11 = Vector256.FusedMultiplyAdd(a1, b1, t11);
                }

                destination[(i * dimension) + j] += Vector256.Sum(s00 + t00);
                if (j1 > j)
                    destination[(i * dimension) + j1] += Vector256.Sum(s01 + t01);
                if (i1 > i)
                    destination[(i1 * dimension) + j] += Vector256.Sum(s10 + t10);
                if (i1 > i && j1 > j)
                    destination[(i1 * dimension) + j1] += Vector256.Sum(s11 + t11);
            }
        }
    }
}

/// <summary>Writes and reads sufficient statistics, exact to the bit: what one machine collects, another adds up.</summary>
/// <remarks>The arrays are <c>totals</c> [2] (frames, log-likelihood), <c>occupancies</c> [M], <c>first</c> [M, D] and <c>second</c> [M, D
/// (D + 1) / 2], the lower triangles row by row.</remarks>
internal static class MixtureStatisticsFile
{
    // What is added up must at least count its frames: posteriors of a frame sum to 1, but for those too small to be kept.
    private const double CountTolerance = 1e-3;

    private static readonly ModelFormat Format = new("voicekit-mixture-statistics", 1, "file of mixture statistics");

    /// <summary>Writes statistics; the file appears whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="statistics">The statistics.</param>
    /// <param name="labels">Names and values that say what they are of; none by default.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, MixtureStatistics statistics, IReadOnlyDictionary<string, string>? labels = null)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        var (mixtureCount, dimension) = (statistics.First.Count, statistics.First.Dimension);
        var triangle = dimension * (dimension + 1) / 2;
        var second = new double[mixtureCount * triangle];
        for (var m = 0; m < mixtureCount; m++)
        {
            for (var i = 0; i < dimension; i++)
                statistics.Second(m).Slice(i * dimension, i + 1).CopyTo(second.AsSpan((m * triangle) + (i * (i + 1) / 2)));
        }

        var metadata = Format.Describe();
        foreach (var (name, value) in labels ?? new Dictionary<string, string>())
            metadata[name] = value;
        var tensors = new Dictionary<string, NamedTensor>
        {
            ["totals"] = new([2], [statistics.FrameCount, statistics.LogLikelihood]),
            ["occupancies"] = new([mixtureCount], statistics.Occupancies),
            ["first"] = new([mixtureCount, dimension], statistics.First.Values),
            ["second"] = new([mixtureCount, triangle], second),
        };
        AtomicFile.Write(path, new SafetensorsFile(metadata, tensors).Write);
    }

    /// <summary>Reads statistics and their labels.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="BadFileException">The file is cut off, is something else, or its numbers cannot be statistics.</exception>
    /// <exception cref="ModelVersionException">The file was written by a newer version.</exception>
    public static (MixtureStatistics Statistics, IReadOnlyDictionary<string, string> Labels) Read(string path)
    {
        var file = SafetensorsFile.Read(path);
        Format.Require(path, file);
        try
        {
            ModelFormat.RequireFinite(file);
            return (Assemble(file), file.Metadata);
        }
        catch (Exception exception) when (exception is InvalidDataException or ArgumentException or ArithmeticException)
        {
            throw new BadFileException(path, null, $"the statistics are damaged: {exception.Message}", exception);
        }
    }

    private static MixtureStatistics Assemble(SafetensorsFile file)
    {
        var totals = file.Vector("totals", 2);
        var first = file.Tensor("first", 2);
        var (mixtureCount, dimension) = (first.Shape[0], first.Shape[1]);
        var occupancies = file.Vector("occupancies", mixtureCount);
        var triangle = checked(dimension * (dimension + 1) / 2);
        var second = file.Tensor("second", 2).Values;
        if (second.Length != (long)mixtureCount * triangle)
            throw new InvalidDataException(
                $"{mixtureCount} occupancies, {first.Shape[0]} x {dimension} first and {second.Length} second sums do not fit each other"
            );
        if (!(totals[0] is >= 0 and <= int.MaxValue) || totals[0] != Math.Floor(totals[0]))
            throw new InvalidDataException($"they are of {totals[0]} frames");
        if (TensorPrimitives.Min(occupancies) < 0 || Math.Abs(Reductions.Sum(occupancies) - totals[0]) > CountTolerance * totals[0])
            throw new InvalidDataException("the posteriors do not add up to the number of frames");
        var squares = new double[mixtureCount][];
        for (var m = 0; m < mixtureCount; m++)
        {
            squares[m] = new double[dimension * dimension];
            for (var i = 0; i < dimension; i++)
                second.Slice((m * triangle) + (i * (i + 1) / 2), i + 1).CopyTo(squares[m].AsSpan(i * dimension));
        }

        var firsts = new FrameBuffer(mixtureCount, dimension);
        first.Values.CopyTo(firsts.Values);
        return new MixtureStatistics((int)totals[0], totals[1], occupancies.ToArray(), firsts, squares);
    }
}

/// <summary>
/// A mixture as the arrays NAME.weights, NAME.means and NAME.covariances and the description NAME.covariance of a safetensors file, exact
/// to the bit.
/// </summary>
internal static class MixtureTensors
{
    /// <summary>Adds a mixture to what a file will hold.</summary>
    public static void Add(
        Dictionary<string, string> metadata,
        Dictionary<string, NamedTensor> tensors,
        string name,
        GaussianMixture mixture
    )
    {
        var covariances = Enumerable.Range(0, mixture.MixtureCount).SelectMany(m => mixture.Covariance(m).ToArray()).ToArray();
        metadata[name + ".covariance"] = mixture.Structure.ToString();
        tensors[name + ".weights"] = new NamedTensor([mixture.MixtureCount], mixture.Weights);
        tensors[name + ".means"] = new NamedTensor([mixture.MixtureCount, mixture.Dimension], mixture.Means.Values);
        tensors[name + ".covariances"] = new NamedTensor([mixture.MixtureCount, mixture.Dimension, mixture.Dimension], covariances);
    }

    /// <summary>Takes a mixture out of a file.</summary>
    /// <exception cref="KeyNotFoundException">The structure of the covariances is missing.</exception>
    /// <exception cref="InvalidDataException">An array is missing or has another number of dimensions.</exception>
    /// <exception cref="FormatException">The structure of the covariances has no known name.</exception>
    /// <exception cref="ArgumentException">The parts do not fit each other.</exception>
    public static GaussianMixture Read(SafetensorsFile file, string name)
    {
        var means = file.Tensor(name + ".means", 2);
        var size = means.Shape[1] * means.Shape[1];
        var covariances = file.Tensor(name + ".covariances", 3).Values;
        if (size == 0 || covariances.Length != (long)means.Shape[0] * size)
            throw new InvalidDataException($"the array '{name}.covariances' has {covariances.Length} values for {means.Shape[0]} mixtures");
        var matrices = new double[means.Shape[0]][];
        for (var m = 0; m < matrices.Length; m++)
            matrices[m] = covariances.Slice(m * size, size).ToArray();
        var structure = ModelFormat.ParseName<CovarianceStructure>(file.Metadata[name + ".covariance"]);
        return new GaussianMixture(file.Tensor(name + ".weights", 1).Values.ToArray(), means.ToFrames(), matrices, structure);
    }
}
