using System.CommandLine;
using VoiceKit.Batches;
using VoiceKit.Clusters;

namespace VoiceKit.Cli;

/// <summary>The options of a verb that runs here and may share its work with a cluster.</summary>
internal sealed class ClusterOptions
{
    private readonly Option<bool> slurm = new("--slurm")
    {
        Description = "Share the work with a Slurm cluster; the output must lie where its nodes see it.",
    };
    private readonly Option<int?> shards = new Option<int?>("--shards")
    {
        Description = "How many processes to cut the work for; 4 by default.",
    }.AcceptFrom(1, 10_000);
    private readonly SlurmChoices choices = new();

    private IEnumerable<Option> Settings => choices.All.Where(option => option.Name != slurm.Name && option.Name != shards.Name);

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in Settings.Prepend(shards).Prepend(slurm))
            command.Options.Add(option);
    }

    /// <summary>The number of processes to divide the work for; null where it was not given.</summary>
    public int? Shards(ParseResult result) => result.GetValue(shards);

    /// <summary>The resources that the jobs ask Slurm for; null without --slurm.</summary>
    /// <exception cref="UsageException">A setting of jobs was given without --slurm.</exception>
    public SlurmOptions? Slurm(ParseResult result, string jobName)
    {
        if (result.GetValue(slurm))
            return choices.Parse(result) with { JobName = jobName };
        var lone = Settings.FirstOrDefault(option => result.GetResult(option) is not null);
        return lone is null ? null : throw new UsageException($"{lone.Name} is for a cluster: give --slurm with it");
    }
}

/// <summary>The options that say what is asked of Slurm.</summary>
internal sealed class SlurmChoices
{
    private readonly Option<bool> slurm = new("--slurm") { Description = "The cluster's scheduler is Slurm (there is no other yet)." };
    private readonly Option<int> shards = new Option<int>("--shards")
    {
        Description = "The number of parts, each a task of a job array.",
        Required = true,
    }.AcceptFrom(1, Shard.Most);
    private readonly Option<string?> partition = new("--partition") { Description = "The partition to run in." };
    private readonly Option<string?> time = new("--time")
    {
        Description = "The time limit of a task, such as 2:00:00. A task that meets it goes on in another turn.",
    };
    private readonly Option<string?> memory = new("--mem") { Description = "The memory of a task, such as 4G." };
    private readonly Option<string?> gres = new("--gres") { Description = "Other resources of a task, such as gpu:1." };
    private readonly Option<int?> cpus = new Option<int?>("--cpus")
    {
        Description = "The processors of a task, and by default the files that it works on at a time.",
    }.AcceptFrom(1, 10_000);
    private readonly Option<int?> maxParallel = new Option<int?>("--max-parallel")
    {
        Description = "How many tasks may run at the same time.",
    }.AcceptFrom(1, Shard.Most);
    private readonly Option<int?> requeues = new Option<int?>("--requeues")
    {
        Description = "How often a task that ended early goes on in another turn; 5 by default.",
    }.AcceptFrom(0, 1000);

    public IReadOnlyList<Option> All => [slurm, shards, partition, time, memory, gres, cpus, maxParallel, requeues];

    public int Shards(ParseResult result) =>
        result.GetValue(slurm) ? result.GetValue(shards) : throw new UsageException("say which scheduler the cluster has: --slurm");

    /// <summary>The resources of the tasks.</summary>
    public SlurmOptions Parse(ParseResult result) =>
        new()
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
