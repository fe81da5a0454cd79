using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using VoiceKit.Batches;
using VoiceKit.Files;

namespace VoiceKit.Cli;

/// <summary>voicekit batch status.</summary>
internal static class BatchStatusCommand
{
    public static Command Create(CommandConsole console)
    {
        var path = new Argument<string>("DIR") { Description = "The folder that the batch writes to." };
        var failed = new Option<bool>("--failed") { Description = "List what failed and why." };
        var json = SharedOptions.Json();
        var command = new Command(
            "status",
            """
            Say how far a batch is, by its journals; it may be running at the time.

              voicekit batch status features/
            """
        )
        {
            path,
            failed,
            json,
        };
        command.SetAction(result =>
        {
            var failures = new List<JournalEntry>();
            var status = BatchStatus.Read(result.GetRequiredValue(path), failures.Add);
            if (result.GetValue(json))
                console.Output.WriteLine(JsonSerializer.Serialize(Describe(status, failures), SharedOptions.Indented));
            else
                Print(console, status, result.GetValue(failed) ? failures : []);
            return ExitCode.Done;
        });
        return command;
    }

    private static object Describe(BatchStatus status, List<JournalEntry> failures) =>
        new
        {
            schema = 1,
            verb = status.Description.Verb,
            items = status.Parts.Sum(part => part.Items),
            done = status.Parts.Sum(part => part.Done),
            failed = status.Parts.Sum(part => part.Failed),
            audio_s = Math.Round(status.Parts.Sum(part => part.AudioSeconds), 3),
            parts = status.Parts.Select(part => new
            {
                part = $"{part.Shard.Index}/{part.Shard.Count}",
                items = part.Items,
                done = part.Done,
                failed = part.Failed,
                running = part.IsRunning,
                last_finished = part.LastFinished,
            }),
            failures = failures.Select(entry => new
            {
                item = entry.Id,
                input = entry.Input,
                reason = entry.Reason,
            }),
        };

    private static void Print(CommandConsole console, BatchStatus status, List<JournalEntry> failures)
    {
        var culture = CultureInfo.InvariantCulture;
        console.Output.WriteLine($"{"part",-12} {"items",9} {"done",9} {"failed",7} {"left",9} {"hours",8}  ");
        foreach (var part in status.Parts)
        {
            console.Output.WriteLine(
                string.Create(
                    culture,
                    $"{$"{part.Shard.Index}/{part.Shard.Count}",-12} {part.Items,9} {part.Done,9} {part.Failed,7} "
                        + $"{part.Items - part.Done - part.Failed,9} {part.AudioSeconds / 3600,8:F2}  {State(part)}"
                )
            );
        }

        if (status.Parts.Count > 1)
        {
            var (items, done, failed) = (
                status.Parts.Sum(part => part.Items),
                status.Parts.Sum(part => part.Done),
                status.Parts.Sum(part => part.Failed)
            );
            console.Output.WriteLine(
                string.Create(
                    culture,
                    $"{"all",-12} {items,9} {done,9} {failed,7} {items - done - failed,9} "
                        + $"{status.Parts.Sum(part => part.AudioSeconds) / 3600,8:F2}"
                )
            );
        }

        foreach (var entry in failures)
            console.Output.WriteLine($"{BadFileException.OnOneLine(entry.Id)}\t{BadFileException.OnOneLine(entry.Reason ?? "failed")}");
    }

    private static string State(BatchPart part) =>
        part.IsRunning ? "running"
        : part.Done + part.Failed == part.Items ? "ended"
        : part.LastFinished is { } last
            ? string.Create(CultureInfo.InvariantCulture, $"stopped, last item at {last:yyyy-MM-dd HH:mm:ss} UTC")
        : "not started";
}
