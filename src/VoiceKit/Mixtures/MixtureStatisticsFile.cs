using VoiceKit.Files;
using VoiceKit.Numerics;

namespace VoiceKit.Mixtures;

/// <summary>Writes and reads sufficient statistics, exact to the bit: what one machine collects, another adds up.</summary>
/// <remarks>The arrays are <c>totals</c> [2] (frames, log-likelihood), <c>occupancies</c> [M], <c>first</c> [M, D] and <c>second</c> [M, D (D + 1) / 2], the lower triangles row by row.</remarks>
public static class MixtureStatisticsFile
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
            ["occupancies"] = new([mixtureCount], statistics.Occupancies.ToArray()),
            ["first"] = new([mixtureCount, dimension], statistics.First.Values.ToArray()),
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
        catch (Exception exception) when (exception is InvalidDataException or KeyNotFoundException or ArgumentException or ArithmeticException or IndexOutOfRangeException)
        {
            throw new BadFileException(path, null, $"the statistics are damaged: {exception.Message}", exception);
        }
    }

    private static MixtureStatistics Assemble(SafetensorsFile file)
    {
        var (totals, occupancies, first, second) = (file.Tensors["totals"].Values, file.Tensors["occupancies"].Values, file.Tensors["first"], file.Tensors["second"].Values);
        var (mixtureCount, dimension) = (occupancies.Length, first.Shape[1]);
        var triangle = checked(dimension * (dimension + 1) / 2);
        if (first.Shape[0] != mixtureCount || second.LongLength != (long)mixtureCount * triangle)
            throw new InvalidDataException($"{mixtureCount} occupancies, {first.Shape[0]} x {dimension} first and {second.Length} second sums do not fit each other");
        if (!(totals[0] is >= 0 and <= int.MaxValue) || totals[0] != Math.Floor(totals[0]))
            throw new InvalidDataException($"they are of {totals[0]} frames");
        if (Array.Exists(occupancies, value => value < 0) || Math.Abs(Reductions.Sum(occupancies) - totals[0]) > CountTolerance * totals[0])
            throw new InvalidDataException("the posteriors do not add up to the number of frames");
        var squares = new double[mixtureCount][];
        for (var m = 0; m < mixtureCount; m++)
        {
            squares[m] = new double[dimension * dimension];
            for (var i = 0; i < dimension; i++)
                second.AsSpan((m * triangle) + (i * (i + 1) / 2), i + 1).CopyTo(squares[m].AsSpan(i * dimension));
        }

        return new MixtureStatistics((int)totals[0], totals[1], occupancies, new Frames(mixtureCount, dimension, first.Values), squares);
    }
}
