using System.Diagnostics;
using VoiceKit.Clusters;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Clusters;

/// <summary>The scripts, run by bash, with stand-ins for squeue and scontrol.</summary>
public sealed class SlurmScriptRunTests : IDisposable
{
    private readonly ScratchFolder folder = new();

    public void Dispose() => folder.Dispose();

    [LinuxFact]
    public void Run_CommandsThatSucceed_RunInOrderInTheFolder()
    {
        var program = folder.Program("program", "echo \"$PWD $*\" >> " + ShellWord.Quote(folder["said"]));
        Directory.CreateDirectory(folder["it's here"]);
        var script = SlurmScript.RenderSingle(
            [
                [program, "a b"],
                [program, "c\nd", "-n"],
            ],
            folder["it's here"],
            folder.Path,
            new SlurmOptions()
        );
        Assert.Equal(0, Execute(script).Code);
        Assert.Equal($"{folder["it's here"]} a b\n{folder["it's here"]} c\nd -n\n", File.ReadAllText(folder["said"]));
    }

    [LinuxFact]
    public void Run_CommandThatFails_EndsTheScriptWithItsCode()
    {
        var script = SlurmScript.RenderSingle(
            [
                [folder.Program("program", "exit 3")],
                [folder.Program("next", $"touch {folder["next-ran"]}")],
            ],
            "/",
            folder.Path,
            new SlurmOptions()
        );
        var (code, error) = Execute(script);
        Assert.Equal(3, code);
        Assert.Contains("exit code 3", error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["next-ran"]));
    }

    [LinuxFact]
    public void Run_Code75WhileRunning_RequeuesThisTaskAlone()
    {
        Assert.Equal(75, ExecuteArray("exit 75", "RUNNING None").Code);
        Assert.Equal("requeue 40_7\n", File.ReadAllText(folder["scontrol-said"]));
    }

    [LinuxFact]
    public void Run_Code75AtTheTimeLimit_Requeues()
    {
        Assert.Equal(75, ExecuteArray("exit 75", "COMPLETING TimeLimit").Code);
        Assert.True(File.Exists(folder["scontrol-said"]));
    }

    [LinuxFact]
    public void Run_Code75OfACancelledTask_DoesNotBringItBack()
    {
        Assert.Equal(143, ExecuteArray("exit 75", "COMPLETING None").Code);
        Assert.False(File.Exists(folder["scontrol-said"]));
    }

    [LinuxFact]
    public void Run_Code75OnceTooOften_GivesUpWith1()
    {
        Assert.Equal(75, ExecuteArray("exit 75", "RUNNING None", turns: 1).Code);
        File.Delete(folder["scontrol-said"]);
        var (code, error) = ExecuteArray("exit 75", "RUNNING None", turns: 2);
        Assert.Equal(1, code);
        Assert.Contains("giving up", error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["scontrol-said"]));
    }

    [LinuxFact]
    public void Run_SignalToTheScript_ReachesTheCommandOnceAndItsCodeCounts()
    {
        var program = folder.Program(
            "program",
            $"trap 'echo TERM >> {folder["signals"]}; sleep 0.2; exit 75' TERM; touch {folder["started"]}; for i in {{1..300}}; "
                + $"do sleep 0.1; done"
        );
        Assert.Equal(75, Execute(Script(program), "RUNNING None", signals: 3).Code);
        Assert.Equal("TERM\n", File.ReadAllText(folder["signals"]));
        Assert.True(File.Exists(folder["scontrol-said"]));
    }

    [LinuxFact]
    public void Run_SignalToACommandThatDiesOfIt_CountsAsEndedEarly()
    {
        var program = folder.Program("program", $"touch {folder["started"]}; exec sleep 30");
        Assert.Equal(75, Execute(Script(program), "RUNNING None", signals: 1).Code);
    }

    [LinuxFact]
    public void Run_SignalToACommandThatFinishes_IsDone()
    {
        var program = folder.Program(
            "program",
            $"trap 'sleep 0.2; exit 0' TERM; touch {folder["started"]}; for i in {{1..300}}; do sleep 0.1; done"
        );
        Assert.Equal(0, Execute(Script(program), "RUNNING None", signals: 1).Code);
        Assert.False(File.Exists(folder["scontrol-said"]));
    }

    private static string Script(string program) => SlurmScript.RenderArray([program], 9, "/", "/tmp", new SlurmOptions { Requeues = 2 });

    private (int Code, string Error) ExecuteArray(string body, string state, int turns = 0) =>
        Execute(Script(folder.Program("program", body)), state, turns);

    private (int Code, string Error) Execute(string script, string state = "RUNNING None", int turns = 0, int signals = 0)
    {
        folder.Program("squeue", $"[ \"$2\" = --jobs=40_7 ] && echo '{state}'");
        folder.Program("scontrol", $"echo \"$@\" >> {folder["scontrol-said"]}");
        File.Delete(folder["started"]);
        File.WriteAllText(folder["script"], script);
        var start = new ProcessStartInfo("/bin/bash", [folder["script"]]) { RedirectStandardError = true };
        start.Environment["PATH"] = $"{folder.Path}:{start.Environment["PATH"]}";
        start.Environment["SLURM_JOB_ID"] = "40";
        start.Environment["SLURM_ARRAY_JOB_ID"] = "40";
        start.Environment["SLURM_ARRAY_TASK_ID"] = "7";
        start.Environment["SLURM_RESTART_COUNT"] = turns > 0 ? turns.ToString(System.Globalization.CultureInfo.InvariantCulture) : null;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        for (var clock = Stopwatch.StartNew(); signals > 0 && !File.Exists(folder["started"]) && clock.Elapsed < TimeSpan.FromSeconds(20);)
            Thread.Sleep(20);
        for (var i = 0; i < signals; i++)
        {
            Process.Start("/bin/kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]).WaitForExit();
            Thread.Sleep(20);
        }

        Assert.True(process.WaitForExit(30_000), "The script did not end.");
        return (process.ExitCode, error.Result);
    }
}
