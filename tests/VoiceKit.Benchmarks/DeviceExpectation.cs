using System.Diagnostics;
using System.Globalization;
using VoiceKit.Mixtures;
using VoiceKit.Numerics;

namespace VoiceKit.Benchmarks;

/// <summary>Times one expectation step of 64 full mixtures of 96 dimensions, on the CPU and on a device, over the same frames.</summary>
internal static class DeviceExpectation
{
    private const int MixtureCount = 64,
        Dimension = 96,
        CpuFrames = 200_000;

    /// <summary>
    /// Prints seconds; the arguments are the device and the number of frames, a million if there is none. The CPU's share is timed over
    /// 200,000 at most.
    /// </summary>
    public static void Run(string[] args)
    {
        using var device = BenchmarkDevice.Take(args);
        var count = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1_000_000;
        var frames = Draw(count);
        var part = frames.Slice(0, Math.Min(count, CpuFrames));
        var mixture = ExpectationMaximization.Fit(
            frames.Slice(0, Math.Min(count, 20_000)),
            new MixtureOptions { MixtureCount = MixtureCount, Iterations = 1 }
        );
        var cpu = Best(() => MixtureStatistics.Collect(mixture, part)) / part.Count;
        Report($"CPU, {Environment.ProcessorCount} cores", cpu * count, count);
        var start = Stopwatch.GetTimestamp();
        var step = device.BeginExpectation(frames);
        var statistics = step.Collect(mixture);
        Report($"{device.Name}, upload and first step", Stopwatch.GetElapsedTime(start).TotalSeconds, count);
        var seconds = Best(() => statistics = step.Collect(mixture));
        Report(device.Name, seconds, count);

        var (expected, actual) = (
            MixtureStatistics.Collect(mixture, part).LogLikelihood,
            device.BeginExpectation(part).Collect(mixture).LogLikelihood
        );
        BenchmarkResult.Print(
            ("device", (object)device.Name),
            ("frames", count),
            ("cpu_cores", Environment.ProcessorCount),
            ("cpu_s", cpu * count),
            ("device_s", seconds),
            ("ratio", cpu * count / seconds),
            ("log_likelihood_difference", Math.Abs((actual - expected) / expected))
        );
    }

    /// <summary>Draws frames about as many centres as there are mixtures, near enough for posteriors to be shared.</summary>
    private static FrameBuffer Draw(int count)
    {
        const int Block = 100_000;
        var random = new Random(1);
        var centres = new FrameBuffer(MixtureCount, Dimension);
        foreach (ref var value in centres.Values)
            value = random.NextDouble() - 0.5;
        var frames = new FrameBuffer(count, Dimension);
        Parallel.For(
            0,
            (count + Block - 1) / Block,
            block =>
            {
                var numbers = new Random(block);
                for (var t = block * Block; t < Math.Min(count, (block + 1) * Block); t++)
                {
                    var frame = frames[t];
                    var centre = centres[numbers.Next(MixtureCount)];
                    for (var d = 0; d < Dimension; d++)
                        frame[d] = centre[d] + numbers.NextDouble() + numbers.NextDouble() - 1;
                }
            }
        );
        return frames;
    }

    private static double Best(Action action)
    {
        var best = double.MaxValue;
        for (var round = 0; round < 3; round++)
        {
            var start = Stopwatch.GetTimestamp();
            action();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return best;
    }

    private static void Report(string name, double seconds, int count) =>
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: {seconds:F2} s for {count:N0} frames of {Dimension}, {MixtureCount} full mixtures"
            )
        );
}
