using System.CommandLine;
using VoiceKit.Clusters;
using VoiceKit.Files;
using VoiceKit.Mixtures;
using VoiceKit.Numerics;

namespace VoiceKit.Cli;

/// <summary>The options of voicekit train on sharing the work with other processes.</summary>
internal sealed class TrainingPoolOptions
{
    private readonly ClusterOptions cluster = new();

    private readonly Option<string?> folder = new("--pool")
    {
        Description =
            $"Share the work through this folder, which is made and removed, with every process 'voicekit "
            + $"{TrainWorkerCommand.Name} FOLDER' that sees it.",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(folder);
        cluster.AddTo(command);
    }

    /// <summary>Opens the pool that the options ask for; null for none.</summary>
    public TrainingPool? Open(ParseResult result, CommandConsole console, string output)
    {
        var (slurm, path) = (cluster.Slurm(result, "voicekit-train"), result.GetValue(folder));
        if (slurm is null && path is null)
            return cluster.Shards(result) is null
                ? null
                : throw new UsageException("--shards: say with whom to share, with --pool or --slurm");
        var options = new StatisticsPoolOptions();
        options = options with { Shards = cluster.Shards(result) ?? options.Shards };
        var pool = new StatisticsPool(path ?? output + ".pool", options, console.Warn, console.Cancellation);
        try
        {
            return new TrainingPool(
                console,
                pool,
                slurm is null
                    ? null
                    : new SlurmWorkers(
                        output + ".slurm",
                        [.. ProgramWords.Start(), TrainWorkerCommand.Name, pool.Folder],
                        options.Shards,
                        slurm,
                        console.Say
                    )
            );
        }
        catch (ArgumentException exception)
        {
            pool.Dispose();
            throw new UsageException(exception.PlainMessage());
        }
        catch
        {
            pool.Dispose();
            throw;
        }
    }
}

/// <summary>The pool of a training, and the jobs that bring it workers.</summary>
internal sealed class TrainingPool(CommandConsole console, StatisticsPool pool, SlurmWorkers? workers) : IDisposable
{
    /// <summary>Shares the frames of a fit; the first time is when workers are asked for.</summary>
    public IExpectationStep Share(Frames frames)
    {
        var step = pool.Share(frames);
        workers?.Submit();
        return step;
    }

    /// <summary>Ends the workers and removes what was shared.</summary>
    public void Dispose()
    {
        pool.Dispose();
        if (pool.BlocksGathered > 0)
            console.Say($"  workers collected {pool.BlocksFromWorkers} of {pool.BlocksGathered} blocks");
        if (workers is null)
            return;
        workers.KeepLogs = pool.BlocksGathered > 0 && pool.BlocksFromWorkers == 0;
        workers.Dispose();
        if (workers.KeepLogs)
            console.Say($"  no worker helped; {workers.Folder} says what they did");
    }
}

/// <summary>voicekit train-worker: what voicekit train starts on other machines. Not in the list of verbs.</summary>
internal static class TrainWorkerCommand
{
    public const string Name = "train-worker";

    public static Command Create(CommandConsole console)
    {
        var folder = new Argument<string>("FOLDER") { Description = "The folder that voicekit train --pool was given." };
        var command = new Command(
            Name,
            """
            Help a training until it is over; start as many as there are machines.

              voicekit train-worker /shared/pool
            """
        )
        {
            folder,
        };
        command.Hidden = true;
        command.SetAction(result =>
        {
            var path = result.GetRequiredValue(folder);
            if (StatisticsWorker.Run(path, console.Cancellation) == WorkerOutcome.Finished)
                return ExitCode.Done;
            console.Complain($"{path}: the training that this helped has died; run its line again");
            return ExitCode.RunAgain;
        });
        return command;
    }
}
