using VoiceKit.Files;

namespace VoiceKit.Audio;

/// <summary>
/// Reads one WAV file: its headers at once, its samples when they are asked for. All memory follows from bytes that are there.
/// </summary>
internal sealed class WaveReader : ISampleSource
{
    private const int Ds64Size = 28;
    private const int MaxFormatChunk = 1 << 16;

    private readonly Stream stream;
    private readonly string name;
    private readonly List<string> warnings = [];
    private readonly RiffReader riff;
    private ulong? dataSize64;
    private WaveFormat? format;
    private long? frameCount;
    private long dataStart;
    private long dataEnd;
    private byte[] bytes = [];

    /// <param name="stream">A seekable stream that starts with the file; it is closed with the reader.</param>
    /// <param name="name">The file, for errors.</param>
    public WaveReader(Stream stream, string name)
    {
        (this.stream, this.name) = (stream, name);
        riff = new RiffReader(stream, name, warnings);
        Format = TakeAll();
    }

    /// <summary>Gets how the file stores its samples.</summary>
    public WaveFormat Format { get; }

    public int SampleRate => Format.SampleRate;

    public int ChannelCount => Format.ChannelCount;

    public long Length => frameCount!.Value;

    public string Encoding => Format.ToString();

    public IReadOnlyList<string> Warnings => warnings;

    /// <summary>Reads all samples as one channel.</summary>
    public WaveRecording Read(WaveReadOptions options)
    {
        var recording = new AudioReader(this, name, options.Channel);
        return new WaveRecording(recording.ReadAll(), Format, recording.Warnings);
    }

    public int Decode(long start, Span<double> destination)
    {
        if (bytes.Length < destination.Length * Format.ContainerBytes)
            bytes = new byte[destination.Length * Format.ContainerBytes];
        var block = bytes.AsSpan(0, destination.Length * Format.ContainerBytes);
        var frames = riff.ReadAt(dataStart + (start * Format.BlockAlign), block) / Format.BlockAlign;
        SampleDecoder.Decode(Format, block, destination[..(frames * Format.ChannelCount)]);
        return frames;
    }

    public void Dispose() => stream.Dispose();

    private WaveFormat TakeAll()
    {
        // The RIFF size is often wrong: it bounds the search only once the samples are found.
        while (riff.TryNext(frameCount is null ? riff.Length : Math.Max(riff.End, dataEnd), out var chunk))
            Take(chunk);
        if (format is null)
            throw Bad(riff.Length, "there is no format chunk");
        if (frameCount is null)
            throw Bad(riff.Length, "there is no data chunk");
        if (riff.End < riff.Length && TextModeDamage.IsIn(riff, riff.Length - riff.End))
            warnings.Add(
                "Every line feed in the file follows a carriage return: it was probably copied in text mode, which ruins samples."
            );
        return format;
    }

    private void Take(RiffChunk chunk)
    {
        if (chunk.Id == "data")
            TakeData(chunk);
        else if (chunk.IsTruncated && frameCount is null)
            throw Bad(chunk.Offset, $"the chunk '{chunk.Id}' says it has {chunk.DeclaredSize} bytes; {chunk.PresentSize} are left");
        else if (chunk.IsTruncated)
            warnings.Add($"The chunk '{chunk.Id}' says it has {chunk.DeclaredSize} bytes; {chunk.PresentSize} are left.");
        else if (chunk.Id == "fmt ")
            TakeFormat(chunk);
        else if (chunk.Id == "ds64" && riff.Is64Bit)
            TakeSizes(chunk);
    }

    private void TakeFormat(RiffChunk chunk)
    {
        if (format is not null)
            throw Bad(chunk.Offset, "there is a second format chunk");
        format = new FormatChunk(name, chunk.Offset, riff.Order, warnings).Parse(riff.Read(chunk, MaxFormatChunk));
    }

    // EBU Tech 3306: 64-bit sizes of the RIFF form and of the data, the sample count, and a table of other large chunks.
    private void TakeSizes(RiffChunk chunk)
    {
        const int tableEntrySize = 12;
        var sizes = riff.Read(chunk, Ds64Size);
        if (sizes.Length < Ds64Size)
            throw Bad(chunk.Offset, $"the ds64 chunk has {sizes.Length} bytes; at least {Ds64Size} were expected");
        var tableLength = riff.Order.UInt32(sizes.AsSpan(24));
        if (tableLength > (chunk.PresentSize - Ds64Size) / tableEntrySize)
            throw Bad(chunk.Offset + 24, $"the ds64 chunk promises a table of {tableLength} entries, which it does not hold");
        var formSize = riff.Order.UInt64(sizes);
        if (formSize != 0)
            riff.SetEnd(formSize, isUnknown: formSize == ulong.MaxValue);
        dataSize64 = riff.Order.UInt64(sizes.AsSpan(8));
    }

    private void TakeData(RiffChunk chunk)
    {
        if (frameCount is not null)
        {
            warnings.Add($"There is a second data chunk at byte {chunk.Offset}; the first was read.");
            return;
        }

        if (format is null)
            throw Bad(chunk.Offset, "the data chunk comes before any format chunk");
        var size = PresentDataSize(chunk);
        (dataStart, dataEnd) = (chunk.Offset, chunk.Offset + size);
        riff.ContinueAfter(chunk.Offset, size);
        frameCount = size / format.BlockAlign;
        if (size % format.BlockAlign != 0)
            warnings.Add($"The data ends within a sample; its last {size % format.BlockAlign} bytes were left out.");
    }

    private long PresentDataSize(RiffChunk chunk)
    {
        var left = riff.Length - chunk.Offset;
        ulong declared = chunk.DeclaredSize;
        if (riff.Is64Bit && declared == RiffReader.UnknownSize)
            declared = dataSize64 ?? throw Bad(chunk.Offset, "the size of the data is in a ds64 chunk, which is missing");

        var isUnfinished = declared == 0 ? left > 0 && !riff.HasChunkAt(chunk.Offset) : declared == RiffReader.UnknownSize && !riff.Is64Bit;
        if (isUnfinished)
            warnings.Add($"The data chunk gives no size; all {left} bytes to the end of the file were read.");
        else if (declared > (ulong)left)
            warnings.Add($"The data chunk promises {declared} bytes; {left} are there.");
        return isUnfinished ? left : (long)Math.Min(declared, (ulong)left);
    }

    private BadFileException Bad(long? offset, string reason) => new(name, offset, reason);
}

/// <summary>Recognises a binary file in which a text-mode copy has put a carriage return before every line feed.</summary>
internal static class TextModeDamage
{
    /// <summary>
    /// Determines whether the file has exactly as many line feeds as surplus bytes, and none without a carriage return before it.
    /// </summary>
    public static bool IsIn(RiffReader riff, long surplus)
    {
        const byte lineFeed = (byte)'\n';
        const byte carriageReturn = (byte)'\r';
        var block = new byte[(int)Math.Min(1 << 16, riff.Length)];
        var previous = (byte)0;
        var count = 0L;
        for (var offset = 0L; offset < riff.Length;)
        {
            var read = riff.ReadAt(offset, block);
            if (read == 0)
                return false;
            for (var i = 0; i < read; previous = block[i++])
            {
                if (block[i] == lineFeed && (previous != carriageReturn || ++count > surplus))
                    return false;
            }

            offset += read;
        }

        return count == surplus;
    }
}
