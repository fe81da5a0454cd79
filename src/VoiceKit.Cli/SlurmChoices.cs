using System.CommandLine;
using VoiceKit.Batches;
using VoiceKit.Clusters;

namespace VoiceKit.Cli;

/// <summary>The options that say what is asked of Slurm.</summary>
internal sealed class SlurmChoices
{
    private readonly Option<bool> slurm = new("--slurm") { Description = "The cluster's scheduler is Slurm (there is no other yet)." };
    private readonly Option<int> shards = new Option<int>("--shards") { Description = "The number of parts, each a task of a job array.", Required = true }.AcceptFrom(1, Shard.Most);
    private readonly Option<string?> partition = new("--partition") { Description = "The partition to run in." };
    private readonly Option<string?> time = new("--time") { Description = "The time limit of a task, such as 2:00:00. A task that meets it goes on in another turn." };
    private readonly Option<string?> memory = new("--mem") { Description = "The memory of a task, such as 4G." };
    private readonly Option<string?> gres = new("--gres") { Description = "Other resources of a task, such as gpu:1." };
    private readonly Option<int?> cpus = new Option<int?>("--cpus") { Description = "The processors of a task, and by default the files that it works on at a time." }.AcceptFrom(1, 10_000);
    private readonly Option<int?> maxParallel = new Option<int?>("--max-parallel") { Description = "How many tasks may run at the same time." }.AcceptFrom(1, Shard.Most);
    private readonly Option<int?> requeues = new Option<int?>("--requeues") { Description = "How often a task that ended early goes on in another turn; 5 by default." }.AcceptFrom(0, 1000);

    public IReadOnlyList<Option> All => [slurm, shards, partition, time, memory, gres, cpus, maxParallel, requeues];

    public int Shards(ParseResult result) =>
        result.GetValue(slurm) ? result.GetValue(shards) : throw new UsageException("say which scheduler the cluster has: --slurm");

    /// <summary>What the tasks ask for.</summary>
    public SlurmOptions Parse(ParseResult result) => new()
    {
        Partition = result.GetValue(partition),
        Time = result.GetValue(time),
        Memory = result.GetValue(memory),
        Gres = result.GetValue(gres),
        CpusPerTask = result.GetValue(cpus),
        MaxParallel = result.GetValue(maxParallel),
        Requeues = result.GetValue(requeues) ?? new SlurmOptions().Requeues,
    };
}
