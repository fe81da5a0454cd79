using BenchmarkDotNet.Attributes;
using VoiceKit.Audio;

namespace VoiceKit.Benchmarks;

/// <summary>Reading, writing and resampling one minute of audio.</summary>
[MemoryDiagnoser]
public class AudioBenchmarks
{
    private const int SourceRate = 44100;

    private readonly Resampler toSpeech = new(SourceRate, 16000);
    private readonly Resampler toOddRate = new(SourceRate, 16001);
    private Waveform minute = new([], SourceRate);
    private byte[] file = [];

    /// <summary>Makes one minute of noise and its WAV file.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        minute = new Waveform([.. Enumerable.Range(0, 60 * SourceRate).Select(_ => random.NextDouble() - 0.5)], SourceRate);
        using var stream = new MemoryStream();
        WaveFile.Write(stream, minute);
        file = stream.ToArray();
    }

    /// <summary>16-bit WAV to doubles.</summary>
    [Benchmark]
    public Waveform ReadPcm16()
    {
        using var stream = new MemoryStream(file);
        return WaveFile.Read(stream, "minute").Waveform;
    }

    /// <summary>Doubles to 16-bit WAV.</summary>
    [Benchmark]
    public long WritePcm16() => WaveFile.Write(Stream.Null, minute);

    /// <summary>44.1 to 16 kHz with a stored bank of 160 phases.</summary>
    [Benchmark]
    public Waveform ResampleStoredPhases() => toSpeech.Resample(minute);

    /// <summary>44.1 to 16.001 kHz with interpolated phases.</summary>
    [Benchmark]
    public Waveform ResampleInterpolatedPhases() => toOddRate.Resample(minute);

    /// <summary>Peak, level, offset and clipping.</summary>
    [Benchmark]
    public SignalReport Inspect() => SignalCheck.Inspect(minute);
}
