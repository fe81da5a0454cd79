using System.Collections.Concurrent;
using System.Globalization;
using VoiceKit.Audio;
using VoiceKit.Devices;
using VoiceKit.Features;
using VoiceKit.Numerics;
using VoiceKit.Spectra;

namespace VoiceKit.Batches;

/// <summary>The frames and the bands of <see cref="MelTask"/>.</summary>
public sealed record MelOptions
{
    /// <summary>Gets or sets the length of the window; 25 ms by default.</summary>
    public TimeSpan FrameLength { get; init; } = TimeSpan.FromMilliseconds(25);

    /// <summary>Gets or sets the time from one frame to the next; 5 ms by default.</summary>
    public TimeSpan FramePeriod { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>Gets or sets the number of bands, at least 1; 80 by default.</summary>
    public int BandCount { get; init; } = 80;

    /// <summary>True (the default) for the natural logarithm of the powers, false for the powers.</summary>
    public bool Logarithm { get; init; } = true;
}

/// <summary>Computes mel spectrograms alone: one .npz file an item, as <see cref="FeatureFile.WriteMel"/> describes.</summary>
/// <param name="options">The settings.</param>
/// <param name="deviceName">What device was asked for: another one may round differently, so that its results are not taken for
/// these.</param>
/// <param name="takeDevice">Acquires the device, once, before the first item.</param>
public sealed class MelTask(MelOptions options, string deviceName, Func<ComputeDevice> takeDevice) : BatchTask
{
    private readonly ConcurrentDictionary<int, MelSpectrogram> spectrograms = [];
    private ComputeDevice? device;

    /// <inheritdoc/>
    public override string Verb => "mel";

    /// <inheritdoc/>
    public override string Extension => ".npz";

    /// <inheritdoc/>
    protected override IReadOnlyDictionary<string, string> Parameters { get; } =
        new Dictionary<string, string>
        {
            ["frame_length_ms"] = options.FrameLength.TotalMilliseconds.ToString(CultureInfo.InvariantCulture),
            ["frame_period_ms"] = options.FramePeriod.TotalMilliseconds.ToString(CultureInfo.InvariantCulture),
            ["bands"] = options.BandCount.ToString(CultureInfo.InvariantCulture),
            ["logarithm"] = options.Logarithm.ToString(),
            ["device"] = deviceName,
        };

    /// <inheritdoc/>
    public override void Open() => device ??= takeDevice();

    /// <inheritdoc/>
    public override void Process(
        RecordingInput input,
        RecordingOutputs outputs,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(outputs);
        var waveform = input.Stream.ReadAll();
        var spectrogram = spectrograms.GetOrAdd(waveform.SampleRate, Prepare);
        var empty = spectrogram.Filterbank.EmptyFilterCount;
        if (empty > 0)
            outputs.Warn([
                $"{empty} of {options.BandCount} mel filters are narrower than the spectrum's bins at {waveform.SampleRate} Hz "
                    + $"and hold nothing of the sound: use fewer bands, or longer frames.",
            ]);
        var mel = Compute(waveform, spectrogram);
        outputs.Write(Extension, stream => FeatureFile.WriteMel(stream, mel, waveform.SampleRate, options.FramePeriod));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        device?.Dispose();
        device = null;
        base.Dispose(disposing);
    }

    private MelSpectrogram Prepare(int sampleRate) =>
        new(
            sampleRate,
            new MelSpectrogramOptions
            {
                Transform = ShortTimeFourierOptions.OfTimes(sampleRate, options.FrameLength, options.FramePeriod),
                Filterbank = new MelFilterbankOptions { FilterCount = options.BandCount },
                Logarithm = options.Logarithm,
            }
        );

    private Frames Compute(Waveform waveform, MelSpectrogram spectrogram)
    {
        try
        {
            return spectrogram.Compute(waveform.Samples, device ?? throw new ObjectDisposedException(nameof(MelTask)));
        }
        catch (DeviceException exception) when (exception is not DeviceMemoryException)
        {
            // One recording may be too long for the device, but a device that fails would fail with all of them.
            throw new BatchStoppedException(exception);
        }
    }
}
