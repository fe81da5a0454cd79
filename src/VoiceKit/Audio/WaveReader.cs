using VoiceKit.Files;

namespace VoiceKit.Audio;

/// <summary>Reads one WAV file. All memory follows from bytes that are there.</summary>
internal sealed class WaveReader
{
    private const int Ds64Size = 28;
    private const int LargestFormatChunk = 1 << 16;
    private const int BlockBytes = 1 << 16;

    private readonly string name;
    private readonly WaveReadOptions options;
    private readonly List<string> warnings = [];
    private readonly RiffReader riff;
    private ulong? dataSize64;
    private WaveFormat? format;
    private MonoMixer? mixer;
    private bool isSearchOnly;
    private long? frameCount;
    private long dataEnd;

    /// <param name="stream">A seekable stream that starts with the file.</param>
    /// <param name="name">The file, for errors.</param>
    /// <param name="options">What to read.</param>
    public WaveReader(Stream stream, string name, WaveReadOptions options)
    {
        (this.name, this.options) = (name, options);
        riff = new RiffReader(stream, name, warnings);
    }

    public WaveRecording Read()
    {
        var format = TakeAll();
        if (riff.End < riff.Length && TextModeDamage.IsIn(riff, riff.Length - riff.End))
            warnings.Add("Every line feed in the file follows a carriage return: it was probably copied in text mode, which ruins samples.");
        warnings.AddRange(mixer!.Warnings);
        return new WaveRecording(mixer.ToWaveform(format.SampleRate), format, warnings);
    }

    /// <summary>Reads the headers alone.</summary>
    public AudioDescription Describe()
    {
        isSearchOnly = true;
        var format = TakeAll();
        return new AudioDescription(format.SampleRate, format.ChannelCount, frameCount!.Value);
    }

    private WaveFormat TakeAll()
    {
        // The RIFF size is often wrong: it bounds the search only once the samples are found.
        while (riff.TryNext(frameCount is null ? riff.Length : Math.Max(riff.End, dataEnd), out var chunk))
            Take(chunk);
        if (format is null)
            throw Bad(riff.Length, "there is no format chunk");
        return frameCount is null ? throw Bad(riff.Length, "there is no data chunk") : format;
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
        format = new FormatChunk(name, chunk.Offset, riff.Order, warnings).Parse(riff.Read(chunk, LargestFormatChunk));
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
        dataEnd = chunk.Offset + size;
        riff.ContinueAfter(chunk.Offset, size);
        frameCount = Capacity(size / format.BlockAlign);
        if (isSearchOnly)
            return;
        mixer = new MonoMixer(name, format.ChannelCount, options.Channel, (int)frameCount);
        if (size % format.BlockAlign != 0)
            warnings.Add($"The data ends within a sample; its last {size % format.BlockAlign} bytes were left out.");
        Decode(format, mixer, chunk.Offset, size / format.BlockAlign);
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

    private int Capacity(long frameCount) => frameCount <= Array.MaxLength
        ? (int)frameCount
        : throw Bad(null, $"there are {frameCount} samples; at most {Array.MaxLength} can be read: cut the file into parts");

    private void Decode(WaveFormat format, MonoMixer mixer, long offset, long frameCount)
    {
        var blockFrames = (int)Math.Min(frameCount, Math.Max(1, BlockBytes / format.BlockAlign));
        var bytes = new byte[blockFrames * format.BlockAlign];
        var values = new double[blockFrames * format.ChannelCount];
        while (mixer.Count < frameCount)
        {
            var wanted = (int)Math.Min(blockFrames, frameCount - mixer.Count);
            var block = bytes.AsSpan(0, wanted * format.BlockAlign);
            var frames = riff.ReadAt(offset + ((long)mixer.Count * format.BlockAlign), block) / format.BlockAlign;
            if (frames == 0)
                throw Bad(null, "the file became shorter while it was read");
            var decoded = values.AsSpan(0, frames * format.ChannelCount);
            SampleDecoder.Decode(format, block, decoded);
            mixer.Add(decoded);
        }
    }

    private BadFileException Bad(long? offset, string reason) => new(name, offset, reason);
}
