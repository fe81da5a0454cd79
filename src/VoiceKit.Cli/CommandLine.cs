using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using System.Runtime.InteropServices;
using VoiceKit.Batches;
using VoiceKit.Clusters;
using VoiceKit.Compute;
using VoiceKit.Files;

namespace VoiceKit.Cli;

/// <summary>The exception for a command line that parses but makes no sense.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>The program: parses, runs one verb, and turns every outcome into an exit code and at most one line on standard error.</summary>
internal static class CommandLine
{
    private static readonly TimeSpan RepeatedSignal = TimeSpan.FromSeconds(1);
    private static readonly ParserConfiguration Parser = new() { ResponseFileTokenReplacer = null };

    /// <summary>Runs the program and returns its exit code.</summary>
    public static int Run(string[] args, TextWriter output, TextWriter error) => Run(args, output, error, DeviceCatalog.OfThisMachine());

    /// <summary>Runs the program with the devices of a catalog and returns its exit code.</summary>
    public static int Run(string[] args, TextWriter output, TextWriter error, DeviceCatalog devices)
    {
        using var cancellation = new CancellationTokenSource();
        var (signalled, firstSignal) = (ExitCode.Interrupted, 0L);
        void Cancel(PosixSignalContext context, int code)
        {
            // The first signal ends the work in order, and a later one the process. Schedulers send the first twice within moments.
            context.Cancel = !cancellation.IsCancellationRequested || Stopwatch.GetElapsedTime(firstSignal) < RepeatedSignal;
            if (cancellation.IsCancellationRequested)
                return;
            (signalled, firstSignal) = (code, Stopwatch.GetTimestamp());
            cancellation.Cancel();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Cancel(context, ExitCode.Interrupted));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Cancel(context, ExitCode.Terminated));
        var console = new CommandConsole(output, error, cancellation.Token);
        var result = Root(console, devices).Parse(args, Parser);
        if (result.Errors.Count > 0)
        {
            var verb = result.CommandResult.Command is RootCommand ? "" : result.CommandResult.Command.Name + " ";
            console.Complain($"{string.Join("; ", result.Errors.Select(parseError => parseError.Message.TrimEnd('.')))} (voicekit {verb}--help shows how)");
            return ExitCode.Usage;
        }

        if (UnknownOption(result) is { } option)
        {
            console.Complain($"Unrecognized option '{option}' (voicekit {result.CommandResult.Command.Name} --help shows how; a file of this name is ./{option})");
            return ExitCode.Usage;
        }

        if (args.Contains(""))
        {
            console.Complain("an argument is empty: is a variable of the shell not set?");
            return ExitCode.Usage;
        }

        var verbose = result.GetValue(SharedOptions.Verbose);
        try
        {
            return result.Invoke(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = output,
                Error = error,
            });
        }
        catch (Exception exception) when (cancellation.IsCancellationRequested && IsCancellation(exception))
        {
            console.Complain(console.IsResumable ? "stopped; run the same line again to go on" : "stopped; no unfinished file was left behind");
            return console.IsResumable && signalled == ExitCode.Terminated ? ExitCode.RunAgain : signalled;
        }
        catch (Exception exception)
        {
            var (code, message) = Judge(exception);
            console.Complain(message);
            if (verbose)
                error.WriteLine(exception.ToString());
            return code;
        }
    }

    /// <summary>The exit code and the line for an exception. Parallel loops wrap theirs: the first inner one counts.</summary>
    internal static (int Code, string Message) Judge(Exception exception) => exception switch
    {
        AggregateException { InnerExceptions.Count: > 0 } aggregate => Judge(aggregate.InnerExceptions[0]),
        UsageException or BatchConflictException => (ExitCode.Usage, exception.Message),
        BatchIncompleteException => (ExitCode.SomeFailed, exception.Message),
        BatchBusyException or PoolInUseException or SlurmUnavailableException => (ExitCode.RunAgain, exception.Message),
        SlurmException => (ExitCode.InputOutput, exception.Message),
        BadFileException => (ExitCode.BadInput, exception.Message),
        DeviceException => (ExitCode.Device, exception.Message),
#if GPU
        ILGPU.Runtime.AcceleratorException => (ExitCode.Device, $"the device fails: {exception.Message}; voicekit devices tests it, --device cpu does without it"),
#endif
        ModelVersionException => (ExitCode.Version, exception.Message),
        FileNotFoundException or DirectoryNotFoundException => (ExitCode.InputOutput, exception.Message),
        IOException or UnauthorizedAccessException => (ExitCode.InputOutput, $"cannot read or write: {exception.Message}"),
        ArgumentException or ArithmeticException => (ExitCode.BadInput, exception.Message.Split(" (Parameter '")[0]),
        _ => (ExitCode.Bug, $"this is a bug, please report it with the output of -v: {exception.GetType().Name}: {exception.Message}"),
    };

    /// <summary>The first thing that looks like an option and was taken for a value: a verb of many inputs takes a misspelt option for one. After -- everything is a value.</summary>
    private static string? UnknownOption(ParseResult result) => result.Tokens
        .TakeWhile(token => token.Type != TokenType.DoubleDash)
        .FirstOrDefault(token => token.Type == TokenType.Argument && token.Value.Length > 1 && token.Value[0] == '-' && (token.Value[1] == '-' || char.IsAsciiLetter(token.Value[1])))?.Value;

    /// <summary>Whether an exception comes of a cancelled token; parallel loops wrap it, once for every thread.</summary>
    private static bool IsCancellation(Exception exception) =>
        exception is OperationCanceledException || (exception is AggregateException aggregate && aggregate.Flatten().InnerExceptions.Any(IsCancellation));

    private static RootCommand Root(CommandConsole console, DeviceCatalog devices)
    {
        var root = new RootCommand("""
            VoiceKit: analyse, resynthesise and convert voices.

              voicekit demo                                                   hear a conversion with what ships
              voicekit train --source anna/ --target ben/ -o ben.safetensors   learn from the same sentences by two speakers
              voicekit convert -m ben.safetensors new.wav -o new-as-ben.wav    convert a new sentence
            """);
        root.Options.Add(SharedOptions.Verbose);
        root.Subcommands.Add(DemoCommand.Create(console));
        root.Subcommands.Add(AnalyzeCommand.Create(console));
        root.Subcommands.Add(SynthesizeCommand.Create(console));
        root.Subcommands.Add(TrainCommand.Create(console, devices));
        root.Subcommands.Add(TrainWorkerCommand.Create(console));
        root.Subcommands.Add(ConvertCommand.Create(console));
        root.Subcommands.Add(EvaluateCommand.Create(console));
        root.Subcommands.Add(InfoCommand.Create(console));
        root.Subcommands.Add(MusicCommand.Create(console, devices));
        root.Subcommands.Add(CorpusCommand.Create(console));
        root.Subcommands.Add(BatchCommand.Create(console, devices));
        root.Subcommands.Add(DevicesCommand.Create(console, devices));
        return root;
    }
}
