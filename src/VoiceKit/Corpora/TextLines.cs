using System.Text;
using VoiceKit.Files;
using static System.FormattableString;

namespace VoiceKit.Corpora;

/// <summary>
/// The lines of a text file in UTF-8, one in memory at a time. A byte order mark at the start and the carriage return of a line's end are left out.
/// A file that starts as gzip does is unpacked on the way, whatever its name.
/// </summary>
internal sealed class TextLines : IDisposable
{
    /// <summary>The longest line, in bytes: a small compressed file can hold one of gigabytes.</summary>
    public const int LongestLine = 1 << 20;

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

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The number of the line that was read last, from 1.</summary>
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
            if (length > LongestLine)
                throw new BadFileException(Path, null, Invariant($"line {Number + 1} is longer than {LongestLine} bytes; is this a text file?"));
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
    /// <exception cref="BadFileException">The times are not 0 or more, each finite (the end may be infinite), the second above the first.</exception>
    public TimeSegment Segment(double from, double to) => from >= 0 && to > from && double.IsFinite(from)
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

    private BadFileException Damaged(Exception? inner) => new(Path, null, Invariant($"the compressed data is damaged or cut off after line {Number}"), inner);

    private static ReadOnlyMemory<byte> Trimmed(ReadOnlyMemory<byte> line, bool isFirst)
    {
        if (isFirst && line.Span.StartsWith("\uFEFF"u8))
            line = line[3..];
        return line.Span.EndsWith("\r"u8) ? line[..^1] : line;
    }
}
