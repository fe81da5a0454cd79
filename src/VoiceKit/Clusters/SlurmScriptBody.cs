using System.Globalization;

namespace VoiceKit.Clusters;

/// <summary>The part of the scripts that is the same in all: how a command is run, asked to end, and put back into the queue.</summary>
internal static class SlurmScriptBody
{
    /// <summary>The text, which defines the function "run".</summary>
    /// <param name="isArray">Whether it is for the tasks of an array.</param>
    /// <param name="requeues">How often a task is put back.</param>
    public static string Text(bool isArray, int requeues) => Template
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
