using VoiceKit.Audio;
using VoiceKit.Numerics;
using VoiceKit.Spectra;

namespace VoiceKit.Tests.TestKit;

/// <summary>A device that computes spectra, counts them, and fails where two threads use it at once.</summary>
internal sealed class SpectraDevice : RelayDevice, ISpectraDevice
{
    private int users;

    public override string Name => "spectral";

    /// <summary>The spectra that it has computed.</summary>
    public int Count { get; private set; }

    /// <summary>Thrown instead of the spectrum of a recording longer than 1000 samples.</summary>
    public Exception? Failure { get; init; }

    public Frames Mel(Waveform waveform, MelSpectrogramOptions options)
    {
        if (Failure is not null && waveform.Length > 1000)
            throw Failure;
        if (Interlocked.Increment(ref users) > 1)
            throw new InvalidOperationException("Two threads use the device at once.");
        Thread.Sleep(1);
        var mel = new MelSpectrogram(waveform.SampleRate, options).Compute(waveform);
        Count++;
        Interlocked.Decrement(ref users);
        return mel;
    }
}
