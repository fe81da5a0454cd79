using System.ComponentModel;
using System.Diagnostics;

namespace VoiceKit.Clusters;

/// <summary>Runs one of Slurm's programs: without a shell, in bounded time, with bounded output.</summary>
internal static class SlurmProgram
{
    private const int NoSuchFile = 2;
    private const int MostOutput = 1 << 29;

    /// <summary>What Slurm's programs say when the controller does not answer.</summary>
    private static readonly string[] Unavailable =
    [
        "Unable to contact slurm controller", "Socket timed out", "Zero Bytes were transmitted or received", "Connection refused", "Connection timed out",
        "controller in standby mode", "Communication connection failure", "Transport endpoint is not connected", "temporarily unable to accept job",
    ];

    /// <summary>Runs a program to its end and returns its standard output.</summary>
    /// <param name="program">The program, by its path or found on PATH.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="settings">Further environment variables.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <exception cref="SlurmUnavailableException">The controller does not answer.</exception>
    /// <exception cref="SlurmException">The program is not there, or says no.</exception>
    public static string Run(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> settings, TimeSpan timeout)
    {
        var name = Path.GetFileName(program);
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (key, value) in settings)
            start.Environment[key] = value;
        using var process = Start(start);
        process.StandardInput.Close();
        var output = ReadAsync(process.StandardOutput, name);
        var error = ReadAsync(process.StandardError, name);
        try
        {
            if (!process.WaitForExit(timeout) || !Task.WaitAll([output, error], timeout))
                throw new SlurmUnavailableException($"{name} did not end within {timeout.TotalSeconds:F0} s");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
            }
        }

        if (process.ExitCode == 0)
            return output.Result;
        throw Failure(name, error.Result.Trim() is { Length: > 0 } words ? words : $"it ended with exit code {process.ExitCode}");
    }

    /// <summary>The exception for what a program said.</summary>
    public static SlurmException Failure(string name, string words)
    {
        var sentence = $"{name}: {string.Join("; ", words.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))}";
        return Array.Exists(Unavailable, text => words.Contains(text, StringComparison.OrdinalIgnoreCase)) ? new SlurmUnavailableException(sentence) : new SlurmException(sentence);
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw new SlurmException(
                exception.NativeErrorCode == NoSuchFile
                    ? $"{start.FileName} is not installed or not on PATH: run this where Slurm's programs are, such as the cluster's login node"
                    : $"{start.FileName} cannot be started: {exception.Message}",
                exception);
        }
    }

    private static async Task<string> ReadAsync(StreamReader reader, string name)
    {
        var (text, buffer) = (new System.Text.StringBuilder(), new char[1 << 15]);
        for (int count; (count = await reader.ReadAsync(buffer).ConfigureAwait(false)) > 0;)
        {
            if (text.Length + count > MostOutput)
                throw new SlurmException($"{name} says more than {MostOutput >> 20} MiB");
            _ = text.Append(buffer, 0, count);
        }

        return text.ToString();
    }
}
