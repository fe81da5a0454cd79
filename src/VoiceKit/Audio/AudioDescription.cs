namespace VoiceKit.Audio;

/// <summary>The measures of an audio file.</summary>
/// <param name="SampleRate">The sampling frequency in Hz.</param>
/// <param name="ChannelCount">The number of channels.</param>
/// <param name="SampleCount">The number of samples of one channel that the file has, whatever its header says.</param>
public readonly record struct AudioDescription(int SampleRate, int ChannelCount, long SampleCount)
{
    /// <summary>The duration in seconds.</summary>
    public double Seconds => SampleCount / (double)SampleRate;
}
