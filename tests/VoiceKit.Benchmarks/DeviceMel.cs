using System.Diagnostics;
using System.Globalization;
using VoiceKit.Numerics;
using VoiceKit.Spectra;

namespace VoiceKit.Benchmarks;

/// <summary>
/// Times mel spectrograms of long recordings on a device, from host memory to host memory: the work of tools/compare_mel_device.py.
/// </summary>
internal static class DeviceMel
{
    private const int SampleRate = 16000,
        PieceSeconds = 600;

    /// <summary>Prints seconds; the arguments are the device and the hours of sound, 10 if there is no number.</summary>
    public static void Run(string[] args)
    {
        using var device = BenchmarkDevice.Take(args);
        var hours = args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : 10;
        var pieces = Math.Max(1, (int)(hours * 3600 / PieceSeconds));
        var signal = new double[(int)Math.Min(PieceSeconds * SampleRate, hours * 3600 * SampleRate)];
        for (var n = 0; n < signal.Length; n++)
            signal[n] = Math.Sin(1e-6 * n * n % (2 * Math.PI));
        var options = new MelSpectrogramOptions
        {
            Transform = new ShortTimeFourierOptions { FrameLength = 1024, FrameShift = 256 },
            Filterbank = new MelFilterbankOptions
            {
                FilterCount = 80,
                Scale = MelScale.Htk,
                NormalizeArea = false,
            },
        };
        var mel = new MelSpectrogram(SampleRate, options);
        Frames Compute() => mel.Compute(signal, device);
        var result = Compute();
        var start = Stopwatch.GetTimestamp();
        for (var piece = 0; piece < pieces; piece++)
            result = Compute();
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var mean = 0.0;
        foreach (var value in result.Values)
            mean += Math.Log(value + 1e-3) / result.Values.Length;
        BenchmarkResult.Print(
            ("device", device.Name),
            ("hours", pieces * signal.Length / (3600.0 * SampleRate)),
            ("seconds", seconds),
            ("mean_log", mean)
        );
    }
}
