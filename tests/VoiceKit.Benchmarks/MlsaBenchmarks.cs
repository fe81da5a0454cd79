using BenchmarkDotNet.Attributes;
using VoiceKit.Audio;
using VoiceKit.Numerics;
using VoiceKit.Pitch;
using VoiceKit.Synthesis;

namespace VoiceKit.Benchmarks;

/// <summary>Ten seconds at 16 kHz through the MLSA filter of order 24: divide by 10 s for the share of real time.</summary>
[MemoryDiagnoser]
public class MlsaBenchmarks
{
    private const int SampleRate = 16000;
    private static readonly TimeSpan FramePeriod = TimeSpan.FromMilliseconds(5);

    private readonly F0Contour contour = new([.. Enumerable.Range(0, 2001).Select(t => t % 200 < 120 ? 150.0 : 0)], FramePeriod);
    private Waveform excitation = new([], SampleRate);
    private FrameBuffer melCepstra = new(0, 1);

    /// <summary>The log gain of the higher coefficients, which sets the number of sections: 1, 2 and 6.</summary>
    [Params(3, 8, 29)]
    public int LogGain { get; set; }

    /// <summary>Makes an excitation and frames whose higher coefficients add up to the log gain at low frequencies.</summary>
    [GlobalSetup]
    public void Setup()
    {
        const int order = 24;
        const double alpha = 0.42;
        excitation = PulseExcitation.Generate(contour, SampleRate);
        melCepstra = new FrameBuffer(contour.Count, order + 1);
        for (var t = 0; t < melCepstra.Count; t++)
            melCepstra[t].Fill(LogGain * (0.9 + (0.1 * Math.Sin(t))) / (order * (1 + alpha)));
    }

    /// <summary>Excitation to speech.</summary>
    [Benchmark]
    public Waveform Filter() => new MlsaFilter(24, 0.42).Filter(excitation, melCepstra, FramePeriod);

    /// <summary>F0 to excitation.</summary>
    [Benchmark]
    public Waveform Excite() => PulseExcitation.Generate(contour, SampleRate);
}
