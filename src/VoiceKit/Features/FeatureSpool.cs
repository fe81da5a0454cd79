using System.IO.Compression;
using VoiceKit.Files;
using VoiceKit.Numerics;

namespace VoiceKit.Features;

/// <summary>
/// Collects arrays that grow together and writes them as one .npz: what an archive wants one after the other comes side by side.
/// </summary>
/// <param name="options">Which arrays are kept, and their types.</param>
/// <param name="temporaryFolder">Where what is too large for memory is set aside.</param>
internal sealed class FeatureSpool(FeatureFileOptions options, string temporaryFolder) : IDisposable
{
    // The zip format wants a time; a fixed one keeps equal features equal bytes.
    private static readonly DateTimeOffset Timestamp = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly Dictionary<string, (SpillStream Bytes, int Rows, int? Dimension)> arrays = [];

    /// <summary>Determines whether an array is kept.</summary>
    public bool Wants(string name) => options.Wants(name);

    /// <summary>Adds numbers to a vector.</summary>
    public void Append(string name, ReadOnlySpan<double> values) => Append(name, values, values.Length, null);

    /// <summary>Adds rows to a matrix.</summary>
    public void Append(string name, Frames rows) => Append(name, rows.Values, rows.Count, rows.Dimension);

    /// <summary>Writes the arrays in the order of their names in the options, then single numbers.</summary>
    public void WriteTo(Stream stream, params ReadOnlySpan<(string Name, double Value)> numbers)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var name in FeatureFileOptions.AllFeatures.Where(arrays.ContainsKey))
        {
            var (bytes, rows, dimension) = arrays[name];
            using var entry = Open(archive, name);
            entry.Write(NpyArray.Header(dimension is { } columns ? [rows, columns] : [rows], options.IsSingle(name)));
            bytes.Rewind().CopyTo(entry);
        }

        foreach (var (name, value) in numbers)
        {
            using var entry = Open(archive, name);
            entry.Write(NpyArray.Scalar(value).ToBytes());
        }
    }

    public void Dispose()
    {
        foreach (var (bytes, _, _) in arrays.Values)
            bytes.Dispose();
    }

    private static Stream Open(ZipArchive archive, string name)
    {
        var entry = archive.CreateEntry(name + ".npy", CompressionLevel.Fastest);
        entry.LastWriteTime = Timestamp;
        return entry.Open();
    }

    private void Append(string name, ReadOnlySpan<double> values, int rows, int? dimension)
    {
        if (!Wants(name))
            return;
        var (bytes, before, _) = arrays.TryGetValue(name, out var known) ? known : (new SpillStream(temporaryFolder), 0, dimension);
        arrays[name] = (bytes, before + rows, dimension);
        bytes.Write(NpyArray.Elements(values, options.IsSingle(name)));
    }
}
