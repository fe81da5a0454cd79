using System.Text.Json;

namespace VoiceKit.Benchmarks;

/// <summary>The last line of a benchmark of a device: one JSON object, which tools/gpu_check.py reads.</summary>
internal static class BenchmarkResult
{
    /// <summary>Prints the figures by name.</summary>
    public static void Print(params (string Name, object Value)[] figures) =>
        Console.WriteLine(JsonSerializer.Serialize(figures.ToDictionary(figure => figure.Name, figure => figure.Value)));
}
