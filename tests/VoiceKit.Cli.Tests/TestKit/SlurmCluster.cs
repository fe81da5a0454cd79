using System.Diagnostics;
using System.Globalization;
using VoiceKit.Tests.Architecture;

namespace VoiceKit.Tests.TestKit;

/// <summary>The tests that use the cluster, one after the other.</summary>
[CollectionDefinition("Slurm")]
public sealed class SlurmCollectionFixture : ICollectionFixture<SlurmCluster>;

/// <summary>
/// Three virtual nodes of Slurm on this machine, from the first use until the last test has ended. Programs that tests start find it by
/// SLURM_CONF.
/// </summary>
public sealed class SlurmCluster : IDisposable
{
    private readonly ScratchFolder folder = new();
    private readonly string? before = Environment.GetEnvironmentVariable("SLURM_CONF");

    /// <summary>Brings the cluster up, if it can be.</summary>
    public SlurmCluster()
    {
        if (SlurmFactAttribute.Obstacle is not null)
            return;
        Environment.SetEnvironmentVariable("SLURM_CONF", Configuration);
        try
        {
            Tool("slurm-up.sh");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private string Home => folder["cluster"];

    private string Configuration => Path.Combine(Home, "slurm.conf");

    /// <summary>Ends a node as a power cut would: its daemon and all processes of its jobs at once.</summary>
    public void KillNode(string node)
    {
        Kill(DaemonOf($"slurmd-{node}"));
        foreach (var job in Directory.EnumerateDirectories(Path.Combine(Home, "spool", node), "job*"))
        {
            var number = int.Parse(Path.GetFileName(job)["job".Length..], CultureInfo.InvariantCulture);
            Run(
                "/bin/bash",
                "-c",
                $"for step in $(pgrep -f '^slurmstepd: \\[{number}\\.'); do if grep -qzxF 'SLURM_CONF={Configuration}' "
                    + $"/proc/$step/environ; then pkill -9 --session $(ps -o sid= -p $step); fi; done; true"
            );
        }
    }

    /// <summary>Starts a node's daemon again.</summary>
    public void StartNode(string node) => Run("slurmd", "-N", node, "-f", Configuration);

    /// <summary>Ends the controller as a power cut would.</summary>
    public void KillController() => Kill(DaemonOf("slurmctld"));

    /// <summary>Starts the controller again with the state that it left.</summary>
    public void StartController() => Run("slurmctld", "-f", Configuration);

    /// <summary>
    /// Does what an admin does after the controller has lost its memory: it starts tasks again beside themselves, which the nodes refuse;
    /// the nodes drain, and the tasks are held.
    /// </summary>
    public static void Repair() =>
        Run(
            "/bin/bash",
            "-c",
            """
            for node in vk1 vk2 vk3; do scontrol update NodeName=$node State=RESUME 2>/dev/null; done
            squeue --noheader --states=PENDING --format='%A %r' | while read -r job reason; do case $reason in *held*) scontrol release "$job" ;; esac; done
            true
            """
        );

    /// <summary>Ends all jobs and waits until the nodes are idle.</summary>
    public static void Clear()
    {
        Repair();
        Run("/bin/bash", "-c", "scancel --state=PENDING --user=root; scancel --user=root; true");
        Await("an empty queue", () => Run("squeue", "--noheader").Length == 0);
        Repair();
    }

    /// <summary>
    /// Waits until nothing is at work on a node: a controller that was killed may have forgotten what it started, and the queue does not
    /// show it then.
    /// </summary>
    public void AwaitIdleNodes() =>
        Await(
            "an end of the steps on the nodes",
            () =>
                Run(
                    "/bin/bash",
                    "-c",
                    $"for step in $(pgrep -f '^slurmstepd: \\['); do if grep -qzxF 'SLURM_CONF={Configuration}' "
                        + $"/proc/$step/environ; then echo $step; fi; done; true"
                ).Length == 0
        );

    /// <summary>
    /// Brings the cluster up anew: numbers that a controller has forgotten and given again would make nodes drain in the tests to come.
    /// </summary>
    public void Renew()
    {
        Tool("slurm-down.sh", "--purge");
        Tool("slurm-up.sh");
    }

    /// <summary>Runs one of Slurm's programs and returns what it prints.</summary>
    public static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true }
        )!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();

        // A daemon may keep the streams.
        Assert.True(process.WaitForExit(90_000), $"{program} did not end.");
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: exit code {process.ExitCode}");
        return output.Wait(2000) ? output.Result : "";
    }

    /// <summary>Waits until something is so, and fails with what the queue says after a minute and a half.</summary>
    public static void Await(string what, Func<bool> condition)
    {
        for (var clock = Stopwatch.StartNew(); !condition(); Thread.Sleep(100))
            Assert.True(
                clock.Elapsed < TimeSpan.FromSeconds(90),
                $"{what} did not come. {Run("squeue", "--states=all")}{Run("sinfo", "-N", "-l")}"
            );
    }

    /// <summary>Takes the cluster down; nothing of it stays.</summary>
    public void Dispose()
    {
        try
        {
            if (Directory.Exists(Home))
                Tool("slurm-down.sh", "--purge");
        }
        finally
        {
            Environment.SetEnvironmentVariable("SLURM_CONF", before);
            folder.Dispose();
        }
    }

    private void Tool(string name, params string[] arguments) =>
        Run("/usr/bin/env", [$"VK_SLURM_DIR={Home}", "bash", Path.Combine(SourceFiles.Root, "tools", name), .. arguments]);

    private int DaemonOf(string name) =>
        int.Parse(File.ReadAllText(Path.Combine(Home, "pids", name + ".pid")), CultureInfo.InvariantCulture);

    private static void Kill(int process)
    {
        using var daemon = Process.GetProcessById(process);
        daemon.Kill();
        Assert.True(daemon.WaitForExit(10_000));
    }
}
