namespace VoiceKit.Audio;

/// <summary>How a WAV file stores its samples.</summary>
/// <param name="Codec">The kind of number.</param>
/// <param name="ChannelCount">The number of interleaved channels, 1 .. 65535.</param>
/// <param name="SampleRate">The sampling frequency in Hz.</param>
/// <param name="ValidBits">The bits of a sample that carry the signal; they are the high bits of the container.</param>
/// <param name="ContainerBytes">The bytes that one sample of one channel takes up.</param>
/// <param name="IsBigEndian">Whether the most significant byte comes first (RIFX).</param>
public sealed record WaveFormat(WaveCodec Codec, int ChannelCount, int SampleRate, int ValidBits, int ContainerBytes, bool IsBigEndian)
{
    /// <summary>The highest sampling frequency that is read, in Hz.</summary>
    public const int HighestSampleRate = 768_000;

    /// <summary>The bytes of one sample of all channels.</summary>
    public int BlockAlign => ChannelCount * ContainerBytes;

    /// <summary>The encoding in words, such as "16-bit PCM" or "24-bit PCM in 32 bits, big-endian".</summary>
    public override string ToString()
    {
        var name = Codec switch
        {
            WaveCodec.Pcm => $"{ValidBits}-bit PCM",
            WaveCodec.Float => $"{ValidBits}-bit float",
            WaveCodec.ALaw => "A-law",
            _ => "mu-law",
        };
        var container = ValidBits == 8 * ContainerBytes ? "" : $" in {8 * ContainerBytes} bits";
        return name + container + (IsBigEndian ? ", big-endian" : "");
    }
}
