using System.CommandLine;
using VoiceKit.Batches;

namespace VoiceKit.Cli;

/// <summary>The options that say how a batch is run.</summary>
internal sealed class BatchRunOptions
{
    private readonly Option<int> jobs = SharedOptions.Jobs();
    private readonly Option<bool> dryRun = new("--dry-run") { Description = "Say what would be done and why, and do nothing." };
    private readonly Option<bool> failFast = new("--fail-fast") { Description = "Stop at the first failure." };
    private readonly Option<bool> retryFailed = new("--retry-failed") { Description = "Work only on what failed before." };
    private readonly Option<string?> shard = new("--shard") { Description = "Work on one of several parts, I/N such as 3/16; the environment of a Slurm array or a Kubernetes job tells it too." };
    private readonly Option<int?> shards = new Option<int?>("--shards") { Description = "The number of parts, where the environment tells only which (JOB_COMPLETION_INDEX)." }.AcceptFrom(1, Batches.Shard.Most);

    public IReadOnlyList<Option> All => [jobs, dryRun, failFast, retryFailed, shard, shards];

    /// <summary>Those that mean the same in a task of a cluster.</summary>
    public IReadOnlyList<Option> ForTasks => [jobs, failFast, retryFailed];

    public bool IsDryRun(ParseResult result) => result.GetValue(dryRun);

    public BatchOptions Parse(ParseResult result) => new()
    {
        Jobs = result.GetValue(jobs),
        FailFast = result.GetValue(failFast),
        RetryFailed = result.GetValue(retryFailed),
    };

    /// <summary>The part to work on; where the environment told it, that is said.</summary>
    public Shard Shard(ParseResult result, CommandConsole console)
    {
        try
        {
            if (result.GetValue(shard) is { } text)
                return Batches.Shard.Parse(text);
            if (Batches.Shard.FromEnvironment(Environment.GetEnvironmentVariable, result.GetValue(shards)) is not var (part, origin))
                return Batches.Shard.Whole;
            console.Say($"part {part.Index} of {part.Count}, as {origin} says (--shard 1/1 works on all)");
            return part;
        }
        catch (FormatException exception)
        {
            throw new UsageException($"--shard: {exception.Message}");
        }
    }
}
