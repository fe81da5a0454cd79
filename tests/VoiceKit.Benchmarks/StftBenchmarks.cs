using BenchmarkDotNet.Attributes;
using VoiceKit.Numerics;
using VoiceKit.Spectra;

namespace VoiceKit.Benchmarks;

/// <summary>Short-time transforms of 10 s at 22050 Hz, frames of 1024 samples every 256.</summary>
[MemoryDiagnoser]
public class StftBenchmarks
{
    private const int SampleRate = 22050;
    private readonly ShortTimeFourierTransform transform = new(new ShortTimeFourierOptions());
    private readonly MelSpectrogram mel = new(SampleRate, new MelSpectrogramOptions());
    private readonly MelFrequencyCepstrum cepstrum = new(SampleRate, new MelFrequencyCepstrumOptions());
    private double[] signal = null!;
    private ComplexSpectrogram spectrogram = null!;
    private Frames magnitude = null!;

    /// <summary>Makes noise.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        signal = [.. Enumerable.Range(0, 10 * SampleRate).Select(_ => random.NextDouble() - 0.5)];
        spectrogram = transform.Forward(signal);
        magnitude = spectrogram.Magnitude();
    }

    /// <summary>Samples to spectra.</summary>
    [Benchmark]
    public ComplexSpectrogram Forward() => transform.Forward(signal);

    /// <summary>Spectra to samples.</summary>
    [Benchmark]
    public double[] Inverse() => transform.Inverse(spectrogram, signal.Length);

    /// <summary>Samples to 80 mel bands.</summary>
    [Benchmark]
    public Frames Mel() => mel.Compute(signal);

    /// <summary>Samples to 13 mel-frequency cepstral coefficients.</summary>
    [Benchmark]
    public Frames MelFrequencyCepstrum() => cepstrum.Compute(signal);

    /// <summary>Magnitudes to samples, 32 iterations.</summary>
    [Benchmark]
    public double[] GriffinLim() => new GriffinLim(transform, new GriffinLimOptions()).Estimate(magnitude, signal.Length);
}
