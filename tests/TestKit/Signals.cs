using VoiceKit.Audio;

namespace VoiceKit.Tests.TestKit;

/// <summary>Signals whose properties are known.</summary>
internal static class Signals
{
    /// <summary>A harmonic tone, all harmonics below 0.45 of the rate, falling by 6 dB an octave.</summary>
    public static Waveform Harmonic(double f0, int sampleRate, double seconds) =>
        Generate(
            sampleRate,
            seconds,
            time =>
            {
                var sum = 0.0;
                for (var h = 1; h * f0 < Math.Min(0.45 * sampleRate, 6000); h++)
                    sum += Math.Cos(2 * Math.PI * h * f0 * time) / h;
                return 0.1 * sum;
            }
        );

    public static Waveform Noise(int sampleRate, double seconds, double deviation = 0.1, int seed = 1)
    {
        var random = new Random(seed);
        return Generate(
            sampleRate,
            seconds,
            _ => deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())
        );
    }

    public static Waveform Generate(int sampleRate, double seconds, Func<double, double> value)
    {
        var samples = new double[(int)(sampleRate * seconds)];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = value((double)i / sampleRate);
        return new Waveform(samples, sampleRate);
    }

    /// <summary>Inputs that no recording should be, and that must still end in a result.</summary>
    public static Waveform Odd(string name) =>
        name switch
        {
            "empty" => new Waveform([], 16000),
            "one sample" => new Waveform([0.1], 16000),
            "10 ms" => Harmonic(220, 16000, 0.01),
            "silence" => new Waveform(new double[16000], 16000),
            "click" => Generate(16000, 1, time => time == 0.5 ? 1 : 0),
            "constant" => Generate(16000, 0.5, _ => 0.5),
            "clipped" => Generate(16000, 0.5, time => Math.Sign(Math.Sin(2 * Math.PI * 150 * time))),
            "noise" => Noise(16000, 0.5),
            "8 kHz" => Harmonic(150, 8000, 0.5),
            "192 kHz" => Harmonic(150, 192000, 0.3),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such signal."),
        };

    public static readonly TheoryData<string> OddNames =
    [
        "empty",
        "one sample",
        "10 ms",
        "silence",
        "click",
        "constant",
        "clipped",
        "noise",
        "8 kHz",
        "192 kHz",
    ];
}
