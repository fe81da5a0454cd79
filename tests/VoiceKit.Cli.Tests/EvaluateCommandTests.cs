using System.Text.Json;
using VoiceKit.Audio;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Cli;

[Collection("Command line")]
public class EvaluateCommandTests
{
    [Fact]
    public void Evaluate_FoldersOfTwoRates_AreComparedAtOneAndItIsSaid()
    {
        using var folder = new VoiceFolder();
        string[] names = ["026", "027", "028"];
        folder.Corpus("a", TrainedVoice.SourceFolder, names);
        folder.Corpus("b", TrainedVoice.TargetFolder, names);
        Directory.CreateDirectory(folder["b48"]);
        foreach (var name in names)
            WaveFile.Write(
                folder[$"b48/{name}.wav"],
                Resampler.Resample(WaveFile.Read(folder[$"b/{name}.wav"]).Waveform, 48000),
                WaveEncoding.Float32
            );
        var (same, other) = (Distortion("a", "b", out var quiet), Distortion("a", "b48", out var said));
        Assert.Equal(same, other, 0.25);
        Assert.Contains("16000 and 48000 Hz: compared at 14400 Hz", said, StringComparison.Ordinal);
        Assert.DoesNotContain("compared at", quiet, StringComparison.Ordinal);

        double Distortion(string converted, string target, out string words)
        {
            var run = CommandRun.InProcess("evaluate", "--converted", folder[converted], "--target", folder[target], "--json").Ended(0);
            words = run.Error;
            return JsonDocument
                .Parse(run.Output)
                .RootElement.GetProperty("mcd_db")
                .GetProperty("converted")
                .GetProperty("mean")
                .GetDouble();
        }
    }

    [Fact]
    public void Evaluate_SilentRecording_IsLeftOutOfTheMeanAndSaid()
    {
        using var folder = new VoiceFolder();
        folder.Corpus("a", TrainedVoice.SourceFolder, "026", "027");
        folder.Corpus("b", TrainedVoice.TargetFolder, "026", "027", "028");
        WaveFile.Write(folder["a/028.wav"], new Waveform(new double[48000], 16000));
        var run = CommandRun.InProcess("evaluate", "--converted", folder["a"], "--target", folder["b"], "--json").Ended(0);
        var root = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal(2, root.GetProperty("utterances").GetProperty("converted").GetArrayLength());
        Assert.StartsWith(
            "028: left out",
            Assert.Single(root.GetProperty("left_out").EnumerateArray()).GetString(),
            StringComparison.Ordinal
        );
        Assert.Contains("warning: 028: left out", run.Error, StringComparison.Ordinal);
        var table = CommandRun.InProcess("evaluate", "--converted", folder["a"], "--target", folder["b"]).Ended(0).Output;
        Assert.All(
            (string[])["MCD  ", "log F0 RMSE  ", "F0 corr.  ", "V/UV error  ", "GV ratio  "],
            column => Assert.Contains(table.Split('\n'), line => line.StartsWith(column, StringComparison.Ordinal))
        );

        folder.Corpus("c", TrainedVoice.TargetFolder, "028");
        Directory.CreateDirectory(folder["d"]);
        File.Copy(folder["a/028.wav"], folder["d/028.wav"]);
        Assert.Contains(
            "nothing to score",
            CommandRun.InProcess("evaluate", "--converted", folder["d"], "--target", folder["c"]).Ended(3).ErrorLines[^1],
            StringComparison.Ordinal
        );
    }
}
