using System.CommandLine;
using VoiceKit.Cli;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Cli;

/// <summary>Every number of every verb is read strictly.</summary>
[Collection("Command line")]
public class NumberTests
{
    public static TheoryData<string, string> NumericOptions
    {
        get
        {
            var data = new TheoryData<string, string>();
            using var console = new CommandConsole(TextWriter.Null, TextWriter.Null, default);
            Add(CommandLine.Root(console, DeviceCatalog.OfThisMachine()), "");
            return data;

            void Add(Command command, string path)
            {
                foreach (var option in command.Options.Where(option => IsNumber(option.ValueType)))
                    data.Add(path.Trim(), option.Name);
                foreach (var verb in command.Subcommands)
                    Add(verb, $"{path} {verb.Name}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(NumericOptions))]
    public void Run_NumberWithAComma_Exits2AndNamesTheOption(string verb, string option)
    {
        string[] values = option == "--interpolate" ? ["2,5", "3"] : ["2,5"];
        var line = CommandRun.InProcess([.. verb.Split(' '), option, .. values]).Refused(2);
        Assert.Contains($"{option} 2,5: give a ", line, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", line, StringComparison.Ordinal);
    }

    [Fact]
    public void NumericOptions_AreManyAndOfAllKinds()
    {
        var options = NumericOptions.Select(row => row.Data.Item2).ToHashSet();
        Assert.Superset(
            new HashSet<string>
            {
                "--frame-period",
                "--temperature",
                "--split",
                "--tempo",
                "--margin",
                "--transpose",
                "--jobs",
                "--seed",
                "--count",
                "--interpolate",
                "--shards",
            },
            options
        );
    }

    [Theory]
    [InlineData("--loudness", "-23,5")]
    [InlineData("--loudness", "1")]
    public void Prepare_LoudnessThatIsNone_Exits2(string option, string value) =>
        Assert.Contains(
            value,
            CommandRun.InProcess("corpus", "prepare", "in", "-o", "out", option, value).Refused(2),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("60", "400")]
    [InlineData("60-400", null)]
    public void F0Range_TwoWordsOrOne_AreTheSame(string first, string? second)
    {
        using var folder = new VoiceFolder();
        var speech = folder.Speech("a.wav");
        string[] words = second is null ? [first] : [first, second];
        CommandRun
            .InProcess(["analyze", "--f0-method", "dio", "--features", "f0", "--f0-range", .. words, speech, "-o", folder["a.npz"]])
            .Ended(0);
        CommandRun
            .InProcess("analyze", "--f0-method", "dio", "--features", "f0", "--f0-range", "60-400", speech, "-o", folder["b.npz"])
            .Ended(0);
        Assert.Equal(File.ReadAllBytes(folder["b.npz"]), File.ReadAllBytes(folder["a.npz"]));
        Assert.Contains(
            "--f0-range 400-60",
            CommandRun.InProcess("analyze", speech, "-o", folder["c.npz"], "--f0-range", "400", "60").Refused(2),
            StringComparison.Ordinal
        );
    }

    private static bool IsNumber(Type type)
    {
        var element = Nullable.GetUnderlyingType(type) ?? type.GetElementType() ?? type;
        return element.IsPrimitive && element != typeof(bool) && element != typeof(char);
    }
}
