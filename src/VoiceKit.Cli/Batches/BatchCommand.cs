using System.CommandLine;
using System.Globalization;
using VoiceKit.Batches;
using VoiceKit.Files;

namespace VoiceKit.Cli;

/// <summary>voicekit batch.</summary>
internal static class BatchCommand
{
    private const int FailuresShown = 20;

    public static Command Create(CommandConsole console, DeviceCatalog devices)
    {
        var command = new Command(
            "batch",
            """
            Process whole corpora: in parallel, in parts, and again after an interruption, doing exactly what is missing.

              voicekit batch analyze corpus/ -o features/      run it again after whatever happened: it goes on
              voicekit batch status features/
              voicekit batch verify features/                  every input has one whole output?
            """
        );
        foreach (var verb in BatchVerb.All(console, devices))
            command.Subcommands.Add(Create(console, verb));
        command.Subcommands.Add(BatchMergeCommand.Create(console));
        command.Subcommands.Add(BatchVerifyCommand.Create(console));
        command.Subcommands.Add(BatchStatusCommand.Create(console));
        command.Subcommands.Add(BatchSubmitCommand.Create(console, devices));
        return command;
    }

    /// <summary>The command that runs a verb over many inputs.</summary>
    public static Command Create(CommandConsole console, BatchVerb verb)
    {
        var (inputs, running) = (new BatchInputOptions(), new BatchRunOptions());
        var command = new Command(verb.Name, verb.Description);
        inputs.AddTo(command);
        foreach (var option in verb.Options.Concat(running.All))
            command.Options.Add(option);
        command.SetAction(result =>
        {
            using var task = verb.Task(result);
            var shard = running.Shard(result, console);
            var source = inputs.Items(result, console);
            if (running.IsDryRun(result))
                return BatchDryRun.Run(console, source, inputs.Output(result), task, shard);
            console.IsResumable = true;
            using var folder = BatchFolder.Open(inputs.Output(result), shard);
            var items = BatchItems.Write(folder, source, task);
            if (items.Count == 0 && shard.IsWhole)
                throw new BadFileException(inputs.Describe(result), null, "there is no audio file here");
            return Run(console, folder, items, task, running.Parse(result));
        });
        return command;
    }

    private static int Run(CommandConsole console, BatchFolder folder, BatchItems items, BatchTask task, BatchOptions options)
    {
        var shown = 0;
        var events = RunWords.Events(console) with
        {
            Failed = reason =>
            {
                if (Interlocked.Increment(ref shown) <= FailuresShown)
                    console.Say($"failed: {reason}");
            },
        };
        var end = BatchRunner.Run(folder, items, task, options, events, console.Cancellation);
        if (shown > FailuresShown)
            console.Say($"and {shown - FailuresShown} more failures");
        console.Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{end.Total} items: {end.Done} done, {end.Skipped} as they were{RunWords.Failures(end.Failed)}{Warnings(end.Warned)}; "
                    + $"{RunWords.Duration(TimeSpan.FromSeconds(end.AudioSeconds))} of sound in "
                    + $"{RunWords.Duration(end.Elapsed)} ({end.Throughput:F0} x real time)"
            )
        );
        if (end.Failed > 0)
            console.Say($"what failed and why: {folder.FailedPath}");
        return end.Failed == 0 ? ExitCode.Done : ExitCode.SomeFailed;
    }

    private static string Warnings(long count) =>
        count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" ({count} with warnings, in the journal)");
}
