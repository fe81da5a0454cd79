using System.IO.Compression;

namespace VoiceKit.Corpora;

/// <summary>
/// Unpacks gzip so that a reader can tell whether all of it was there. <see cref="GZipStream"/> ends a file that is cut off as if it were whole. Therefore
/// one more gzip member follows the file's end, where reading goes on, and only after whole ones does its content come out.
/// </summary>
/// <param name="file">The packed bytes; disposed with this.</param>
internal sealed class GzipInput(Stream file) : Stream
{
    // Equal bytes, so that they do not appear as they are in the packed member.
    private static readonly byte[] EndBytes = new byte[64];
    private static readonly byte[] EndMember = Packed(EndBytes);
    private int endPosition = -1;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Whether a file starts as gzip does; its position is the start afterwards.</summary>
    public static bool IsGzip(Stream file)
    {
        var isGzip = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        return isGzip;
    }

    /// <summary>The unpacked bytes of a file.</summary>
    public static Stream Unpack(Stream file) => new GZipStream(new GzipInput(file), CompressionMode.Decompress);

    /// <summary>Whether a stream of <see cref="Unpack"/> that has come to its end had all of the file's data.</summary>
    /// <exception cref="InvalidDataException">It had not.</exception>
    public static bool IsWhole(Stream unpacked)
    {
        Span<byte> rest = stackalloc byte[EndBytes.Length + 1];
        return rest[..unpacked.ReadAtLeast(rest, rest.Length, throwOnEndOfStream: false)].SequenceEqual(EndBytes);
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var count = file.Read(buffer);
        if (count > 0 || buffer.IsEmpty)
            return count;
        if (endPosition < 0)
        {
            endPosition = 0;
            return 0;
        }

        count = Math.Min(buffer.Length, EndMember.Length - endPosition);
        EndMember.AsSpan(endPosition, count).CopyTo(buffer);
        endPosition += count;
        return count;
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            file.Dispose();
        base.Dispose(disposing);
    }

    private static byte[] Packed(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
            gzip.Write(content);
        return packed.ToArray();
    }
}
