using System.CommandLine;
using VoiceKit.Clusters;

namespace VoiceKit.Cli;

/// <summary>The options of voicekit train on sharing the work with other processes, and the pool that they ask for.</summary>
internal sealed class TrainingPool
{
    private readonly Option<string?> folder = new("--pool")
    {
        Description = "Share the work through this folder, which is made and removed, with all processes 'voicekit train-worker FOLDER' that see it.",
    };

    private readonly Option<int?> shards = new Option<int?>("--shards") { Description = "How many processes to cut the work for; 4 by default." }.AcceptFrom(1, 10_000);

    public void AddTo(Command command)
    {
        command.Options.Add(folder);
        command.Options.Add(shards);
    }

    /// <summary>Opens the pool; null where none was asked for.</summary>
    public StatisticsPool? Open(ParseResult result, CommandConsole console)
    {
        var options = new StatisticsPoolOptions();
        if (result.GetValue(folder) is { } path)
            return new StatisticsPool(path, options with { Shards = result.GetValue(shards) ?? options.Shards }, console.Warn, console.Cancellation);
        return result.GetValue(shards) is null ? null : throw new UsageException("--shards: name the folder to share with --pool");
    }
}
