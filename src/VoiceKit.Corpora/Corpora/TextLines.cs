using System.IO.Compression;
using System.Text;
using VoiceKit.Files;
using static System.FormattableString;

namespace VoiceKit.Corpora;

/// <summary>
/// The lines of a text file in UTF-8, one in memory at a time. A byte order mark at the start and the carriage return of a line's end are
/// left out. A file that starts as gzip does is unpacked on the way, whatever its name.
/// </summary>
internal sealed class TextLines : IDisposable
{
    /// <summary>The longest line, in bytes: a small compressed file can hold one of gigabytes.</summary>
    public const int MaxLine = 1 << 20;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly Stream stream;
    private bool isUnproven;
    private byte[] buffer = new byte[1 << 16];
    private int start;
    private int end;

    /// <summary>Opens a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="BadFileException">The path leads to a directory, a pipe or a device.</exception>
    public TextLines(string path)
    {
        Path = path;
        var file = InputFile.Open(path);
        isUnproven = GzipInput.IsGzip(file);
        stream = isUnproven ? GzipInput.Unpack(file) : file;
    }

    /// <summary>Gets the file.</summary>
    public string Path { get; }

    /// <summary>Gets the number of the line that was read last, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>Reads the next line.</summary>
    /// <param name="line">Its bytes without the line's end, valid until the next call.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="BadFileException">The line is too long, or the compressed data is damaged.</exception>
    public bool TryRead(out ReadOnlyMemory<byte> line)
    {
        var searched = start;
        while (true)
        {
            var found = buffer.AsSpan(searched, end - searched).IndexOf((byte)'\n');
            var length = (found < 0 ? end : searched + found) - start;
            if (length > MaxLine)
                throw new BadFileException(
                    Path,
                    null,
                    Invariant($"line {Number + 1} is longer than {MaxLine} bytes; is this a text file?")
                );
            if (found >= 0 || !Fill())
            {
                line = buffer.AsMemory(start, length);
                start = Math.Min(end, start + length + 1);
                if (found < 0 && length == 0)
                    return false;
                line = Trimmed(line, isFirst: Number++ == 0);
                return true;
            }

            searched = start + length;
        }
    }

    /// <summary>Reads the next line as text.</summary>
    /// <param name="text">The line.</param>
    /// <param name="takesAnyBytes">Whether bytes that are no UTF-8 become U+FFFD; else they are an error.</param>
    /// <exception cref="BadFileException">The line is too long or no UTF-8 text, or the compressed data is damaged.</exception>
    public bool TryReadText(out string text, bool takesAnyBytes = false)
    {
        text = "";
        if (!TryRead(out var line))
            return false;
        try
        {
            text = (takesAnyBytes ? Encoding.UTF8 : StrictUtf8).GetString(line.Span);
        }
        catch (DecoderFallbackException)
        {
            throw Bad("this is no text in UTF-8");
        }

        return text.Contains('\0', StringComparison.Ordinal) ? throw Bad("this holds a NUL character: it is no text") : true;
    }

    /// <summary>An exception about the line that was read last.</summary>
    public BadFileException Bad(string reason, Exception? inner = null) => new(Path, null, Invariant($"line {Number}: {reason}"), inner);

    /// <summary>The part of a recording that the line which was read last tells.</summary>
    /// <exception cref="BadFileException">The times are not 0 or more, each finite (the end may be infinite), the second above the
    /// first.</exception>
    public TimeSegment Segment(double from, double to) =>
        from >= 0 && to > from && double.IsFinite(from)
            ? new TimeSegment(from, to)
            : throw Bad(Invariant($"a part must start at 0 s or later and end after its start; this one is {from} .. {to} s"));

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

    /// <summary>Reads more bytes behind those that are there, which move to the buffer's start; false at the file's end.</summary>
    private bool Fill()
    {
        if (end == buffer.Length)
        {
            var rest = end - start;
            if (rest > buffer.Length / 2)
                Array.Resize(ref buffer, 2 * buffer.Length);
            Array.Copy(buffer, start, buffer, 0, rest);
            (start, end) = (0, rest);
        }

        try
        {
            var count = stream.Read(buffer, end, buffer.Length - end);
            end += count;
            if (count == 0 && isUnproven && !GzipInput.IsWhole(stream))
                throw Damaged(null);
            isUnproven &= count > 0;
            return count > 0;
        }
        catch (InvalidDataException exception)
        {
            throw Damaged(exception);
        }
    }

    private BadFileException Damaged(Exception? inner) =>
        new(Path, null, Invariant($"the compressed data is damaged or cut off after line {Number}"), inner);

    private static ReadOnlyMemory<byte> Trimmed(ReadOnlyMemory<byte> line, bool isFirst)
    {
        if (isFirst && line.Span.StartsWith("\uFEFF"u8))
            line = line[3..];
        return line.Span.EndsWith("\r"u8) ? line[..^1] : line;
    }
}

/// <summary>
/// Unpacks gzip so that a reader can tell whether all of it was there. <see cref="GZipStream"/> ends a file that is cut off as if it were
/// whole. Therefore one more gzip member follows the file's end, where reading goes on, and only after whole ones does its content come
/// out.
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
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Determines whether a file starts as gzip does; its position is the start afterwards.</summary>
    public static bool IsGzip(Stream file)
    {
        var isGzip = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        return isGzip;
    }

    /// <summary>The unpacked bytes of a file.</summary>
    public static Stream Unpack(Stream file) => new GZipStream(new GzipInput(file), CompressionMode.Decompress);

    /// <summary>Determines whether a stream of <see cref="Unpack"/> that has come to its end had all of the file's data.</summary>
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
    public override void Flush() { }

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
