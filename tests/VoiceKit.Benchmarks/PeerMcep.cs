using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using VoiceKit.Cepstra;
using VoiceKit.Numerics;
using VoiceKit.Pitch;

namespace VoiceKit.Benchmarks;

/// <summary>
/// Times our mel-cepstral analysis and SPTK's command-line tools in turn on the same spectra; tools/compare-mcep.sh runs it.
/// </summary>
internal static class PeerMcep
{
    private const int FftLength = 1024;
    private const int Order = 24;
    private const double Alpha = 0.42;
    private const int MinFrames = 3000;
    private const double SecondsEach = 20;

    /// <summary>
    /// Prints a line and "ratio NAME R" a comparison: our best time over the tool's, less what the tool takes for one frame.
    /// </summary>
    /// <param name="args">--sptk3 MCEP and --sptk4 MGCEP, the paths of the programs; one of them or both.</param>
    public static void Run(string[] args)
    {
        var folder = Directory.CreateTempSubdirectory("voicekit-mcep-");
        try
        {
            var spectra = Spectra();
            Console.WriteLine($"{spectra.Count} spectra of {spectra.Dimension} bins");
            if (Option(args, "--sptk3") is { } mcep)
            {
                var files = Write(folder, Array.ConvertAll(spectra.Values.ToArray(), value => (float)value));
                Compare("newton-sptk3", () => Newton(spectra), mcep, "-l 1024 -m 24 -a 0.42 -q 4", files);
            }

            if (Option(args, "--sptk4") is { } mgcep)
            {
                var files = Write(folder, spectra.Values.ToArray());
                Compare("newton-sptk4", () => Newton(spectra), mgcep, "-l 1024 -m 24 -a 0.42 -q 3", files);
                Compare(
                    "transform-sptk4",
                    () => new MelCepstrum(FftLength, Order, Alpha).FromEnvelope(spectra),
                    mgcep,
                    "-l 1024 -m 24 -a 0.42 -q 3 -i 0",
                    files
                );
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Frames Newton(Frames spectra) => new MelCepstralAnalysis(FftLength, Order, Alpha).Estimate(spectra);

    private static void Compare(string name, Func<Frames> own, string program, string options, (string All, string First) files)
    {
        own();
        var (bestOwn, bestAll, bestFirst) = (double.MaxValue, double.MaxValue, double.MaxValue);
        var begin = Stopwatch.GetTimestamp();
        for (var round = 0; round < 5 || Stopwatch.GetElapsedTime(begin).TotalSeconds < SecondsEach; round++)
        {
            bestOwn = Math.Min(bestOwn, PeerTiming.Best(() => own(), () => { }, 0.1).Own);
            bestAll = Math.Min(bestAll, RunProgram(program, options, files.All));
            bestFirst = Math.Min(bestFirst, RunProgram(program, options, files.First));
        }

        var peer = bestAll - bestFirst;
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: VoiceKit {bestOwn * 1e3:F1} ms, {Path.GetFileName(program)} {peer * 1e3:F1} ms"
            )
        );
        Console.WriteLine($"ratio {name} {PeerTiming.Format(bestOwn / peer)}");
    }

    /// <summary>The processor time of one run, by the shell's own account of its children.</summary>
    private static double RunProgram(string program, string options, string file)
    {
        var info = new ProcessStartInfo("/bin/sh") { RedirectStandardError = true };
        info.ArgumentList.Add("-c");
        info.ArgumentList.Add($"'{program}' {options} '{file}' > /dev/null && times >&2");
        using var process = Process.Start(info)!;
        var lines = process.StandardError.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {options} failed: {string.Join(' ', lines)}");

        // The last line is "0m0.123000s 0m0.045000s": the user's and the system's time of the children.
        return lines[^1]
            .Split(' ')
            .Sum(field =>
            {
                var parts = field.TrimEnd('s').Split('m');
                return (60 * double.Parse(parts[0], CultureInfo.InvariantCulture)) + double.Parse(parts[1], CultureInfo.InvariantCulture);
            });
    }

    /// <summary>Writes all spectra to one file and the first to another.</summary>
    private static (string All, string First) Write<T>(DirectoryInfo folder, T[] values)
        where T : unmanaged
    {
        var (all, first) = (
            Path.Combine(folder.FullName, $"all.{typeof(T).Name}"),
            Path.Combine(folder.FullName, $"first.{typeof(T).Name}")
        );
        var bytes = MemoryMarshal.AsBytes(values.AsSpan());
        File.WriteAllBytes(all, bytes);
        File.WriteAllBytes(first, bytes[..(bytes.Length / values.Length * ((FftLength / 2) + 1))]);
        return (all, first);
    }

    /// <summary>Envelopes of the shipped speech, as often as it takes.</summary>
    private static Frames Spectra()
    {
        var parts = new List<Frames>();
        while (parts.Sum(part => part.Count) < MinFrames)
        {
            foreach (var path in ShippedSpeech.Paths())
            {
                var waveform = ShippedSpeech.Read(path, rate: 16000);
                parts.Add(new CheapTrick(waveform.SampleRate).Estimate(waveform, new Dio().Estimate(waveform)));
            }
        }

        return Frames.Concatenate(parts);
    }

    private static string? Option(string[] args, string name) =>
        Array.IndexOf(args, name) is >= 0 and var i && i + 1 < args.Length ? args[i + 1] : null;
}
