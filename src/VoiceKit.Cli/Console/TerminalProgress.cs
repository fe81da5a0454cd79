using Spectre.Console;

namespace VoiceKit.Cli;

/// <summary>One line on the terminal's error stream that shows how far the work is.</summary>
internal sealed class TerminalProgress : IDisposable
{
    private readonly Lazy<IAnsiConsole> console = new(() =>
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) })
    );
    private ManualResetEventSlim? end;
    private Task? drawing;
    private ProgressTask? line;
    private bool isGone;

    /// <summary>Shows a stage and the share that is done.</summary>
    public void Show(string stage, double fraction)
    {
        if (line is null && !isGone)
            Start(Markup.Escape(stage));
        if (line is null)
            return;
        line.Description = Markup.Escape(stage);
        line.Value = Math.Clamp(fraction, 0, 1);
    }

    /// <summary>Takes the line away, so that other text can be written.</summary>
    public void Clear()
    {
        if (line is null)
            return;
        end!.Set();
        WaitForDrawing();
        end.Dispose();
        (end, line) = (null, null);
    }

    public void Dispose() => Clear();

    // Spectre.Console draws within a call: it runs beside the work until the line is taken away.
    private void Start(string stage)
    {
        end = new ManualResetEventSlim();
        var ready = new TaskCompletionSource<ProgressTask>(TaskCreationOptions.RunContinuationsAsynchronously);
        drawing = Task.Factory.StartNew(
            () =>
                console
                    .Value.Progress()
                    .AutoClear(true)
                    .Columns(
                        new ProgressBarColumn { Width = 24 },
                        new PercentageColumn(),
                        new TaskDescriptionColumn { Alignment = Justify.Left }
                    )
                    .Start(context =>
                    {
                        ready.SetResult(context.AddTask(stage, maxValue: 1));
                        end.Wait();
                    }),
            TaskCreationOptions.LongRunning
        );
        if (Task.WhenAny(ready.Task, drawing).GetAwaiter().GetResult() == ready.Task)
            line = ready.Task.Result;
        else
            WaitForDrawing();
    }

    /// <summary>
    /// Waits until nothing is drawn any more. A terminal that has gone away takes nothing: the work goes on without a line.
    /// </summary>
    private void WaitForDrawing()
    {
        try
        {
            drawing!.GetAwaiter().GetResult();
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            isGone = true;
        }
    }
}
