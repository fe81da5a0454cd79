using System.IO.Compression;

namespace VoiceKit.Corpora;

/// <summary>
/// Unpacks gzip so that a reader can tell whether all of it was there. <see cref="GZipStream"/> ends a file that is cut off as if it were whole;
/// therefore one more gzip member follows the file's own, and only after whole ones does its content come out.
/// </summary>
/// <param name="file">The packed bytes; disposed with this.</param>
internal sealed class GzipInput(Stream file) : Stream
{
    private static readonly byte[] EndBytes = new byte[64];
    private static readonly byte[] EndMember = Packed(EndBytes);
    private int endPosition;

    /// <summary>What comes out last when nothing was cut off. Equal bytes, so that they do not appear as they are in the packed member.</summary>
    public static ReadOnlySpan<byte> End => EndBytes;

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

    /// <summary>The unpacked bytes of a file, and <see cref="End"/> behind them.</summary>
    public static Stream Unpack(Stream file) => new GZipStream(new GzipInput(file), CompressionMode.Decompress);

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var count = file.Read(buffer);
        if (count > 0 || buffer.IsEmpty)
            return count;
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
