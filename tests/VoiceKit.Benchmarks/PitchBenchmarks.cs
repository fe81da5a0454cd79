using BenchmarkDotNet.Attributes;
using VoiceKit.Audio;
using VoiceKit.Pitch;

namespace VoiceKit.Benchmarks;

/// <summary>F0 of a sentence of 3.4 s at 16 kHz.</summary>
[MemoryDiagnoser]
public class PitchBenchmarks
{
    private readonly Waveform sentence = ShippedSpeech.First();
    private readonly Dio dio = new(new DioOptions { Refine = false });
    private readonly Harvest harvest = new();
    private readonly F0Contour coarse;

    /// <summary>Estimates the contour that StoneMask refines.</summary>
    public PitchBenchmarks() => coarse = dio.Estimate(sentence);

    /// <summary>DIO alone.</summary>
    [Benchmark]
    public F0Contour Dio() => dio.Estimate(sentence);

    /// <summary>The refinement alone.</summary>
    [Benchmark]
    public F0Contour StoneMask() => Pitch.StoneMask.Refine(sentence, coarse);

    /// <summary>Harvest.</summary>
    [Benchmark]
    public F0Contour Harvest() => harvest.Estimate(sentence);
}
