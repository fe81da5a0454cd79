using System.Runtime.CompilerServices;
using Xunit.v3;

namespace VoiceKit.Tests.TestKit;

/// <summary>A test that needs a Slurm cluster, which it brings up itself; where that cannot be, the test shows as skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SlurmFactAttribute : FactAttribute, ITraitAttribute
{
    private static readonly string[] Programs = ["slurmctld", "slurmd", "munged", "sbatch", "pkill"];

    public SlurmFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        if (Obstacle is { } reason)
            Skip = reason;
    }

    /// <summary>A cluster takes long to start: .ci/run runs these tests.</summary>
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new(SlowTests.Category, SlowTests.Slow)];

    /// <summary>Why no cluster can be brought up here; null if one can.</summary>
    public static string? Obstacle { get; } = FindObstacle();

    private static string? FindObstacle()
    {
        if (!OperatingSystem.IsLinux())
            return "This needs Slurm, which needs Linux.";
        if (!Environment.IsPrivilegedProcess)
            return "A Slurm cluster is brought up as root.";
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        var missing = Programs.Where(program => !folders.Any(folder => File.Exists(Path.Combine(folder, program)))).ToArray();
        return missing.Length == 0
            ? null
            : $"{string.Join(", ", missing)} not installed (Debian: munge slurmctld slurmd slurm-client procps)";
    }
}
