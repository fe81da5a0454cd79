using System.Diagnostics;
using System.Globalization;
using VoiceKit.Numerics;

namespace VoiceKit.Cli;

/// <summary>The streams of a verb: data on the output, everything for people on the error stream. Safe across threads.</summary>
internal sealed class CommandConsole(TextWriter output, TextWriter error, CancellationToken cancellation) : IDisposable
{
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan FirstEstimate = TimeSpan.FromSeconds(2);
    private const double OutOfOrder = 0.1;
    private readonly Lock gate = new();
    private readonly Stopwatch sinceProgress = new();
    private readonly TerminalProgress? terminal =
        ReferenceEquals(error, StandardStreams.Error) && StandardStreams.IsErrorTerminal ? new TerminalProgress() : null;
    private (long Time, double Fraction)? started;
    private double last;

    /// <summary>Data.</summary>
    public TextWriter Output { get; } = output;

    /// <summary>Gets or sets whether the verb goes on where it was when the same line is run again.</summary>
    public bool IsResumable { get; set; }

    /// <summary>Gets or sets whether figures for specialists are shown (-v).</summary>
    public bool IsVerbose { get; set; }

    /// <summary>Cancelled by the first SIGINT, SIGTERM or SIGHUP.</summary>
    public CancellationToken Cancellation { get; } = cancellation;

    /// <summary>Says something to the person at the terminal.</summary>
    public void Say(string text)
    {
        lock (gate)
        {
            terminal?.Clear();
            error.WriteLine(text);
        }
    }

    /// <summary>Says something that only a specialist asks for.</summary>
    public void SayDetail(string text)
    {
        if (IsVerbose)
            Say("  " + text);
    }

    /// <summary>Says why the program ends, on one line whatever the text holds.</summary>
    public void Complain(string text) =>
        Say($"voicekit: {string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}");

    /// <summary>Warns; the work goes on.</summary>
    public void Warn(string text) => Say($"warning: {text}");

    /// <summary>
    /// Shows how far the work is, with the time left: on a terminal one line that moves, else a plain line every few seconds. Ends the work
    /// after a signal.
    /// </summary>
    /// <param name="stage">What is being done.</param>
    /// <param name="fraction">The part of the whole that is done, 0 .. 1.</param>
    /// <param name="tellsTime">Whether the stage itself says how long it will take.</param>
    public void Progress(string stage, double fraction, bool tellsTime = false)
    {
        Cancellation.ThrowIfCancellationRequested();
        Show(stage, fraction, tellsTime);
    }

    /// <summary>A receiver of fractions that shows them as the progress of a stage, as <see cref="Progress"/> does.</summary>
    /// <param name="stage">What is being done.</param>
    public IProgress<double> ProgressOf(string stage) => new SynchronousProgress<double>(fraction => Progress(stage, fraction));

    /// <summary>As <see cref="Progress"/>, for work that looks for signals itself.</summary>
    /// <param name="stage">What is being done.</param>
    /// <param name="fraction">The part of the whole that is done, 0 .. 1.</param>
    /// <param name="tellsTime">Whether the stage itself says how long it will take.</param>
    public void Show(string stage, double fraction, bool tellsTime = false)
    {
        lock (gate)
        {
            if (terminal is null && sinceProgress.IsRunning && sinceProgress.Elapsed < PlainInterval)
                return;
            sinceProgress.Restart();
            var words = tellsTime ? stage : stage + TimeLeft(fraction);
            if (terminal is null)
                error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{100 * Math.Clamp(fraction, 0, 1),4:F0} % {words}"));
            else
                terminal.Show(words, fraction);
        }
    }

    /// <summary>Takes the progress line away.</summary>
    public void Dispose() => terminal?.Dispose();

    /// <summary>The estimated time left, in words; empty before there is one.</summary>
    private string TimeLeft(double fraction)
    {
        // Parallel work reports a little out of order; more than that is the next part of the work.
        var isNext = fraction < last - OutOfOrder;
        last = fraction;
        if (started is not var (time, first) || isNext)
        {
            started = (Stopwatch.GetTimestamp(), fraction);
            return "";
        }

        var elapsed = Stopwatch.GetElapsedTime(time);
        return elapsed < FirstEstimate || fraction - first < 0.03 || fraction >= 1
            ? ""
            : $", about {Words(elapsed * ((1 - fraction) / (fraction - first)))} left";
    }

    private static string Words(TimeSpan time) =>
        time.TotalHours >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:F1} h")
        : time.TotalMinutes >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:F0} min")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, time.TotalSeconds):F0} s");
}
