using System.CommandLine;
using VoiceKit.Batches;

namespace VoiceKit.Cli;

/// <summary>voicekit batch merge.</summary>
internal static class BatchMergeCommand
{
    public static Command Create(CommandConsole console)
    {
        var path = new Argument<string>("DIR") { Description = "The folder that the batch wrote to." };
        var command = new Command(
            "merge",
            """
            Join the journals of a batch that was run in parts.

              voicekit batch merge features/ && voicekit batch verify features/
            """
        )
        {
            path,
        };
        command.SetAction(result => Run(console, result.GetRequiredValue(path)));
        return command;
    }

    public static int Run(CommandConsole console, string output)
    {
        _ = BatchDescription.Read(output);
        using var folder = BatchFolder.Open(output, Shard.Whole);
        console.Say($"{BatchMerge.Run(folder)} items are in {folder.JournalPath}");
        return ExitCode.Done;
    }
}
