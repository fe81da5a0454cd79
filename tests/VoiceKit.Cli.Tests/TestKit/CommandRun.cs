using System.Diagnostics;
using VoiceKit.Cli;

namespace VoiceKit.Tests.TestKit;

/// <summary>What a run of the command line did.</summary>
/// <param name="Code">The exit code.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
internal sealed record CommandRun(int Code, string Output, string Error)
{
    /// <summary>The standard error, line by line.</summary>
    public string[] ErrorLines => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Runs in this process.</summary>
    public static CommandRun InProcess(params string[] args)
    {
        using StringWriter output = new(),
            error = new();
        var code = CommandLine.Run(args, output, TextWriter.Synchronized(error));
        return new CommandRun(code, output.ToString(), error.ToString());
    }

    /// <summary>Runs in this process with the devices of a catalog.</summary>
    public static CommandRun WithDevices(DeviceCatalog devices, params string[] args)
    {
        using StringWriter output = new(),
            error = new();
        var code = CommandLine.Run(args, output, TextWriter.Synchronized(error), devices);
        return new CommandRun(code, output.ToString(), error.ToString());
    }

    /// <summary>Fails with what the run said, unless it ended with <paramref name="code"/>.</summary>
    public CommandRun Ended(int code)
    {
        Assert.True(Code == code, $"Exit code {Code} instead of {code}. {Error}");
        return this;
    }

    /// <summary>Fails unless the run ended with <paramref name="code"/>, printed no data, and gave its reason on one line.</summary>
    public string Refused(int code)
    {
        Ended(code);
        Assert.Empty(Output);
        var line = Assert.Single(ErrorLines);
        Assert.StartsWith("voicekit: ", line, StringComparison.Ordinal);
        Assert.DoesNotContain("bug", line, StringComparison.Ordinal);
        return line;
    }

    /// <summary>Starts the program itself, with its streams redirected.</summary>
    public static Process Start(params string[] args) => Start(null, args);

    private static Process Start(string? shell, string[] args)
    {
        string[] program =
        [
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            Path.Combine(AppContext.BaseDirectory, "VoiceKit.Cli.dll"),
            .. args,
        ];
        string[] whole = shell is null ? program : ["/bin/sh", "-c", shell, "sh", .. program];
        return Process.Start(
            new ProcessStartInfo(whole[0], whole[1..])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
    }

    /// <summary>Runs the program itself: bytes in, bytes out.</summary>
    public static (int Code, byte[] Output, string Error) Program(byte[] input, params string[] args) => ProgramUnder(null, input, args);

    /// <summary>Runs the program under a shell command that ends in "$@", such as one that sets a limit.</summary>
    public static (int Code, byte[] Output, string Error) ProgramUnder(string? shell, byte[] input, params string[] args)
    {
        using var process = Start(shell, args);
        var error = process.StandardError.ReadToEndAsync();
        var feeding = Task.Run(() =>
        {
            try
            {
                process.StandardInput.BaseStream.Write(input);
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // The program ended without reading all of it.
            }
        });
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        Assert.True(process.WaitForExit(60_000), "The program did not end.");
        Assert.True(feeding.Wait(10_000));
        return (process.ExitCode, output.ToArray(), error.Result);
    }
}
