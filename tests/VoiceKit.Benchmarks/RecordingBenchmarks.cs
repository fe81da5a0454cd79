using BenchmarkDotNet.Attributes;
using VoiceKit.Audio;
using VoiceKit.Corpora;

namespace VoiceKit.Benchmarks;

/// <summary>Measuring and preparing one minute of speech at 16 kHz.</summary>
[MemoryDiagnoser]
public class RecordingBenchmarks
{
    private readonly RecordingPreparer preparer = new(new PrepareOptions { MaxPiece = TimeSpan.FromSeconds(10) });
    private Waveform minute = new([], 16000);

    /// <summary>Repeats a sentence.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var sentence = ShippedSpeech.First();
        var samples = new double[60 * sentence.SampleRate];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = sentence.Samples[i % sentence.Length];
        minute = new Waveform(samples, sentence.SampleRate);
    }

    /// <summary>Integrated loudness.</summary>
    [Benchmark]
    public double MeasureLoudness() => Loudness.Integrated(minute);

    /// <summary>Speech, pauses and noise.</summary>
    [Benchmark]
    public SpeechActivity DetectSpeech() => SpeechActivity.Detect(minute);

    /// <summary>Trimming, splitting and levelling.</summary>
    [Benchmark]
    public PreparedRecording Prepare() => preparer.Prepare(minute);
}
