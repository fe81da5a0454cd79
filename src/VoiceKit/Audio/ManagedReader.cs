using NAudio.Wave;
using NLayer;
using NVorbis;
using VoiceKit.Files;

namespace VoiceKit.Audio;

/// <summary>An audio file whose header may say anything: what can be decoded counts.</summary>
internal abstract class DecodedReader : ISampleSource
{
    private const int BlockSamples = 1 << 14;

    public abstract int SampleRate { get; }

    public abstract int ChannelCount { get; }

    /// <summary>Gets the samples that <see cref="Count"/> found.</summary>
    public long Length { get; private set; }

    public abstract string Encoding { get; }

    public IReadOnlyList<string> Warnings => WarningsOf(Length);

    protected abstract string Path { get; }

    /// <summary>The place in the file that is decoded next.</summary>
    protected abstract long Position { get; }

    public abstract int Decode(long start, Span<double> destination);

    /// <summary>Reads all samples as one channel.</summary>
    public AudioRecording Read(WaveReadOptions options)
    {
        var mixer = new MonoMixer(Path, ChannelCount, options.Channel);
        foreach (var block in Rest())
            mixer.Add(block.Span);
        return new AudioRecording(mixer.ToWaveform(SampleRate), ChannelCount, Encoding, [.. mixer.Warnings, .. WarningsOf(mixer.Count)]);
    }

    /// <summary>Finds the number of samples by decoding them.</summary>
    public DecodedReader Count()
    {
        Length = Rest().Sum(block => (long)block.Length / ChannelCount);
        return this;
    }

    public abstract void Dispose();

    /// <summary>The warnings about a file of which so many samples could be decoded.</summary>
    protected abstract string[] WarningsOf(long count);

    /// <summary>Decodes up to a sample, where a format cannot be entered elsewhere than at its start.</summary>
    protected void DecodeUpTo(long start)
    {
        var block = NewBlock();
        while (Position < start)
        {
            var wanted = (int)Math.Min(block.Length / ChannelCount, start - Position);
            if (Decode(Position, block.AsSpan(0, wanted * ChannelCount)) == 0)
                throw new BadFileException(Path, null, "the file became shorter while it was read");
        }
    }

    private double[] NewBlock() => new double[Math.Max(1, BlockSamples / ChannelCount) * ChannelCount];

    private IEnumerable<ReadOnlyMemory<double>> Rest()
    {
        var block = NewBlock();
        for (int frames; (frames = Decode(Position, block)) > 0;)
            yield return block.AsMemory(0, frames * ChannelCount);
    }
}

/// <summary>
/// Reads files through decoders in C#, which need nothing installed: NLayer for MP3, NVorbis for Ogg Vorbis, NAudio for AIFF.
/// </summary>
internal sealed class ManagedReader : DecodedReader
{
    private const int MaxChannelCount = 255;
    private readonly FileSignature signature;
    private Decoder decoder;
    private float[] floats = [];
    private long position;
    private bool isDamaged;

    /// <param name="path">The file.</param>
    /// <param name="signature">What its first bytes say it is.</param>
    /// <exception cref="BadFileException">The file cannot be decoded.</exception>
    public ManagedReader(string path, FileSignature signature)
    {
        (Path, this.signature) = (path, signature);
        decoder = Open();
        if (decoder.ChannelCount is >= 1 and <= MaxChannelCount && decoder.SampleRate is >= 1 and <= WaveFormat.MaxSampleRate)
            return;
        var (channels, rate) = (decoder.ChannelCount, decoder.SampleRate);
        decoder.Dispose();
        throw new BadFileException(path, null, $"the header says {channels} channels at {rate} Hz, which cannot be read");
    }

    public override int SampleRate => decoder.SampleRate;

    public override int ChannelCount => decoder.ChannelCount;

    public override string Encoding =>
        signature.Decoder switch
        {
            AudioDecoder.Mp3 => "MP3",
            AudioDecoder.Vorbis => "Ogg",
            _ => "AIFF",
        };

    protected override string Path { get; }

    protected override long Position => position;

    public override int Decode(long start, Span<double> destination)
    {
        if (start < position)
        {
            decoder.Dispose();
            decoder = Open();
            position = 0;
        }

        if (start > position)
            DecodeUpTo(start);
        if (floats.Length < destination.Length)
            floats = new float[destination.Length];
        int read;
        try
        {
            read = decoder.Read(floats.AsSpan(0, destination.Length));
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A damaged place ends the sound: the decoders tell it by exceptions of many kinds.
            (read, isDamaged) = (0, true);
        }

        for (var i = 0; i < read; i++)
            destination[i] = floats[i];
        position += read / ChannelCount;
        return read / ChannelCount;
    }

    public override void Dispose() => decoder.Dispose();

    protected override string[] WarningsOf(long count) =>
        isDamaged ? [$"The file is damaged: {count} samples could be decoded."]
        : decoder.Promised > count ? [$"The header promises {decoder.Promised} samples; {count} could be decoded."]
        : [];

    private Decoder Open()
    {
        var stream = InputFile.Open(Path);
        try
        {
            return signature.Decoder switch
            {
                AudioDecoder.Mp3 => new Mp3Decoder(stream),
                AudioDecoder.Vorbis => new VorbisDecoder(stream),
                _ => new AiffDecoder(stream),
            };
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            stream.Dispose();
            throw new BadFileException(
                Path,
                null,
                $"this is {signature.Description} that cannot be decoded: {exception.Message.TrimEnd('.')}",
                exception
            );
        }
    }

    /// <summary>Decodes a file from its start on; interleaved floats.</summary>
    private abstract class Decoder : IDisposable
    {
        public abstract int SampleRate { get; }

        public abstract int ChannelCount { get; }

        /// <summary>Gets the samples of a channel that the header tells of; 0 where it tells none.</summary>
        public virtual long Promised => 0;

        public abstract int Read(Span<float> destination);

        public abstract void Dispose();
    }

    private sealed class Mp3Decoder(Stream stream) : Decoder
    {
        private readonly MpegFile file = new(stream);

        public override int SampleRate => file.SampleRate;

        public override int ChannelCount => file.Channels;

        public override int Read(Span<float> destination) => file.ReadSamples(destination);

        public override void Dispose()
        {
            file.Dispose();
            stream.Dispose();
        }
    }

    private sealed class VorbisDecoder : Decoder
    {
        private readonly VorbisReader reader;
        private readonly int sampleRate;
        private readonly int channelCount;

        public VorbisDecoder(Stream stream)
        {
            reader = new VorbisReader(stream, closeOnDispose: true) { ClipSamples = false };
            (sampleRate, channelCount) = (reader.SampleRate, reader.Channels);
        }

        public override int SampleRate => sampleRate;

        public override int ChannelCount => channelCount;

        public override long Promised => reader.TotalSamples;

        public override int Read(Span<float> destination)
        {
            // Another stream may follow, with a rate and channels of its own: it is another recording.
            var count = reader.ReadSamples(destination);
            return reader.SampleRate == sampleRate && reader.Channels == channelCount ? count : 0;
        }

        public override void Dispose() => reader.Dispose();
    }

    private sealed class AiffDecoder : Decoder
    {
        private readonly AiffFileReader reader;
        private readonly ISampleProvider samples;

        public AiffDecoder(Stream stream)
        {
            reader = new AiffFileReader(stream);
            samples = reader.ToSampleProvider();
        }

        public override int SampleRate => samples.WaveFormat.SampleRate;

        public override int ChannelCount => samples.WaveFormat.Channels;

        public override long Promised => reader.SampleCount;

        public override int Read(Span<float> destination) => samples.Read(destination);

        public override void Dispose() => reader.Dispose();
    }
}
