using System.Text.Json;
using VoiceKit.Audio;
using VoiceKit.Features;
using VoiceKit.Synthesis;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Cli;

[Collection("Command line")]
public class WorkflowTests
{
    [Fact]
    public void TrainConvertEvaluate_EndToEnd_Works()
    {
        using var folder = new VoiceFolder();
        string[] training = ["001", "002", "003", "004", "005"];
        var (source, target) = (
            folder.Corpus("s", TrainedVoice.SourceFolder, [.. training, "010"]),
            folder.Corpus("t", TrainedVoice.TargetFolder, [.. training, "011"])
        );
        string[] train =
        [
            "train",
            "--source",
            source,
            "--target",
            target,
            "--mixtures",
            "2",
            "--passes",
            "2",
            "--iterations",
            "2",
            "--f0-method",
            "dio",
            "-o",
        ];
        var run = CommandRun.InProcess([.. train, folder["m1"]]).Ended(0);
        Assert.Empty(run.Output);
        Assert.Contains(
            run.ErrorLines,
            line =>
                line.StartsWith("warning: ", StringComparison.Ordinal) && line.Contains("without a partner: 010", StringComparison.Ordinal)
        );
        Assert.Contains(
            run.ErrorLines,
            line =>
                line.StartsWith("warning: ", StringComparison.Ordinal) && line.Contains("without a partner: 011", StringComparison.Ordinal)
        );
        Assert.Contains(": 5 sentences, ", run.Error, StringComparison.Ordinal);

        CommandRun.InProcess([.. train, folder["m2"]]).Ended(0);
        Assert.Equal(File.ReadAllBytes(folder["m1"]), File.ReadAllBytes(folder["m2"]));

        var heldOut = folder.Corpus("held-out", TrainedVoice.SourceFolder, "026", "027");
        CommandRun.InProcess("convert", heldOut, "-m", folder["m1"], "-o", folder["converted"]).Ended(0);
        folder.Corpus("wanted", TrainedVoice.TargetFolder, "026", "027");
        var evaluate = CommandRun
            .InProcess(
                "evaluate",
                "-m",
                folder["m1"],
                "--source",
                heldOut,
                "--target",
                folder["wanted"],
                "--json",
                "--csv",
                folder["scores.csv"]
            )
            .Ended(0);
        using var scores = JsonDocument.Parse(evaluate.Output);
        double Mean(string method) => scores.RootElement.GetProperty("mcd_db").GetProperty(method).GetProperty("mean").GetDouble();
        Assert.True(Mean("trajectory") < Mean("unconverted") - 3, evaluate.Output);
        Assert.True(Mean("frame") < Mean("unconverted") - 3, evaluate.Output);
        Assert.True(scores.RootElement.GetProperty("mcd_db").GetProperty("trajectory_gv").GetProperty("ci95").GetDouble() > 0);
        var lines = File.ReadAllLines(folder["scores.csv"]);
        Assert.Equal(
            "method,utterance,mcd_db,log_f0_rmse,log_f0_correlation,voicing_error,modulation_distance_db,band_level_error_db",
            lines[0]
        );
        Assert.Equal(1 + (7 * 2), lines.Length);

        var recordings = CommandRun.InProcess("evaluate", "--converted", folder["converted"], "--target", folder["wanted"]).Ended(0);
        Assert.Contains("converted", recordings.Output, StringComparison.Ordinal);
        Assert.Contains("2 utterances", recordings.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Convert_Refine_TakesWhatIsNamed()
    {
        using var folder = new VoiceFolder();
        var speech = folder.Speech("a.wav");
        byte[] Convert(string name, params string[] options)
        {
            CommandRun.InProcess(["convert", speech, "-m", folder.Model, "-o", folder[name], .. options]).Ended(0);
            return File.ReadAllBytes(folder[name]);
        }

        var all = Convert("all.wav");
        Assert.Equal(all, Convert("named.wav", "--refine", "detail,movement,levels,pauses"));
        Assert.Equal(Convert("none.wav", "--refine", "none"), Convert("none2.wav", "--refine", "none"));
        Assert.NotEqual(all, Convert("none3.wav", "--refine", "none"));
        Assert.NotEqual(all, Convert("some.wav", "--refine", "detail,pauses"));
        Assert.Contains(
            "'shine' is none of all, none, detail",
            CommandRun.InProcess("convert", speech, "-m", folder.Model, "-o", folder["o.wav"], "--refine", "detail,shine").Refused(2),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Convert_SynthesisAuto_SaysInOneLineWhatItTakes()
    {
        using var folder = new VoiceFolder();
        string[] line = ["convert", folder.Speech("a.wav"), "-m", folder.Model, "-o", folder["o.wav"]];
        Assert.Matches(@"^F0 x 0\.\d\d: a vocoder made the sound", CommandRun.InProcess(line).Ended(0).ErrorLines[^1]);
        Assert.Matches(
            @"^F0 x \d\.\d\d: the recording's own waveform was changed",
            CommandRun.InProcess([.. line, "--transpose", "8"]).Ended(0).ErrorLines[^1]
        );
        Assert.DoesNotContain("F0 x", CommandRun.InProcess([.. line, "--synthesis", "filter"]).Ended(0).Error, StringComparison.Ordinal);
        Assert.DoesNotContain("F0 x", CommandRun.InProcess([.. line, "--differential"]).Ended(0).Error, StringComparison.Ordinal);
        CommandRun.InProcess([.. line, "--differential", "--synthesis", "vocoder"]).Refused(2);
    }

    [Fact]
    public void Prepare_Denoise_LowersTheNoiseAndIsDoneAnewWhereItWasNot()
    {
        using var folder = new VoiceFolder();
        var sentence = WaveFile.Read(folder.Speech("clean.wav")).Waveform;
        var noise = SmallModels.Normal(sentence.Length + 16000, 1, 90).Values.ToArray();
        double[] quiet = [.. new double[8000], .. sentence.Samples, .. new double[8000]];
        Directory.CreateDirectory(folder["in"]);
        WaveFile.Write(folder["in/a.wav"], new Waveform([.. quiet.Select((sample, i) => sample + (0.005 * noise[i]))], 16000));
        string[] line = ["corpus", "prepare", folder["in"], "-o", folder["out"], "--no-trim", "--loudness", "keep"];
        double Noise() => SignalCheck.Inspect(new Waveform(WaveFile.Read(folder["out/a.wav"]).Waveform.Samples[..7000], 16000)).LevelDb;
        CommandRun.InProcess(line).Ended(0);
        var before = Noise();
        CommandRun.InProcess([.. line, "--denoise"]).Ended(0);
        Assert.InRange(before - Noise(), 8, 13);
    }

    [Fact]
    public void Train_NoisyRecordings_SaysSo()
    {
        using var folder = new VoiceFolder();
        string[] names = ["001", "002", "003", "004"];
        foreach (var (name, origin) in new[] { ("s", TrainedVoice.SourceFolder), ("t", TrainedVoice.TargetFolder) })
        {
            folder.Corpus(name, origin, names);
            foreach (var path in Directory.GetFiles(folder[name]))
            {
                var clean = WaveFile.Read(path).Waveform;
                var noise = SmallModels.Normal(clean.Length, 1, 91).Values.ToArray();
                if (name == "s")
                    WaveFile.Write(
                        path,
                        new Waveform([.. clean.Samples.ToArray().Select((sample, i) => sample + (0.01 * noise[i]))], 16000)
                    );
            }
        }

        var run = CommandRun
            .InProcess(
                "train",
                "--source",
                folder["s"],
                "--target",
                folder["t"],
                "-o",
                folder["m"],
                "--f0-method",
                "dio",
                "--mixtures",
                "2"
            )
            .Ended(0);
        Assert.Matches(@"the source recordings have noise [12]\d dB below the speech: 30 dB or more", run.Error);
    }

    [Fact]
    public void Synthesize_MethodWorld_IsWorldsWaveform()
    {
        using var folder = new VoiceFolder();
        CommandRun.InProcess("analyze", folder.Speech("a.wav"), "-o", folder["a.npz"], "--float64").Ended(0);
        CommandRun.InProcess("synthesize", folder["a.npz"], "-o", folder["world.wav"], "--method", "world", "--bits", "float").Ended(0);
        CommandRun.InProcess("synthesize", folder["a.npz"], "-o", folder["default.wav"], "--bits", "float").Ended(0);
        var features = StoredFeatures.Read(folder["a.npz"]);
        var (envelope, aperiodicity) = features.Spectra!.Value;
        var expected = Vocoder.Synthesize(features.SampleRate, features.F0, envelope, aperiodicity, SynthesisMethod.World);
        var world = WaveFile.Read(folder["world.wav"]).Waveform;
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected.Samples[i], world.Samples[i], 1e-6);
        Assert.NotEqual(File.ReadAllBytes(folder["world.wav"]), File.ReadAllBytes(folder["default.wav"]));
    }

    [Fact]
    public void Convert_OneFileManyFilesAndAFolder_AreTheSameBytes()
    {
        using var folder = new VoiceFolder();
        var (a, b) = (folder.Speech("in/a.wav"), folder.Speech("in/b.wav", 1));
        CommandRun.InProcess("convert", a, "-m", folder.Model, "-o", folder["one.wav"]).Ended(0);
        CommandRun.InProcess("convert", a, b, "-m", folder.Model, "-o", folder["many"]).Ended(0);
        CommandRun.InProcess("convert", folder["in"], "-m", folder.Model, "-o", folder["all"], "-j", "1").Ended(0);
        CommandRun.InProcess("convert", a, "-m", folder.Model, "-o", folder["slash/"]).Ended(0);
        Assert.Equal(
            ["all/a.wav", "all/b.wav", "in/a.wav", "in/b.wav", "many/a.wav", "many/b.wav", "one.wav", "slash/a.wav"],
            folder.Files
        );
        var expected = File.ReadAllBytes(folder["one.wav"]);
        foreach (var name in new[] { "many/a.wav", "all/a.wav", "slash/a.wav" })
            Assert.Equal(expected, File.ReadAllBytes(folder[name]));
        Assert.Equal(File.ReadAllBytes(folder["many/b.wav"]), File.ReadAllBytes(folder["all/b.wav"]));
    }

    [Theory]
    [InlineData("--mapping", "frame")]
    [InlineData("--gv", "none")]
    [InlineData("--gv", "gradient")]
    [InlineData("--f0", "proportional")]
    [InlineData("--f0", "none")]
    [InlineData("--aperiodicity", "keep")]
    [InlineData("--differential", null)]
    public void Convert_EveryOption_ChangesTheResult(string option, string? value)
    {
        using var folder = new VoiceFolder();
        var speech = folder.Speech("a.wav");
        CommandRun.InProcess("convert", speech, "-m", folder.Model, "-o", folder["plain.wav"]).Ended(0);
        string[] options = value is null ? [option] : [option, value];
        CommandRun.InProcess(["convert", speech, "-m", folder.Model, "-o", folder["other.wav"], .. options]).Ended(0);
        Assert.NotEqual(File.ReadAllBytes(folder["plain.wav"]), File.ReadAllBytes(folder["other.wav"]));
    }

    [Theory]
    [InlineData("16", "16-bit")]
    [InlineData("24", "24-bit")]
    [InlineData("float", "float")]
    public void Convert_Bits_WritesThatSampleType(string bits, string description)
    {
        using var folder = new VoiceFolder();
        CommandRun.InProcess("convert", folder.Speech("a.wav"), "-m", folder.Model, "-o", folder["o.wav"], "--bits", bits).Ended(0);
        Assert.Contains(description, WaveFile.Read(folder["o.wav"]).Format.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void AnalyzeSynthesize_RoundTrip_KeepsTheRecordingsLengthAndLevel()
    {
        using var folder = new VoiceFolder();
        var speech = folder.Speech("a.wav");
        CommandRun.InProcess("analyze", speech, "-o", folder["a.npz"], "--plot", folder["a.png"], "--f0-method", "dio").Ended(0);
        CommandRun.InProcess("analyze", speech, "-o", folder["b.npz"], "--f0-method", "dio").Ended(0);
        Assert.Equal(File.ReadAllBytes(folder["b.npz"]), File.ReadAllBytes(folder["a.npz"]));
        Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], File.ReadAllBytes(folder["a.png"])[..8]);
        var original = WaveFile.Read(speech).Waveform;
        foreach (var options in new string[][] { [], ["--from-mel-cepstrum"] })
        {
            CommandRun.InProcess(["synthesize", folder["a.npz"], "-o", folder["again.wav"], .. options]).Ended(0);
            var again = WaveFile.Read(folder["again.wav"]).Waveform;
            Assert.InRange(again.Length, original.Length - 80, original.Length + 80);
            Assert.InRange(SignalCheck.Inspect(again).LevelDb - SignalCheck.Inspect(original).LevelDb, -3, 3);
        }
    }

    [Fact]
    public void Analyze_SeveralInputs_WritesFeaturesAndPicturesIntoFolders()
    {
        using var folder = new VoiceFolder();
        var (a, b) = (folder.Speech("a.wav"), folder.Speech("b.wav", 1));
        CommandRun.InProcess("analyze", a, b, "-o", folder["npz"], "--plot", folder["png"], "--f0-method", "dio").Ended(0);
        Assert.Equal(["a.wav", "b.wav", "npz/a.npz", "npz/b.npz", "png/a.png", "png/b.png"], folder.Files);
        CommandRun.InProcess("analyze", a, "-o", folder["again.npz"], "--f0-method", "dio").Ended(0);
        Assert.Equal(File.ReadAllBytes(folder["npz/a.npz"]), File.ReadAllBytes(folder["again.npz"]));
    }

    [Fact]
    public void Info_TextAndJson_TellTheSameFacts()
    {
        using var folder = new VoiceFolder();
        var text = CommandRun.InProcess("info", folder.Model).Ended(0).Output;
        using var json = JsonDocument.Parse(CommandRun.InProcess("info", folder.Model, "--json").Ended(0).Output);
        var root = json.RootElement;
        Assert.Equal(1, root.GetProperty("schema").GetInt32());
        Assert.Equal(16000, root.GetProperty("sample_rate_hz").GetInt32());
        Assert.Equal(5, root.GetProperty("frame_period_ms").GetDouble());
        Assert.Equal(8, root.GetProperty("training").GetProperty("sentences").GetInt32());
        Assert.Equal(4, root.GetProperty("training").GetProperty("mixtures").GetInt32());
        Assert.InRange(root.GetProperty("source").GetProperty("f0_mean_hz").GetDouble(), 150, 260);
        var facts = root.EnumerateObject()
            .Where(fact => fact.Name != "schema")
            .SelectMany(fact =>
                fact.Value.ValueKind == JsonValueKind.Object
                    ? fact.Value.EnumerateObject().Select(inner => (Name: $"{fact.Name} {inner.Name}", inner.Value))
                    : [(fact.Name, fact.Value)]
            );
        foreach (var (name, value) in facts)
            Assert.Contains(
                text.Split('\n'),
                line =>
                    line.StartsWith(name.Replace('_', ' '), StringComparison.Ordinal)
                    && line.TrimEnd().EndsWith(value.ToString(), StringComparison.Ordinal)
            );
    }
}
