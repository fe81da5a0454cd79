using System.CommandLine;
using VoiceKit.Batches;
using VoiceKit.Corpora;

namespace VoiceKit.Cli;

/// <summary>The options that say what a batch works on and where it writes.</summary>
internal sealed class BatchInputOptions
{
    private readonly Argument<string?> input = new("INPUT")
    {
        Description = "A folder, a quoted pattern such as 'corpus/**/*.wav', a manifest (lhotse .jsonl, Kaldi folder) or one file.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string> output = new("--output", "-o") { Description = "The folder to write to.", Required = true };
    private readonly Option<string?> filesFrom = new("--files-from")
    {
        Description =
            "Read the names of the inputs from a file, one a line; - is standard input. They are relative to INPUT if that is given.",
    };
    private readonly Option<bool> nul = new("--null", "-0")
    {
        Description = "The names in --files-from end in NUL characters, as find -print0 writes them.",
    };

    public void AddTo(Command command)
    {
        command.Arguments.Add(input);
        command.Options.Add(output);
        command.Options.Add(filesFrom);
        command.Options.Add(nul);
    }

    public string Output(ParseResult result) => OutputName.RequireFolder("-o", result.GetRequiredValue(output));

    /// <summary>Names the source of the items, for a message.</summary>
    public string Describe(ParseResult result) => result.GetValue(filesFrom) ?? result.GetValue(input) ?? "";

    /// <summary>The items that were asked for.</summary>
    public IEnumerable<CorpusItem> Items(ParseResult result, CommandConsole console)
    {
        var (root, list) = (result.GetValue(input), result.GetValue(filesFrom));
        if (list is null)
        {
            return result.GetValue(nul) ? throw new UsageException("-0 goes with --files-from")
                : root is null ? throw new UsageException("INPUT is missing: give a folder, a pattern, a manifest or --files-from LIST")
                : CorpusSource.Open(root, except: Output(result), warn: console.Warn);
        }

        if (list != WorkItems.Standard && !File.Exists(list))
            throw new FileNotFoundException($"{list}: there is no such file", list);
        using var reader = list == WorkItems.Standard ? new StreamReader(StandardStreams.OpenInput()) : new StreamReader(list);
        return FileList.Read(reader, result.GetValue(nul) ? '\0' : '\n', root);
    }
}

/// <summary>The options that say how a batch is run.</summary>
internal sealed class BatchRunOptions
{
    private readonly Option<int> jobs = SharedOptions.Jobs();
    private readonly Option<bool> dryRun = new("--dry-run") { Description = "Say what would be done and why, and do nothing." };
    private readonly Option<bool> failFast = new("--fail-fast") { Description = "Stop at the first failure." };
    private readonly Option<bool> retryFailed = new("--retry-failed") { Description = "Work only on what failed before." };
    private readonly Option<string?> shard = new("--shard")
    {
        Description = "Work on one of several parts, I/N such as 3/16; the environment of a Slurm array or a Kubernetes job tells it too.",
    };
    private readonly Option<int?> shards = new Option<int?>("--shards")
    {
        Description = "The number of parts, where the environment tells only which (JOB_COMPLETION_INDEX).",
    }.AcceptFrom(1, Batches.Shard.Most);

    public IReadOnlyList<Option> All => [jobs, dryRun, failFast, retryFailed, shard, shards];

    /// <summary>Those that mean the same in a task of a cluster.</summary>
    public IReadOnlyList<Option> ForTasks => [jobs, failFast, retryFailed];

    public bool IsDryRun(ParseResult result) => result.GetValue(dryRun);

    public BatchOptions Parse(ParseResult result) =>
        new()
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
