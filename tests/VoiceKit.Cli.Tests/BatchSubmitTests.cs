using System.Globalization;
using VoiceKit.Cli;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Cli;

/// <summary>voicekit batch submit, as far as it goes without a cluster.</summary>
[Collection("Command line")]
public class BatchSubmitTests
{
    [Fact]
    public void Submit_NoScheduler_IsAUsageError()
    {
        using var batch = new BatchScratch("a.wav");
        Assert.Contains(
            "--slurm",
            CommandRun.InProcess("batch", "submit", "analyze", batch.Input, "-o", batch.Output, "--shards", "2").Refused(2),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "--shards",
            CommandRun.InProcess("batch", "submit", "analyze", batch.Input, "-o", batch.Output, "--slurm").Refused(2),
            StringComparison.Ordinal
        );
        Assert.False(Directory.Exists(batch.Output));
    }

    [Fact]
    public void Submit_NoRecordings_IsSaidBeforeAnythingIsSubmitted()
    {
        using var batch = new BatchScratch();
        Assert.Contains(
            "no audio file",
            CommandRun.InProcess("batch", "submit", "analyze", batch.Input, "-o", batch.Output, "--slurm", "--shards", "2").Refused(3),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Submit_TwoInputsOfOneOutput_IsRefusedBeforeAnythingIsSubmitted()
    {
        using var batch = new BatchScratch("a.wav", "a.WAV");
        Assert.Contains(
            "both",
            CommandRun.InProcess("batch", "submit", "analyze", batch.Input, "-o", batch.Output, "--slurm", "--shards", "2").Refused(2),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Submit_OddSetting_IsRefused()
    {
        using var batch = new BatchScratch("a.wav");
        Assert.Contains(
            "Partition",
            CommandRun
                .InProcess("batch", "submit", "analyze", batch.Input, "-o", batch.Output, "--slurm", "--shards", "2", "--partition", "a b")
                .Refused(2),
            StringComparison.Ordinal
        );
    }

    [LinuxFact]
    public void Submit_NoSlurmHere_SaysWhatToDo()
    {
        using var batch = new BatchScratch("a.wav");
        string[] line = ["batch", "submit", "analyze", batch.Input, "-o", batch.Output, "--slurm", "--shards", "2"];
        var (code, output, error) = CommandRun.ProgramUnder("PATH=/nowhere; DOTNET_ROOT=$(dirname \"$1\"); exec \"$@\"", [], line);
        Assert.Equal((4, 0), (code, output.Length));
        Assert.Contains("sbatch is not installed", error, StringComparison.Ordinal);
    }

    [LinuxFact]
    public void Submit_OptionsAndPlaces_AreInTheScripts()
    {
        using var batch = new BatchScratch("a.wav", "b.wav", "it's c.wav");
        using var programs = new ScratchFolder();
        programs.Program("sbatch", $"echo \"$@\" >> {programs["said"]}; wc -l < {programs["said"]}");
        var (code, output, error) = CommandRun.ProgramUnder(
            $"PATH={programs.Path}:$PATH; exec \"$@\"",
            [],
            [
                "batch",
                "submit",
                "analyze",
                batch.Input,
                "-o",
                batch["out put"],
                "--slurm",
                "--shards",
                "2",
                "--f0-method",
                "dio",
                "--time",
                "1:00:00",
                "--cpus",
                "3",
                "--retry-failed",
                "--json",
            ]
        );
        Assert.True(code == 0, error);
        Assert.Equal("{\"schema\":1,\"array\":1,\"verify\":2}\n", System.Text.Encoding.UTF8.GetString(output));
        var home = batch["out put/.voicekit/slurm"];
        Assert.Equal(
            [$"--parsable {home}/array.sh", $"--parsable --dependency=afterany:1 {home}/verify.sh"],
            File.ReadAllLines(programs["said"])
        );
        var script = File.ReadAllText(Path.Combine(home, "array.sh"));
        Assert.Contains("#SBATCH --time=1:00:00\n#SBATCH --cpus-per-task=3\n", script, StringComparison.Ordinal);
        Assert.EndsWith(
            string.Create(
                CultureInfo.InvariantCulture,
                $" batch analyze '{home}/items-'\"$SLURM_ARRAY_TASK_ID\"-of-2.jsonl '--output={batch["out put"]}' --f0-method=dio "
                    + $"--retry-failed --jobs=3 --shard=\"$SLURM_ARRAY_TASK_ID\"/2\n"
            ),
            script,
            StringComparison.Ordinal
        );
        Assert.Equal(3, Enumerable.Range(1, 2).Sum(part => File.ReadAllLines(Path.Combine(home, $"items-{part}-of-2.jsonl")).Length));
        Assert.Empty(batch.Leftovers);
    }

    [Fact]
    public void ProgramWords_OfThisProgram_AreFilesThatAreThere() =>
        Assert.All(ProgramWords.Start(), word => Assert.True(File.Exists(word), word));
}
