using System.CommandLine;
using System.Diagnostics;
using System.Runtime.InteropServices;
using VoiceKit.Batches;
using VoiceKit.Clusters;
using VoiceKit.Devices;
using VoiceKit.Files;

namespace VoiceKit.Cli;

/// <summary>The exception for a command line that parses but makes no sense.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>The exception where another run is making the same file.</summary>
internal sealed class OutputBusyException(string message) : Exception(message);

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

        // A terminal that is closed ends the work as SIGTERM does, unless nohup asked for the contrary.
        using var hangUp = HangUp.IsIgnored
            ? null
            : PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => Cancel(context, ExitCode.Terminated));
        using var console = new CommandConsole(output, error, cancellation.Token);
        var root = Root(console, devices);
        StrictArguments.ApplyTo(root);
        var result = root.Parse(SharedOptions.JoinRanges(args), Parser);
        if (UsageComplaint.Of(result, args) is { } complaint)
        {
            console.Complain(complaint);
            return ExitCode.Usage;
        }

        var verbose = result.GetValue(SharedOptions.Verbose);
        console.IsVerbose = verbose;
        try
        {
            return result.Invoke(
                new InvocationConfiguration
                {
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = null,
                    Output = output,
                    Error = error,
                }
            );
        }
        catch (Exception exception) when (cancellation.IsCancellationRequested && IsCancellation(exception))
        {
            console.Complain(
                console.IsResumable ? "stopped; run the same line again to go on" : "stopped; no unfinished file was left behind"
            );
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
    internal static (int Code, string Message) Judge(Exception exception) =>
        exception switch
        {
            AggregateException { InnerExceptions.Count: > 0 } aggregate => Judge(aggregate.InnerExceptions[0]),
            UsageException or BatchConflictException => (ExitCode.Usage, exception.Message),
            BatchIncompleteException => (ExitCode.SomeFailed, exception.Message),
            BatchBusyException or OutputBusyException or PoolInUseException or SlurmUnavailableException => (
                ExitCode.RunAgain,
                exception.Message
            ),
            SlurmException => (ExitCode.InputOutput, exception.Message),
            BadFileException or UnusableDataException => (ExitCode.BadInput, exception.Message),
            DeviceException => (ExitCode.Device, exception.Message),
            ModelVersionException => (ExitCode.Version, exception.Message),
            FileNotFoundException or DirectoryNotFoundException => (ExitCode.InputOutput, exception.Message),
            IOException or UnauthorizedAccessException => (ExitCode.InputOutput, $"cannot read or write: {exception.Message}"),
            _ => (ExitCode.Bug, $"this is a bug, please report it with the output of -v: {exception.GetType().Name}: {exception.Message}"),
        };

    /// <summary>Determines whether an exception comes of a cancelled token; parallel loops wrap it, once for every thread.</summary>
    private static bool IsCancellation(Exception exception) =>
        exception is OperationCanceledException
        || (exception is AggregateException aggregate && aggregate.Flatten().InnerExceptions.Any(IsCancellation));

    /// <summary>All verbs.</summary>
    internal static RootCommand Root(CommandConsole console, DeviceCatalog devices)
    {
        var root = new RootCommand(
            """
            VoiceKit: analyse, resynthesise and convert voices.

              voicekit demo                                                   hear a conversion with what ships
              voicekit train --source anna/ --target ben/ -o ben.safetensors   learn from the same sentences by two speakers
              voicekit convert -m ben.safetensors new.wav -o new-as-ben.wav    convert a new sentence
            """
        );
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
        root.Subcommands.Add(CompletionCommand.Create(console));
        root.Subcommands.Add(ManCommand.Create(console));
        return root;
    }
}

/// <summary>The program's exit codes.</summary>
internal static class ExitCode
{
    /// <summary>All is done.</summary>
    public const int Done = 0;

    /// <summary>Several items were asked for, and some failed.</summary>
    public const int SomeFailed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The input cannot be used.</summary>
    public const int BadInput = 3;

    /// <summary>Something cannot be read or written.</summary>
    public const int InputOutput = 4;

    /// <summary>The model or file format is of another version.</summary>
    public const int Version = 5;

    /// <summary>The device is not there, has too little memory, or fails.</summary>
    public const int Device = 6;

    /// <summary>A bug of VoiceKit's.</summary>
    public const int Bug = 70;

    /// <summary>Nothing is wrong; run the same line again to go on.</summary>
    public const int RunAgain = 75;

    /// <summary>Interrupted by SIGINT.</summary>
    public const int Interrupted = 130;

    /// <summary>Ended by SIGTERM.</summary>
    public const int Terminated = 143;
}
