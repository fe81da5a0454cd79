using System.CommandLine;
using System.Text.Json;
using VoiceKit.Batches;
using VoiceKit.Files;

namespace VoiceKit.Cli;

/// <summary>voicekit batch verify.</summary>
internal static class BatchVerifyCommand
{
    public static Command Create(CommandConsole console)
    {
        var path = new Argument<string>("DIR") { Description = "The folder that the batch wrote to." };
        var quick = new Option<bool>("--quick")
        {
            Description = "Trust outputs whose size and time are as they were written, instead of reading them.",
        };
        var (json, jobs) = (SharedOptions.Json(), SharedOptions.Jobs());
        var command = new Command(
            "verify",
            """
            Prove that every input of a batch has one whole output, made from the input as it is now.
            What has none is listed on standard output; exit code 1 then.

              voicekit batch verify features/
            """
        )
        {
            path,
            quick,
            json,
            jobs,
        };
        command.SetAction(result =>
            Run(console, result.GetRequiredValue(path), result.GetValue(jobs), result.GetValue(quick), result.GetValue(json))
        );
        return command;
    }

    public static int Run(CommandConsole console, string output, int jobs, bool isQuick, bool asJson)
    {
        var problems = new List<(string Item, string Input, string Reason)>();
        var report = BatchVerification.Run(
            output,
            jobs,
            isQuick,
            (item, reason) =>
            {
                lock (problems)
                    problems.Add((item.Id, item.Path, reason));
            },
            console.ProgressOf("verifying"),
            console.Cancellation
        );
        problems.Sort((a, b) => string.CompareOrdinal(a.Item, b.Item));
        Print(console, report, problems, asJson);
        return report.IsComplete ? ExitCode.Done : ExitCode.SomeFailed;
    }

    private static void Print(
        CommandConsole console,
        VerificationReport report,
        List<(string Item, string Input, string Reason)> problems,
        bool asJson
    )
    {
        if (asJson)
        {
            console.Output.WriteLine(
                JsonSerializer.Serialize(
                    new
                    {
                        schema = 1,
                        items = report.Items,
                        whole = report.Whole,
                        strays = report.Strays,
                        problems = problems.Select(problem => new
                        {
                            item = problem.Item,
                            input = problem.Input,
                            reason = problem.Reason,
                        }),
                    },
                    SharedOptions.Indented
                )
            );
            return;
        }

        foreach (var (item, _, reason) in problems)
            console.Output.WriteLine($"{BadFileException.OnOneLine(item)}\t{BadFileException.OnOneLine(reason)}");
        console.Say(
            $"{report.Whole} of {report.Items} inputs have their whole "
                + $"output{(report.Strays > 0 ? $"; {report.Strays} files in the folder belong to no input" : "")}"
        );
    }
}
