using System.Diagnostics;
using System.Globalization;
using VoiceKit.Audio;
using VoiceKit.Features;

namespace VoiceKit.Benchmarks;

/// <summary>What tools/measure-batch.sh needs beside the program itself: one-second recordings, and the analysis alone.</summary>
internal static class BatchClips
{
    private const int Warming = 20;

    /// <summary>Writes clips of one second: FOLDER COUNT.</summary>
    public static void Make(string[] args)
    {
        var (folder, count) = (args[0], int.Parse(args[1], CultureInfo.InvariantCulture));
        var speech = ShippedSpeech.Paths().Select(path => ShippedSpeech.Read(path, rate: 0)).ToArray();
        var random = new Random(0);
        for (var i = 0; i < count; i++)
        {
            // No two are alike: each has its own start and level.
            var source = speech[i % speech.Length];
            var gain = 0.5 + (0.5 * random.NextDouble());
            var samples = source.Samples.Slice(random.Next(source.Length - source.SampleRate), source.SampleRate).ToArray();
            var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"speaker{i / 100:000}/{i:00000}.wav"));
            _ = WaveFile.Write(path, new Waveform([.. samples.Select(sample => gain * sample)], source.SampleRate));
        }
    }

    /// <summary>
    /// Reads, analyses and packs the files of a folder with nothing around it, and prints the milliseconds that one takes: FOLDER.
    /// </summary>
    public static void Analyse(string[] args)
    {
        var extractor = new FeatureExtractor(new FeatureOptions { F0Method = F0Method.Dio });
        var files = Directory.GetFiles(args[0], "*.wav", SearchOption.AllDirectories);
        foreach (var file in files.Take(Warming))
            Analyse(extractor, file);
        var clock = Stopwatch.StartNew();
        foreach (var file in files)
            Analyse(extractor, file);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalMilliseconds / files.Length:F3}"));
    }

    private static void Analyse(FeatureExtractor extractor, string file)
    {
        var waveform = WaveFile.Read(file).Waveform;
        using var stream = new MemoryStream();
        FeatureFile.Write(stream, extractor.Analyze(waveform), waveform);
    }
}
