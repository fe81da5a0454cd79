using System.Buffers.Binary;
using System.Text;
using VoiceKit.Files;

namespace VoiceKit.Audio;

/// <summary>A chunk of a RIFF file.</summary>
/// <param name="Id">Its four characters.</param>
/// <param name="Offset">Where its content starts in the file.</param>
/// <param name="DeclaredSize">The size that its header gives.</param>
/// <param name="PresentSize">The bytes of it that the file has.</param>
internal readonly record struct RiffChunk(string Id, long Offset, uint DeclaredSize, long PresentSize)
{
    public bool IsTruncated => PresentSize < DeclaredSize;
}

/// <summary>
/// Walks through the chunks of a RIFF, RIFX, RF64 or BW64 file of form WAVE. Header numbers never lead beyond the bytes present.
/// </summary>
internal sealed class RiffReader
{
    /// <summary>The size that stands for "not known" or, in 64-bit files, "see the ds64 chunk".</summary>
    public const uint UnknownSize = uint.MaxValue;

    private const int HeaderSize = 12;
    private const int ChunkHeaderSize = 8;

    private readonly Stream stream;
    private readonly string name;
    private readonly List<string> warnings;
    private long next = HeaderSize;
    private bool nextMayLackPadding;
    private bool paddingWarned;

    /// <param name="stream">A seekable stream that starts with the file.</param>
    /// <param name="name">The file, for errors.</param>
    /// <param name="warnings">Collects what is odd.</param>
    /// <exception cref="BadFileException">The stream is not a WAVE file.</exception>
    public RiffReader(Stream stream, string name, List<string> warnings)
    {
        (this.stream, this.name, this.warnings) = (stream, name, warnings);
        Length = stream.Length;
        Span<byte> head = stackalloc byte[FileSignature.Length];
        head = head[..ReadAt(0, head)];
        var signature = FileSignature.Identify(head);
        if (signature.Decoder != AudioDecoder.Wave)
            throw new BadFileException(name, 0, $"a WAV file was expected; this is {signature.Description}");
        if (head.Length < HeaderSize)
            throw new BadFileException(name, head.Length, $"the file ends within its header, after {head.Length} bytes");
        if (!head[8..HeaderSize].SequenceEqual("WAVE"u8))
            throw new BadFileException(name, 8, $"a WAV file was expected; this RIFF file is of form {Show(head[8..HeaderSize])}");

        Order = new ByteOrder(head[..4].SequenceEqual("RIFX"u8));
        Is64Bit = head[..4].SequenceEqual("RF64"u8) || head[..4].SequenceEqual("BW64"u8);
        if (!Is64Bit)
            SetEnd(Order.UInt32(head[4..]), isUnknown: Order.UInt32(head[4..]) is 0 or UnknownSize);
        else
            End = Length;
    }

    /// <summary>Gets the byte order of all numbers.</summary>
    public ByteOrder Order { get; }

    /// <summary>Gets whether a ds64 chunk gives the sizes.</summary>
    public bool Is64Bit { get; }

    /// <summary>Gets the bytes present.</summary>
    public long Length { get; }

    /// <summary>Gets where the RIFF form ends by its header, at most <see cref="Length"/>.</summary>
    public long End { get; private set; }

    /// <summary>Finds the next chunk that starts before <paramref name="limit"/>.</summary>
    public bool TryNext(long limit, out RiffChunk chunk)
    {
        chunk = default;
        Span<byte> header = stackalloc byte[ChunkHeaderSize];
        if (nextMayLackPadding)
            SkipPadding(header);
        if (next + ChunkHeaderSize > Math.Min(limit, Length) || ReadAt(next, header) < ChunkHeaderSize)
            return false;
        var offset = next + ChunkHeaderSize;
        var size = Order.UInt32(header[4..]);
        chunk = new RiffChunk(Show(header[..4]), offset, size, Math.Min(size, Length - offset));
        ContinueAfter(offset, size);
        return true;
    }

    /// <summary>
    /// Says that the content at <paramref name="offset"/> has <paramref name="size"/> bytes where its 32-bit header could not.
    /// </summary>
    public void ContinueAfter(long offset, long size)
    {
        next = offset + size;
        nextMayLackPadding = size % 2 == 1;
    }

    /// <summary>Reads up to <paramref name="size"/> bytes of a chunk's content.</summary>
    public byte[] Read(RiffChunk chunk, int size)
    {
        var content = new byte[Math.Min(size, chunk.PresentSize)];
        return content[..ReadAt(chunk.Offset, content)];
    }

    /// <summary>Reads from <paramref name="offset"/> on; returns how many bytes there were.</summary>
    public int ReadAt(long offset, Span<byte> destination)
    {
        stream.Position = offset;
        return stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
    }

    /// <summary>
    /// Determines whether a sane chunk header stands at <paramref name="offset"/>: four printable characters and a size that fits.
    /// </summary>
    public bool HasChunkAt(long offset)
    {
        Span<byte> header = stackalloc byte[ChunkHeaderSize];
        return offset + ChunkHeaderSize <= Length
            && ReadAt(offset, header) == ChunkHeaderSize
            && IsPrintable(header[..4])
            && (header[..4].SequenceEqual("data"u8) || Order.UInt32(header[4..]) <= Length - offset - ChunkHeaderSize);
    }

    /// <summary>Takes the size of the RIFF form from its header or from the ds64 chunk.</summary>
    public void SetEnd(ulong size, bool isUnknown)
    {
        const int sizeFieldEnd = 8;
        End = Length;
        if (isUnknown)
            warnings.Add("The RIFF header gives no size; the file was probably written to a pipe or not finished.");
        else if (size > (ulong)Length - sizeFieldEnd + 1)
            warnings.Add($"The RIFF header promises {size} bytes; {Length - sizeFieldEnd} are there.");
        else
            End = Math.Min(Length, (long)size + sizeFieldEnd);
    }

    // Chunks of odd size are followed by a zero byte that some writers forget.
    private void SkipPadding(Span<byte> header)
    {
        nextMayLackPadding = false;
        var isUnpadded = next < Length && ReadAt(next, header[..1]) == 1 && header[0] != 0 && HasChunkAt(next);
        if (!isUnpadded)
        {
            next++;
        }
        else if (!paddingWarned)
        {
            paddingWarned = true;
            warnings.Add($"The chunk before byte {next} has an odd size and lacks its padding byte.");
        }
    }

    private static bool IsPrintable(ReadOnlySpan<byte> id) => !id.ContainsAnyExceptInRange((byte)' ', (byte)'~');

    private static string Show(ReadOnlySpan<byte> id) => IsPrintable(id) ? Encoding.ASCII.GetString(id) : "0x" + Convert.ToHexString(id);
}

/// <summary>Reads integers in the byte order of a file: little-endian for RIFF, big-endian for RIFX.</summary>
internal readonly record struct ByteOrder(bool IsBigEndian)
{
    public ushort UInt16(ReadOnlySpan<byte> bytes) =>
        IsBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    public uint UInt32(ReadOnlySpan<byte> bytes) =>
        IsBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    public ulong UInt64(ReadOnlySpan<byte> bytes) =>
        IsBigEndian ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : BinaryPrimitives.ReadUInt64LittleEndian(bytes);
}
