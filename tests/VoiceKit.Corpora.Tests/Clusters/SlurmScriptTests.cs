using VoiceKit.Clusters;

namespace VoiceKit.Tests.Clusters;

public class SlurmScriptTests
{
    [Fact]
    public void RenderArray_AllSettings_BecomeDirectives()
    {
        var script = SlurmScript.RenderArray(
            ["/bin/voicekit", "a"],
            16,
            "/work",
            "/logs",
            new SlurmOptions
            {
                JobName = "corpus",
                Partition = "long",
                Time = "1-12:00:00",
                Memory = "4G",
                Gres = "gpu:a100:1",
                CpusPerTask = 4,
                MaxParallel = 8,
            }
        );
        Assert.Equal(
            [
                "--job-name=corpus",
                "--array=1-16%8",
                "--output=\"/logs/slurm-%A_%a.log\"",
                "--open-mode=append",
                "--requeue",
                "--signal=B:TERM@30",
                "--partition=long",
                "--time=1-12:00:00",
                "--mem=4G",
                "--gres=gpu:a100:1",
                "--cpus-per-task=4",
            ],
            Directives(script)
        );
    }

    [Fact]
    public void RenderSingle_NoSettings_LeavesThemToTheCluster()
    {
        var script = SlurmScript.RenderSingle(
            [
                ["/bin/a"],
                ["/bin/b", "c d"],
            ],
            "/work",
            "/logs",
            new SlurmOptions()
        );
        Assert.Equal(
            ["--job-name=voicekit", "--output=\"/logs/slurm-%j.log\"", "--open-mode=append", "--requeue", "--signal=B:TERM@30"],
            Directives(script)
        );
        Assert.EndsWith("run /bin/a\nrun /bin/b 'c d'\n", script, StringComparison.Ordinal);
    }

    [Fact]
    public void RenderArray_TaskNumberWithinAWord_BecomesTheVariable()
    {
        var script = SlurmScript.RenderArray(
            ["/bin/a", $"it's {SlurmScript.TaskNumber}/3", SlurmScript.TaskNumber, ""],
            3,
            "/work",
            "/logs",
            new SlurmOptions()
        );
        Assert.EndsWith(
            """run /bin/a 'it'\''s '"$SLURM_ARRAY_TASK_ID"/3 "$SLURM_ARRAY_TASK_ID" ''""" + "\n",
            script,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("/a b/100%", "--output=\"/a b/100%%/slurm-%A_%a.log\"")]
    [InlineData("/say \"a\"", "--output=\"/say \\\"a\\\"/slurm-%A_%a.log\"")]
    public void RenderArray_AwkwardLogFolder_IsWrittenAsSlurmReadsIt(string folder, string expected) =>
        Assert.Contains(expected, Directives(SlurmScript.RenderArray(["/bin/a"], 1, "/", folder, new SlurmOptions())));

    [Theory]
    [InlineData("/a\nb")]
    [InlineData("/a\\b")]
    public void RenderArray_LogFolderThatSlurmCannotRead_IsRefused(string folder) =>
        Assert.Contains(
            "logs",
            Assert.Throws<ArgumentException>(() => SlurmScript.RenderArray(["/bin/a"], 1, "/", folder, new SlurmOptions())).Message,
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("a b")]
    [InlineData("a\n#SBATCH --uid=0")]
    [InlineData("")]
    [InlineData("'a'")]
    public void RenderArray_SettingThatIsNoWord_IsRefused(string value)
    {
        Assert.Throws<ArgumentException>(() => Render(new SlurmOptions { Partition = value }));
        Assert.Throws<ArgumentException>(() => Render(new SlurmOptions { JobName = value }));
        Assert.Throws<ArgumentException>(() => Render(new SlurmOptions { Time = value }));
    }

    [Fact]
    public void RenderArray_NumbersOutOfRange_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Render(new SlurmOptions { MaxParallel = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Render(new SlurmOptions { CpusPerTask = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Render(new SlurmOptions { Requeues = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => SlurmScript.RenderArray(["/bin/a"], 0, "/", "/", new SlurmOptions()));
    }

    private static string Render(SlurmOptions options) => SlurmScript.RenderArray(["/bin/a"], 2, "/", "/", options);

    private static string[] Directives(string script) =>
        [
            .. script
                .Split('\n')
                .Where(line => line.StartsWith("#SBATCH ", StringComparison.Ordinal))
                .Select(line => line["#SBATCH ".Length..]),
        ];
}
