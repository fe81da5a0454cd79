using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using VoiceKit.Batches;
using VoiceKit.Clusters;
using VoiceKit.Files;

namespace VoiceKit.Cli;

/// <summary>voicekit batch submit.</summary>
internal static class BatchSubmitCommand
{
    /// <summary>The folder of lists, scripts and logs, below the folder of the batch's state.</summary>
    private const string FolderName = "slurm";

    public static Command Create(CommandConsole console, DeviceCatalog devices)
    {
        var command = new Command(
            "submit",
            """
            Run a batch as a job array on a cluster; then a job joins the parts and verifies that every input has its whole output.

              voicekit batch submit analyze corpus/ -o features/ --slurm --shards 16 --time 2:00:00 --watch
            """
        );
        foreach (var verb in BatchVerb.All(console, devices))
            command.Subcommands.Add(Create(console, verb));
        return command;
    }

    private static Command Create(CommandConsole console, BatchVerb verb)
    {
        var (inputs, running, cluster) = (new BatchInputOptions(), new BatchRunOptions(), new SlurmChoices());
        var watch = new Option<bool>("--watch")
        {
            Description = "Follow the jobs to their end, then verify here too: the exit code is that of verify.",
        };
        var interval = new Option<int>("--interval")
        {
            Description = "How often --watch asks Slurm, in seconds.",
            DefaultValueFactory = _ => 10,
        }.AcceptFrom(1, 3600);
        var json = SharedOptions.Json();
        var command = new Command(
            verb.Name,
            $"""
            Submit "voicekit batch {verb.Name}" as a job array. Lists, scripts and logs are in
            DIR/{BatchFolder.StateName}/{FolderName}; the numbers of the jobs are printed on standard output.
            To go on after whatever happened, submit the same line again.

              voicekit batch submit {verb.Name} corpus/ -o DIR --slurm --shards 16 --cpus 4 --mem 4G --max-parallel 8
            """
        );
        inputs.AddTo(command);
        foreach (var option in (Option[])[.. verb.Options, .. running.ForTasks, .. cluster.All, watch, interval, json])
            command.Options.Add(option);
        command.SetAction(result =>
        {
            var (count, options) = (cluster.Shards(result), cluster.Parse(result));
            using var task = verb.Task(result);
            var (array, single) = Prepare(
                console,
                inputs,
                result,
                task,
                count,
                options,
                [.. ProgramWords.Typed(result, verb.Options.Concat(running.ForTasks))]
            );
            var client = new SlurmClient();
            var id = client.Submit(array);
            var after = SubmitAfter(console, client, single, id);
            Print(console, id, after, result.GetValue(json));
            if (!result.GetValue(watch))
                return ExitCode.Done;
            SlurmProgress.Follow(
                console,
                new SlurmWatch(client, options.JobName),
                id,
                count,
                after,
                TimeSpan.FromSeconds(result.GetValue(interval))
            );

            // The verifying job may have been lost with the controller's memory, and its end proves nothing.
            BatchMergeCommand.Run(console, inputs.Output(result));
            return BatchVerifyCommand.Run(
                console,
                inputs.Output(result),
                Environment.ProcessorCount,
                isQuick: false,
                result.GetValue(json)
            );
        });
        return command;
    }

    /// <summary>Writes lists and scripts while nobody else is at work in the folder, and returns the paths of the two scripts.</summary>
    private static (string Array, string Single) Prepare(
        CommandConsole console,
        BatchInputOptions inputs,
        ParseResult result,
        BatchTask task,
        int count,
        SlurmOptions options,
        string[] typed
    )
    {
        using var folder = BatchFolder.Open(inputs.Output(result), Shard.Whole);
        var home = Path.Combine(folder.Path, BatchFolder.StateName, FolderName);
        var words = Words(folder.Path, home, task, count, options, typed);
        var (array, single) = (Path.Combine(home, "array.sh"), Path.Combine(home, "verify.sh"));
        string[][] ending =
        [
            [.. ProgramWords.Start(), "batch", "merge", folder.Path],
            [.. ProgramWords.Start(), "batch", "verify", folder.Path, Jobs(options)],
        ];
        try
        {
            var here = Environment.CurrentDirectory;
            Write(folder, array, SlurmScript.RenderArray(words, count, here, home, options));
            Write(folder, single, SlurmScript.RenderSingle(ending, here, home, options with { Gres = null }));
        }
        catch (ArgumentException exception)
        {
            throw new UsageException(exception.PlainMessage());
        }

        if (ShardLists.Write(home, inputs.Items(result, console), folder, task, count) == 0)
            throw new BadFileException(inputs.Describe(result), null, "there is no audio file here");
        task.Description.Write(folder);
        return (array, single);
    }

    private static string[] Words(string output, string home, BatchTask task, int count, SlurmOptions options, string[] typed)
    {
        string[] words = [.. ProgramWords.Start(), "batch", task.Verb, home, output, .. typed];
        if (Array.Find(words, word => word.Contains(SlurmScript.TaskNumber, StringComparison.Ordinal)) is { } odd)
            throw new UsageException($"{odd}: the character U+FDD0 cannot be used here");
        var list = ShardLists.PathOf(home, SlurmScript.TaskNumber, count);
        var jobs = Array.Exists(typed, word => word.StartsWith("--jobs=", StringComparison.Ordinal)) ? [] : new[] { Jobs(options) };
        var shard = string.Create(CultureInfo.InvariantCulture, $"--shard={SlurmScript.TaskNumber}/{count}");
        return [.. ProgramWords.Start(), "batch", task.Verb, list, $"--output={output}", .. typed, .. jobs, shard];
    }

    /// <summary>A task gets the processors that it asked for; a cluster's default is one, however many the node has.</summary>
    private static string Jobs(SlurmOptions options) => string.Create(CultureInfo.InvariantCulture, $"--jobs={options.CpusPerTask ?? 1}");

    private static void Write(BatchFolder folder, string path, string script) =>
        folder.WriteState(path, stream => stream.Write(Encoding.UTF8.GetBytes(script)));

    private static long SubmitAfter(CommandConsole console, SlurmClient client, string script, long array)
    {
        try
        {
            return client.Submit(script, array);
        }
        catch (SlurmException)
        {
            console.Say(
                $"the array has been submitted as job {array}, and the job that verifies has not: run voicekit batch merge and "
                    + $"batch verify when it has ended"
            );
            throw;
        }
    }

    private static void Print(CommandConsole console, long array, long verify, bool asJson) =>
        console.Output.WriteLine(
            asJson
                ? JsonSerializer.Serialize(
                    new
                    {
                        schema = 1,
                        array,
                        verify,
                    }
                )
                : string.Create(CultureInfo.InvariantCulture, $"array {array}\nverify {verify}")
        );
}

/// <summary>Shows how far jobs on a cluster are.</summary>
internal static class SlurmProgress
{
    /// <summary>Follows an array and the job after it until both have left the queue.</summary>
    public static void Follow(CommandConsole console, SlurmWatch watch, long array, int taskCount, long after, TimeSpan interval)
    {
        string? trouble = null;
        try
        {
            foreach (var status in watch.Follow(array, taskCount, after, interval, console.Cancellation))
            {
                if (status.Trouble is not null && status.Trouble != trouble)
                    console.Warn(status.Trouble);
                trouble = status.Trouble;
                console.Progress(Describe(status), (double)(taskCount - status.Pending - status.Running) / taskCount);
            }
        }
        catch (OperationCanceledException)
        {
            console.Say($"the jobs {array} and {after} go on; scancel ends them");
            throw;
        }
    }

    private static string Describe(SlurmStatus status) =>
        $"{status.Pending} tasks waiting, {status.Running} running, {status.Completed} "
        + $"ended{Count(status.Failed, "failed")}{Count(status.Unknown, "unknown to Slurm")}; verifying: "
        + $"{status.After?.State.ToLowerInvariant() ?? "unknown to Slurm"}";

    private static string Count(int count, string what) => count == 0 ? "" : $", {count} {what}";
}
