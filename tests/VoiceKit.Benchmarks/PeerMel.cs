using System.Diagnostics;
using System.Globalization;
using VoiceKit.Spectra;

namespace VoiceKit.Benchmarks;

/// <summary>
/// Times the mel spectrogram of 60 s at 22050 Hz with torchaudio's conventions; tools/compare-mel.sh sets it beside torchaudio.
/// </summary>
internal static class PeerMel
{
    /// <summary>
    /// Prints the best time in ms and the mean of the result's logarithms, by which the two sides can be seen to do the same.
    /// </summary>
    public static void Run(string[] args)
    {
        const int SampleRate = 22050;
        var signal = new double[60 * SampleRate];
        for (var n = 0; n < signal.Length; n++)
            signal[n] = Math.Sin(1e-6 * n * n % (2 * Math.PI));
        var mel = new MelSpectrogram(
            SampleRate,
            new MelSpectrogramOptions
            {
                Transform = new ShortTimeFourierOptions { FrameLength = 1024, FrameShift = 256 },
                Filterbank = new MelFilterbankOptions
                {
                    FilterCount = 80,
                    Scale = MelScale.Htk,
                    NormalizeArea = false,
                },
            }
        );

        var best = double.MaxValue;
        var result = mel.Compute(signal);
        for (var round = 0; round < 20; round++)
        {
            var start = Stopwatch.GetTimestamp();
            result = mel.Compute(signal);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        var mean = 0.0;
        foreach (var value in result.Values)
            mean += Math.Log(value + 1e-3) / result.Values.Length;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{best:F2} {mean:F4}"));
    }
}
