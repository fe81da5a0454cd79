using System.IO.Compression;
using VoiceKit.Numerics;

namespace VoiceKit.Files;

/// <summary>The arrays of an .npz. What they expand to is bounded by the bytes of the file, whatever its headers announce.</summary>
internal sealed class ArrayArchive
{
    // Features shrink to a third or so; constant ones, of silence, to a thousandth, so some expansion is free.
    private const long FreeBytes = 32 << 20;
    private const int MaxExpansion = 100;
    private readonly ZipArchive archive;
    private long bytesLeft;

    /// <param name="archive">The archive.</param>
    /// <param name="length">The file's length in bytes.</param>
    /// <exception cref="InvalidDataException">An entry is no array, or is there twice.</exception>
    public ArrayArchive(ZipArchive archive, long length)
    {
        (this.archive, bytesLeft) = (archive, FreeBytes + (MaxExpansion * length));

        // An .npz holds arrays under plain names, each once: anything else is damage or an attempt to mislead another reader.
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in archive.Entries)
        {
            if (
                entry.FullName != entry.Name
                || entry.Name.Contains('\\', StringComparison.Ordinal)
                || !entry.Name.EndsWith(".npy", StringComparison.Ordinal)
            )
                throw new InvalidDataException($"the entry '{entry.FullName}' is no array");
            if (!names.Add(entry.Name))
                throw new InvalidDataException($"the entry '{entry.Name}' is there twice");
        }
    }

    public bool Has(string name) => archive.GetEntry(name + ".npy") is not null;

    /// <summary>Gets the bytes of memory that the arrays took so far.</summary>
    public long BytesTaken { get; private set; }

    /// <summary>An array of finite numbers, at least one.</summary>
    public NpyArray Load(string name)
    {
        var entry = archive.GetEntry(name + ".npy") ?? throw new InvalidDataException($"the array '{name}' is missing");
        var bytes = Expand(name, entry);
        if (Crc32.Of(bytes) != entry.Crc32)
            throw new InvalidDataException($"the array '{name}' is damaged: its checksum is wrong");
        NpyArray array;
        try
        {
            array = NpyArray.Parse(bytes, (bytesLeft + bytes.Length) / sizeof(double));
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"the array '{name}': {exception.Message}", exception);
        }

        var taken = (long)array.Values.Length * sizeof(double);
        bytesLeft -= Math.Max(0, taken - bytes.Length);
        BytesTaken += taken;
        return array.Values.Length > 0 && array.IsFinite
            ? array
            : throw new InvalidDataException($"the array '{name}' is empty or holds values that are not finite");
    }

    /// <summary>A single number.</summary>
    public double Number(string name) =>
        Load(name).Values is [var value] ? value : throw new InvalidDataException($"'{name}' is no single number");

    /// <summary>A matrix.</summary>
    public Frames Matrix(string name)
    {
        var array = Load(name);
        return array.Shape.Count == 2 ? array.ToFrames() : throw new InvalidDataException($"the array '{name}' is no matrix");
    }

    /// <summary>The bytes of an entry, counted as they come: the length that is announced is a claim.</summary>
    private ReadOnlySpan<byte> Expand(string name, ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        using var memory = new MemoryStream((int)Math.Clamp(Math.Min(entry.Length, entry.CompressedLength), 0, Array.MaxLength));
        var block = new byte[1 << 16];
        for (int count; (count = stream.Read(block)) > 0; memory.Write(block, 0, count))
        {
            bytesLeft -= count;
            if (bytesLeft < 0 || memory.Length + count > Array.MaxLength)
                throw new InvalidDataException($"the array '{name}' expands beyond what features do: the file is made to fill the memory");
        }

        return memory.GetBuffer().AsSpan(0, (int)memory.Length);
    }
}
