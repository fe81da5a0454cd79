using System.CommandLine;
using VoiceKit.Clusters;

namespace VoiceKit.Cli;

/// <summary>voicekit train-worker: what voicekit train starts on other machines. Not in the list of verbs.</summary>
internal static class TrainWorkerCommand
{
    public const string Name = "train-worker";

    public static Command Create(CommandConsole console)
    {
        var folder = new Argument<string>("FOLDER") { Description = "The folder that voicekit train --pool was given." };
        var command = new Command(Name, """
            Help a training until it is over; start as many as there are machines.

              voicekit train-worker /shared/pool
            """) { folder };
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
