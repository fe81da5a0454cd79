using System.Globalization;
using System.Numerics.Tensors;
using VoiceKit.Audio;
using VoiceKit.Cepstra;
using VoiceKit.Numerics;
using VoiceKit.Pitch;
using VoiceKit.Synthesis;

namespace VoiceKit.Benchmarks;

/// <summary>Times our estimators and synthesis, and WORLD's, in turn, in one process, on one thread, on the same signals.</summary>
internal static class PeerWorld
{
    private const double SecondsEach = 2;
    private static readonly TimeSpan FramePeriod = TimeSpan.FromMilliseconds(5);

    // The share of WORLD's time that each kernel may take.
    private static readonly (string Name, double Target)[] Kernels =
    [
        ("Dio", 0.8),
        ("StoneMask", 0.8),
        ("Harvest", 0.35),
        ("CheapTrick", 0.6),
        ("D4C", 0.6),
        ("Synthesis", 0.6),
    ];

    /// <summary>
    /// Prints a line a kernel, then "ratio KERNEL R" a kernel, then "ratio R": the worst of the kernels' ratios over their targets.
    /// </summary>
    /// <param name="args">--library PATH [--rate HZ] [WAV ...].</param>
    public static void Run(string[] args)
    {
        string? library = null;
        var rate = 0;
        var paths = new List<string>();
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "--library" && i + 1 < args.Length)
                library = args[++i];
            else if (args[i] == "--rate" && i + 1 < args.Length)
                rate = int.Parse(args[++i], CultureInfo.InvariantCulture);
            else
                paths.Add(args[i]);
        }

        if (library is null)
            throw new ArgumentException("--library PATH is missing: the WORLD shared library, libworld.so.");
        var world = new WorldLibrary(library);
        var waveforms = (paths.Count > 0 ? [.. paths] : ShippedSpeech.Paths()).Select(path => ShippedSpeech.Read(path, rate)).ToArray();
        var times = new (double Own, double Peer)[Kernels.Length];
        var differences = new double[Kernels.Length];
        foreach (var waveform in waveforms)
        {
            var sides = Sides(waveform, world);
            for (var k = 0; k < Kernels.Length; k++)
            {
                // The difference also warms both sides up.
                differences[k] = Math.Max(differences[k], RelativeDifference(Values(sides[k].Own()), sides[k].Peer()));
                var (own, peer) = PeerTiming.Best(() => sides[k].Own(), () => sides[k].Peer(), SecondsEach);
                times[k] = (times[k].Own + own, times[k].Peer + peer);
            }
        }

        var seconds = waveforms.Sum(waveform => waveform.Duration.TotalSeconds);
        Console.WriteLine("kernel      VoiceKit x real time   WORLD x real time   mean difference");
        for (var k = 0; k < Kernels.Length; k++)
        {
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Kernels[k].Name,-10} {seconds / times[k].Own,22:F0} {seconds / times[k].Peer,19:F0} {differences[k],17:E1}"
                )
            );
        }

        for (var k = 0; k < Kernels.Length; k++)
            Console.WriteLine($"ratio {Kernels[k].Name} {PeerTiming.Format(times[k].Own / times[k].Peer)}");
        Console.WriteLine(
            $"ratio {PeerTiming.Format(Enumerable.Range(0, Kernels.Length).Max(k => times[k].Own / times[k].Peer / Kernels[k].Target))}"
        );
    }

    /// <summary>
    /// Both sides of every kernel, on inputs that WORLD has made. (Synthesis differs: one pulse a sample away makes all later noise
    /// another.)
    /// </summary>
    private static (Func<object> Own, Func<double[]> Peer)[] Sides(Waveform waveform, WorldLibrary world)
    {
        var (rate, samples) = (waveform.SampleRate, waveform.Samples.ToArray());
        var count = F0Contour.FrameCount(samples.Length, rate, FramePeriod);
        var times = Enumerable.Range(0, count).Select(t => t * 0.005).ToArray();
        var fftLength = CheapTrick.FftLengthFor(rate, new CheapTrickOptions().F0Floor);
        var coarse = world.Dio(samples, rate, times);
        var f0 = world.StoneMask(samples, rate, times, coarse);
        var envelope = world.CheapTrick(samples, rate, times, f0, fftLength);
        var aperiodicity = world.D4C(samples, rate, times, f0, fftLength);
        var (coarseContour, contour) = (new F0Contour(coarse, FramePeriod), new F0Contour(f0, FramePeriod));
        var bins = (fftLength / 2) + 1;
        var (envelopes, shares) = (new Frames(count, bins, envelope), new Frames(count, bins, aperiodicity));
        var sampleCount = (int)((count - 1) * 0.005 * rate) + 1;
        return
        [
            (() => new Dio(new DioOptions { Refine = false }).Estimate(waveform), () => world.Dio(samples, rate, times)),
            (() => StoneMask.Refine(waveform, coarseContour), () => world.StoneMask(samples, rate, times, coarse)),
            (() => new Harvest().Estimate(waveform), () => world.Harvest(samples, rate, times)),
            (() => new CheapTrick(rate).Estimate(waveform, contour), () => world.CheapTrick(samples, rate, times, f0, fftLength)),
            (() => new D4C(rate).Estimate(waveform, contour, fftLength), () => world.D4C(samples, rate, times, f0, fftLength)),
            (
                () => new WorldSynthesizer(rate, fftLength).Synthesize(contour, envelopes, shares),
                () => world.Synthesis(f0, envelope, aperiodicity, fftLength, rate, sampleCount)
            ),
        ];
    }

    private static double[] Values(object result) =>
        result switch
        {
            F0Contour contour => contour.Values.ToArray(),
            Frames frames => frames.Values.ToArray(),
            Waveform waveform => waveform.Samples.ToArray(),
            _ => throw new ArgumentException($"{result} is no result of a kernel.", nameof(result)),
        };

    /// <summary>The mean absolute difference over the mean absolute value.</summary>
    private static double RelativeDifference(double[] own, double[] peer)
    {
        if (own.Length != peer.Length)
            throw new InvalidOperationException($"VoiceKit returns {own.Length} values, WORLD {peer.Length}.");
        var difference = new double[own.Length];
        TensorPrimitives.Subtract<double>(own, peer, difference);
        return TensorPrimitives.SumOfMagnitudes<double>(difference)
            / Math.Max(TensorPrimitives.SumOfMagnitudes<double>(peer), double.Epsilon);
    }
}
