using System.Numerics.Tensors;
using VoiceKit.Audio;
using VoiceKit.Features;
using VoiceKit.Numerics;
using VoiceKit.Pictures;
using VoiceKit.Spectra;

namespace VoiceKit.Cli;

/// <summary>The pictures that the verbs draw.</summary>
internal static class Figures
{
    private const int Width = 1200;

    /// <summary>Waveform, spectrogram with F0 over it, and envelope.</summary>
    public static Figure Analysis(string title, Waveform waveform, SpeechAnalysis analysis)
    {
        var features = analysis.Features;
        var nyquist = waveform.SampleRate / 2.0;
        return new Figure(Width, title)
            .Add(new WaveformPanel(waveform.Samples, waveform.SampleRate) { Title = "Waveform" }, 150)
            .Add(Spectrogram(waveform, "Spectrogram"), 260)
            .Add(Low(waveform, [F0Curve("F0", features)]), 200)
            .Add(
                new HeatMapPanel(Decibels(analysis.Envelope), features.F0.FramePeriod)
                {
                    Title = "Spectral envelope",
                    VerticalLabel = "Frequency (Hz)",
                    VerticalExtent = new AxisRange(0, nyquist),
                    DynamicRange = 80,
                    ValueLabel = "dB",
                },
                260
            );
    }

    /// <summary>The spectrograms of a source, its conversion and the target, and the F0 of all three.</summary>
    public static Figure Conversion(
        string title,
        (Waveform Waveform, SpeechFeatures Features) source,
        (Waveform Waveform, SpeechFeatures Features) converted,
        (Waveform Waveform, SpeechFeatures Features) target
    ) =>
        new Figure(Width, title)
            .Add(Spectrogram(source.Waveform, "Source"), 220)
            .Add(Spectrogram(converted.Waveform, "Converted"), 220)
            .Add(Spectrogram(target.Waveform, "Target, the same sentence"), 220)
            .Add(
                new LinePanel(
                    F0Curve("source", source.Features),
                    F0Curve("converted", converted.Features),
                    F0Curve("target", target.Features)
                )
                {
                    Title = "F0",
                    VerticalLabel = "F0 (Hz)",
                },
                200
            );

    private static Curve F0Curve(string name, SpeechFeatures features) =>
        new(name, features.F0.Values, features.F0.FramePeriod) { ZeroIsGap = true };

    private static HeatMapPanel Spectrogram(Waveform waveform, string title) =>
        new(Power(waveform), Shift(waveform))
        {
            Title = title,
            VerticalLabel = "Frequency (Hz)",
            VerticalExtent = new AxisRange(0, waveform.SampleRate / 2.0),
            DynamicRange = 70,
            ValueLabel = "dB",
        };

    private static HeatMapPanel Low(Waveform waveform, IReadOnlyList<Curve> curves) =>
        new(Power(waveform), Shift(waveform))
        {
            Title = "Spectrogram below 1 kHz with F0",
            VerticalLabel = "Frequency (Hz)",
            VerticalExtent = new AxisRange(0, waveform.SampleRate / 2.0),
            VerticalLimits = new AxisRange(0, Math.Min(1000, waveform.SampleRate / 2.0)),
            DynamicRange = 70,
            ValueLabel = "dB",
            Overlays = curves,
            IsSmooth = true,
        };

    private static TimeSpan Shift(Waveform waveform) => TimeSpan.FromSeconds((double)FrameShift(waveform) / waveform.SampleRate);

    private static int FrameShift(Waveform waveform) => Math.Max(1, waveform.SampleRate / 200);

    private static FrameBuffer Power(Waveform waveform)
    {
        var length = Math.Max(16, waveform.SampleRate / 30);
        var options = new ShortTimeFourierOptions
        {
            FrameLength = length,
            FrameShift = FrameShift(waveform),
            Window = WindowFunction.Blackman,
        };
        return Decibels(new ShortTimeFourierTransform(options).Forward(waveform.Samples).Power());
    }

    private static FrameBuffer Decibels(Frames power)
    {
        var result = new FrameBuffer(power.Count, power.Dimension);
        TensorPrimitives.Add(power.Values, 1e-12, result.Values);
        TensorPrimitives.Log10<double>(result.Values, result.Values);
        TensorPrimitives.Multiply(result.Values, 10, result.Values);
        return result;
    }
}
