using System.CommandLine;
using VoiceKit.Clusters;

namespace VoiceKit.Cli;

/// <summary>The options of a verb that runs here and may share its work with a cluster.</summary>
internal sealed class ClusterOptions
{
    private readonly Option<bool> slurm = new("--slurm") { Description = "Share the work with a Slurm cluster; the output must lie where its nodes see it." };
    private readonly Option<int?> shards = new Option<int?>("--shards") { Description = "How many processes to cut the work for; 4 by default." }.AcceptFrom(1, 10_000);
    private readonly SlurmChoices choices = new();

    private IEnumerable<Option> Settings => choices.All.Where(option => option.Name != slurm.Name && option.Name != shards.Name);

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in Settings.Prepend(shards).Prepend(slurm))
            command.Options.Add(option);
    }

    /// <summary>How many processes to cut the work for; null where it was not said.</summary>
    public int? Shards(ParseResult result) => result.GetValue(shards);

    /// <summary>What the jobs ask of Slurm; null without --slurm.</summary>
    /// <exception cref="UsageException">A setting of jobs was given without --slurm.</exception>
    public SlurmOptions? Slurm(ParseResult result, string jobName)
    {
        if (result.GetValue(slurm))
            return choices.Parse(result) with { JobName = jobName };
        var lone = Settings.FirstOrDefault(option => result.GetResult(option) is not null);
        return lone is null ? null : throw new UsageException($"{lone.Name} is for a cluster: give --slurm with it");
    }
}
