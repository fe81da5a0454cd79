using System.Buffers;
using System.Globalization;
using System.Text;

namespace VoiceKit.Clusters;

/// <summary>
/// Renders scripts for sbatch, for people to read and to submit again by hand: for an array of tasks that run one command line each, and
/// for a job that runs some after it. A command ends with 0 (done), 75 (ended early, would go on where it was) or another code (failed).
/// </summary>
/// <remarks>
/// What the scripts do, and what Slurm 22.05 was seen to do:
/// <list type="bullet">
/// <item>Asked to end (30 s before the time limit, at preemption, by "scancel --signal=TERM --batch"), Slurm signals the script alone. It
/// hands the signal to the command once; bash's wait returns early then and is called again. If the answer is still that of the signal, the
/// command counts as ended early.</item>
/// <item>After 75 the script calls "scontrol requeue" for its own task, named ARRAY_TASK: the last task of an array has the array's own
/// number as SLURM_JOB_ID, and requeueing that starts every task again, also those at work. The requeued task waits for about the cluster's
/// cred_expire (two minutes by default) first.</item>
/// <item>A cluster may requeue tasks that exit with 75 by itself (RequeueExit=75). Both together requeue once. Past the bound the script
/// therefore ends with 1, never with 75.</item>
/// <item>The script requeues only what Slurm shows as RUNNING, or as COMPLETING for its time limit: "scontrol requeue" would also bring
/// back a task that a person has cancelled. A task that Slurm is requeueing already (by an admin, after a node was lost) is left
/// alone.</item>
/// <item>A controller that does not answer is asked again for five minutes. If it never does, 75 is the exit code, which some clusters act
/// upon.</item>
/// <item>The number of turns is SLURM_RESTART_COUNT; turns after a lost node or a preemption count too.</item>
/// </list>
/// </remarks>
internal static class SlurmScript
{
    /// <summary>
    /// Stands for the task's number within a word of an array's command line. It is a Unicode noncharacter, which no file's name should
    /// have.
    /// </summary>
    public const string TaskNumber = "\uFDD0";

    private const string TaskVariable = "\"$SLURM_ARRAY_TASK_ID\"";

    /// <summary>Renders the script of an array with tasks 1 .. <paramref name="taskCount"/>.</summary>
    /// <param name="command">The program's full path and its words; <see cref="TaskNumber"/> in a word becomes the task's number.</param>
    /// <param name="taskCount">The number of tasks.</param>
    /// <param name="workingFolder">The folder that the command runs in.</param>
    /// <param name="logFolder">The folder for the tasks' logs, slurm-ARRAY_TASK.log; each task's turns go into one file.</param>
    /// <param name="options">The resources of the tasks.</param>
    /// <exception cref="ArgumentException">A setting cannot be handed to Slurm, or the name of the log folder holds a line break or a
    /// backslash.</exception>
    public static string RenderArray(
        IReadOnlyList<string> command,
        int taskCount,
        string workingFolder,
        string logFolder,
        SlurmOptions options
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(taskCount, 1);
        var most = options.MaxParallel is { } count ? Invariant($"%{RequirePositive(count, nameof(options.MaxParallel))}") : "";
        return Render(
            Invariant($"# Task I of {taskCount} works on part I. To run one again alone: sbatch --array=I THIS_FILE"),
            [Invariant($"--array=1-{taskCount}{most}"), LogOption(logFolder, "%A_%a")],
            [command],
            workingFolder,
            isArray: true,
            options
        );
    }

    /// <summary>Renders the script of a single job; that it comes after an array is said when it is submitted.</summary>
    /// <param name="commands">The command lines; one that fails ends the job.</param>
    /// <param name="workingFolder">The folder that the commands run in.</param>
    /// <param name="logFolder">The folder for the job's log, slurm-JOB.log.</param>
    /// <param name="options">What the job asks for.</param>
    /// <exception cref="ArgumentException">As for <see cref="RenderArray"/>.</exception>
    public static string RenderSingle(
        IReadOnlyList<IReadOnlyList<string>> commands,
        string workingFolder,
        string logFolder,
        SlurmOptions options
    )
    {
        ArgumentNullException.ThrowIfNull(commands);
        ArgumentNullException.ThrowIfNull(options);
        return Render("# One job of its own.", [LogOption(logFolder, "%j")], commands, workingFolder, isArray: false, options);
    }

    private static string Render(
        string purpose,
        string[] placement,
        IReadOnlyList<IReadOnlyList<string>> commands,
        string workingFolder,
        bool isArray,
        SlurmOptions options
    )
    {
        var script = new StringBuilder("#!/bin/bash\n# Written by voicekit.\n").Append(purpose).Append('\n');
        string?[] directives =
        [
            "--job-name=" + Require(options.JobName, nameof(options.JobName)),
            .. placement,
            "--open-mode=append",
            "--requeue",
            "--signal=B:TERM@30",
            Setting("--partition", options.Partition, nameof(options.Partition)),
            Setting("--time", options.Time, nameof(options.Time)),
            Setting("--mem", options.Memory, nameof(options.Memory)),
            Setting("--gres", options.Gres, nameof(options.Gres)),
            options.CpusPerTask is { } count ? Invariant($"--cpus-per-task={RequirePositive(count, nameof(options.CpusPerTask))}") : null,
        ];
        foreach (var directive in directives.OfType<string>())
            _ = script.Append("#SBATCH ").Append(directive).Append('\n');
        ArgumentOutOfRangeException.ThrowIfNegative(options.Requeues);
        _ = script
            .Append('\n')
            .Append(SlurmScriptBody.Text(isArray, options.Requeues))
            .Append("\ncd ")
            .Append(ShellWord.Quote(Path.GetFullPath(workingFolder)))
            .Append(" || exit 4\n");
        foreach (var command in commands)
            _ = script.Append("run ").AppendJoin(" ", command.Select(Word)).Append('\n');
        return script.ToString();
    }

    private static string Word(string word) =>
        string.Join(TaskVariable, word.Split(TaskNumber).Select(part => part.Length == 0 && word.Length > 0 ? "" : ShellWord.Quote(part)));

    /// <summary>
    /// In the name, % starts a symbol of Slurm's and is doubled; a backslash would switch all symbols off, and a line break ends the
    /// setting.
    /// </summary>
    private static string LogOption(string folder, string symbols)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var path = Path.GetFullPath(folder);
        if (path.Any(char.IsControl) || path.Contains('\\', StringComparison.Ordinal))
            throw new ArgumentException(
                "Slurm cannot write its logs into a folder with a line break, another control character or a backslash in its name.",
                nameof(folder)
            );
        var quoted = path.Replace("%", "%%", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        return $"--output=\"{quoted}/slurm-{symbols}.log\"";
    }

    private static string? Setting(string option, string? value, string name) => value is null ? null : $"{option}={Require(value, name)}";

    private static string Require(string value, string name)
    {
        if (value.Length == 0 || value.Any(character => character is <= ' ' or >= '\x7f' or '"' or '\'' or '\\' or '#'))
            throw new ArgumentException(
                $"{name} '{value}' cannot be handed to Slurm: give it without blanks, quotes and special characters.",
                name
            );
        return value;
    }

    private static int RequirePositive(int value, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, name);
        return value;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The part of the scripts that is the same in all: how a command is run, asked to end, and put back into the queue.</summary>
internal static class SlurmScriptBody
{
    /// <summary>The text, which defines the function "run".</summary>
    /// <param name="isArray">Whether it is for the tasks of an array.</param>
    /// <param name="requeues">How often a task is put back.</param>
    public static string Text(bool isArray, int requeues) =>
        Template
            .Replace("@TASK@", isArray ? ArrayTask : SingleTask, StringComparison.Ordinal)
            .Replace("@REQUEUES@", requeues.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private const string ArrayTask = """
        # SLURM_JOB_ID of an array's last task is that of the whole array.
        task=${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID
        """;

    private const string SingleTask = "task=$SLURM_JOB_ID";

    private const string Template = """
        @TASK@
        turn=${SLURM_RESTART_COUNT:-0}

        say() { echo "$(date '+%F %T') task $task on ${SLURMD_NODENAME:-$HOSTNAME}, turn $((turn + 1)): $*" >&2; }

        # The first TERM goes to the command, so that it can end in order; further ones would end it at once.
        child=
        stopped=
        trap 'trap "" TERM; stopped=1; [ -z "$child" ] || kill -TERM "$child" 2>/dev/null' TERM

        # Runs a command line; ends the script unless the command ends with 0.
        run() {
            [ -z "$stopped" ] || put_back
            "$@" &
            child=$!
            [ -z "$stopped" ] || kill -TERM "$child" 2>/dev/null
            wait "$child"
            code=$?
            # A signal ends wait, not the command.
            if [ -n "$stopped" ] && [ "$code" -gt 128 ]; then
                wait "$child"
                code=$?
                [ "$code" -le 128 ] || code=75
            fi
            child=
            [ "$code" -ne 75 ] || put_back
            [ "$code" -eq 0 ] || { say "ended with exit code $code"; exit "$code"; }
        }

        # Puts this task back into the queue, to go on where it was, and ends the script.
        put_back() {
            if [ "$turn" -ge @REQUEUES@ ]; then
                say "ended early $((turn + 1)) times; giving up. Submit it again to go on where it was."
                exit 1
            fi
            for attempt in {1..60}; do
                if state=$(squeue --noheader --jobs="$task" --format='%T %r') && [ -n "$state" ]; then
                    case $state in
                        RUNNING*|"COMPLETING TimeLimit")
                            if scontrol requeue "$task"; then
                                say "ended early; back in the queue to go on where it was"
                                exit 75
                            fi ;;
                        *)
                            say "ended early; Slurm is ending this task ($state), so it is not put back from here"
                            exit 143 ;;
                    esac
                fi
                [ "$attempt" -eq 60 ] || sleep 5
            done
            say "ended early, and could not be put back into the queue"
            exit 75
        }

        """;
}

/// <summary>The resources that a job asks Slurm for. A null is left to the cluster's defaults.</summary>
/// <remarks>The values are handed to Slurm as they are, in its own notation; one with blanks, quotes or control characters is refused when
/// a script is rendered.</remarks>
internal sealed record SlurmOptions
{
    /// <summary>Gets or sets the job's name in the queue.</summary>
    public string JobName { get; init; } = "voicekit";

    /// <summary>Gets or sets the partition, such as "long".</summary>
    public string? Partition { get; init; }

    /// <summary>
    /// Gets or sets the time limit of one task, such as "2:00:00" or "1-12:00:00". A task that meets it is asked to end 30 s before, and
    /// goes on in another turn.
    /// </summary>
    public string? Time { get; init; }

    /// <summary>Gets or sets the memory of a node that a task gets, such as "4G".</summary>
    public string? Memory { get; init; }

    /// <summary>Other resources, such as "gpu:1".</summary>
    public string? Gres { get; init; }

    /// <summary>Gets or sets the processors of one task, 1 or more.</summary>
    public int? CpusPerTask { get; init; }

    /// <summary>Gets or sets how many tasks of an array may run at the same time, 1 or more; null for no bound.</summary>
    public int? MaxParallel { get; init; }

    /// <summary>
    /// Gets or sets how often a task that ended early (exit code 75) is put back into the queue before it gives up, 0 or more.
    /// </summary>
    public int Requeues { get; init; } = 5;
}

/// <summary>Writes words so that bash reads them back as they are.</summary>
internal static class ShellWord
{
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./:=,+@%"
    );

    /// <summary>The word, in single quotes unless it needs none.</summary>
    /// <exception cref="ArgumentException">It holds a NUL character, which no argument of a program can.</exception>
    public static string Quote(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        if (word.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException("A word of a command line cannot hold a NUL character.", nameof(word));
        return word.Length > 0 && !word.AsSpan().ContainsAnyExcept(Plain)
            ? word
            : "'" + word.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
    }
}
