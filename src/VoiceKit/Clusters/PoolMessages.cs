using System.Globalization;
using VoiceKit.Files;
using VoiceKit.Mixtures;
using VoiceKit.Numerics;

namespace VoiceKit.Clusters;

/// <summary>What one iteration asks of the shards: the statistics of a range of blocks under a mixture.</summary>
/// <param name="Pool">The name of the driver's run: files of an earlier run in the same folder are told apart by it.</param>
/// <param name="Iteration">The number of the iteration, over all fits.</param>
/// <param name="FirstBlock">The number of the fit's first block, over all fits.</param>
/// <param name="BlockCount">How many blocks the fit has.</param>
/// <param name="Mixture">The mixture.</param>
internal sealed record PoolTask(string Pool, int Iteration, int FirstBlock, int BlockCount, GaussianMixture Mixture)
{
    /// <summary>What a block's statistics say they are of.</summary>
    public Dictionary<string, string> Labels(int block) => new()
    {
        ["pool"] = Pool,
        ["iteration"] = PoolMessages.Text(Iteration),
        ["block"] = PoolMessages.Text(block),
    };
}

/// <summary>The files by which a driver and its shards speak.</summary>
internal static class PoolMessages
{
    private static readonly ModelFormat TaskFormat = new("voicekit-pool-mixture", 1, "mixture of a pool");
    private static readonly ModelFormat BlockFormat = new("voicekit-pool-frames", 1, "block of a pool's frames");

    public static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    public static void WriteTask(string path, PoolTask task)
    {
        var metadata = TaskFormat.Describe();
        (metadata["pool"], metadata["iteration"]) = (task.Pool, Text(task.Iteration));
        (metadata["first_block"], metadata["block_count"]) = (Text(task.FirstBlock), Text(task.BlockCount));
        var tensors = new Dictionary<string, NamedTensor>();
        MixtureTensors.Add(metadata, tensors, "mixture", task.Mixture);
        AtomicFile.Write(path, new SafetensorsFile(metadata, tensors).Write);
    }

    /// <exception cref="FileNotFoundException">The driver has moved on.</exception>
    /// <exception cref="BadFileException">The file is something else.</exception>
    public static PoolTask ReadTask(string path) => Read(path, TaskFormat, file =>
    {
        int Number(string name) => int.Parse(file.Metadata[name], NumberStyles.None, CultureInfo.InvariantCulture);
        return new PoolTask(file.Metadata["pool"], Number("iteration"), Number("first_block"), Number("block_count"), MixtureTensors.Read(file, "mixture"));
    });

    public static void WriteBlock(string path, string pool, Frames frames)
    {
        var metadata = BlockFormat.Describe();
        metadata["pool"] = pool;
        var tensors = new Dictionary<string, NamedTensor> { ["frames"] = new([frames.Count, frames.Dimension], frames.Values.ToArray()) };
        AtomicFile.Write(path, new SafetensorsFile(metadata, tensors).Write);
    }

    /// <exception cref="FileNotFoundException">The driver has moved on.</exception>
    /// <exception cref="BadFileException">The file is something else.</exception>
    public static (string Pool, Frames Frames) ReadBlock(string path) => Read(path, BlockFormat, file =>
    {
        var tensor = file.Tensors["frames"];
        return (file.Metadata["pool"], new Frames(tensor.Shape[0], tensor.Shape[1], tensor.Values));
    });

    private static T Read<T>(string path, ModelFormat format, Func<SafetensorsFile, T> parse)
    {
        var file = SafetensorsFile.Read(path);
        format.Require(path, file);
        try
        {
            ModelFormat.RequireFinite(file);
            return parse(file);
        }
        catch (Exception exception) when (exception is InvalidDataException or KeyNotFoundException or FormatException or ArgumentException or ArithmeticException or IndexOutOfRangeException)
        {
            throw new BadFileException(path, null, $"the {format.Kind} is damaged: {exception.Message}", exception);
        }
    }
}
