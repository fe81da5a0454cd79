using System.Diagnostics;

namespace VoiceKit.Cli;

/// <summary>Where a verb speaks: data on the output, everything for people on the error stream. Safe across threads.</summary>
internal sealed class CommandConsole(TextWriter output, TextWriter error, CancellationToken cancellation)
{
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(3);
    private readonly Lock gate = new();
    private readonly Stopwatch sinceProgress = new();
    private readonly bool isTerminal = ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected;
    private int progressWidth;

    /// <summary>Data.</summary>
    public TextWriter Output { get; } = output;

    /// <summary>Whether the verb goes on where it was when the same line is run again.</summary>
    public bool IsResumable { get; set; }

    /// <summary>Cancelled by the first SIGINT or SIGTERM.</summary>
    public CancellationToken Cancellation { get; } = cancellation;

    /// <summary>Says something to the person at the terminal.</summary>
    public void Say(string text)
    {
        lock (gate)
        {
            EndProgress();
            error.WriteLine(text);
        }
    }

    /// <summary>Says why the program ends, on one line whatever the text holds.</summary>
    public void Complain(string text) => Say($"voicekit: {string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}");

    /// <summary>Warns; the work goes on.</summary>
    public void Warn(string text) => Say($"warning: {text}");

    /// <summary>Shows how far the work is: on a terminal one line that changes, else a plain line every few seconds. Ends the work after a signal.</summary>
    public void Progress(string stage, double fraction)
    {
        Cancellation.ThrowIfCancellationRequested();
        lock (gate)
        {
            if (!isTerminal)
            {
                if (sinceProgress.IsRunning && sinceProgress.Elapsed < PlainInterval)
                    return;
                sinceProgress.Restart();
                error.WriteLine($"{fraction,4:P0} {stage}");
                return;
            }

            const int barWidth = 24;
            var filled = (int)(Math.Clamp(fraction, 0, 1) * barWidth);
            var line = $"[{new string('#', filled)}{new string('.', barWidth - filled)}] {fraction,4:P0} {stage}";
            error.Write("\r" + line.PadRight(progressWidth));
            progressWidth = line.Length;
        }
    }

    private void EndProgress()
    {
        if (progressWidth > 0)
            error.Write("\r" + new string(' ', progressWidth) + "\r");
        progressWidth = 0;
    }
}
