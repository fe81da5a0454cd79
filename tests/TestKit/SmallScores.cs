using VoiceKit.Audio;
using VoiceKit.Music;
using VoiceKit.Numerics;

namespace VoiceKit.Tests.TestKit;

/// <summary>Scores of few notes with times in seconds, and what is measured of their sound.</summary>
internal static class SmallScores
{
    private const int TicksPerQuarter = 1000;
    private const int TicksPerSecond = 2000;

    public static NoteEvent Note(double start, double end, int pitch, int velocity = 90, int channel = 0, int track = 0) =>
        new((long)Math.Round(start * TicksPerSecond), (long)Math.Round(end * TicksPerSecond), pitch, velocity, channel, track);

    public static MidiScore Of(params NoteEvent[] notes) => new(1, 1, TickDivision.Quarter(TicksPerQuarter), notes, [], [], [], []);

    /// <summary>
    /// The frequency in Hz of the strongest partial within half a tone of <paramref name="expected"/>, over the 1.5 s from
    /// <paramref name="start"/> on.
    /// </summary>
    public static double StrongestFrequency(Waveform sound, double start, double expected)
    {
        const int length = 1 << 16;
        var window = new double[length];
        var first = (int)(start * sound.SampleRate);
        for (var i = 0; i < length; i++)
            window[i] = sound.Samples[first + i] * (0.5 - (0.5 * Math.Cos(2 * Math.PI * i / length)));
        var fft = new RealFft(length);
        var (real, imaginary) = (new double[fft.BinCount], new double[fft.BinCount]);
        fft.Forward(window, real, imaginary);
        double Level(int bin) => Math.Log((real[bin] * real[bin]) + (imaginary[bin] * imaginary[bin]));
        var width = (double)sound.SampleRate / length;
        var peak = Enumerable.Range((int)(expected / 1.03 / width), (int)(expected * 0.06 / width) + 2).MaxBy(Level);

        // The vertex of the parabola through the three bins about the peak.
        var (below, middle, above) = (Level(peak - 1), Level(peak), Level(peak + 1));
        return (peak + (0.5 * (below - above) / (below - (2 * middle) + above))) * width;
    }

    public static double Cents(double frequency, double reference) => 1200 * Math.Log2(frequency / reference);

    public static double Rms(Waveform sound, double start, double end)
    {
        var part = sound.Samples[(int)(start * sound.SampleRate)..(int)(end * sound.SampleRate)];
        return Math.Sqrt(Reductions.SumOfSquares(part) / part.Length);
    }
}
