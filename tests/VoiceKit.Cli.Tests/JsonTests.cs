using System.Text.Json;
using System.Text.RegularExpressions;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Cli;

/// <summary>The JSON of every verb has one style: an object with "schema": 1, names in snake_case, numbers that are numbers.</summary>
[Collection("Command line")]
public class JsonTests
{
    [Fact]
    public void Json_OfEveryVerb_IsAnObjectInSnakeCaseWithASchema()
    {
        using var folder = new VoiceFolder();
        folder.Corpus("a", TrainedVoice.SourceFolder, "026", "027");
        folder.Corpus("b", TrainedVoice.TargetFolder, "026", "027");
        Rolls.Choir(1, 192).WriteMidi(folder["piece.mid"]);
        CommandRun.InProcess("batch", "mel", folder["a"], "-o", folder["mels"]).Ended(0);
        string[][] lines =
        [
            ["info", folder.Model],
            ["evaluate", "-m", folder.Model, "--source", folder["a"], "--target", folder["b"]],
            ["evaluate", "--converted", folder["a"], "--target", folder["b"]],
            ["corpus", "check", folder["a"]],
            ["batch", "status", folder["mels"]],
            ["batch", "verify", folder["mels"]],
            ["devices"],
            ["music", "generate", "--count", "1", "--format", "mid", "-o", folder["music"]],
            ["music", "inspect", folder["piece.mid"], "--reference", folder["piece.mid"]],
        ];
        foreach (var line in lines)
        {
            using var json = JsonDocument.Parse(CommandRun.InProcess([.. line, "--json"]).Ended(0).Output);
            Assert.Equal(1, json.RootElement.GetProperty("schema").GetInt32());
            Check(json.RootElement, string.Join(' ', line));
        }
    }

    private static void Check(JsonElement element, string place)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
                Check(item, place);
        }

        if (element.ValueKind != JsonValueKind.Object)
            return;
        foreach (var property in element.EnumerateObject())
        {
            Assert.True(Regex.IsMatch(property.Name, "^[a-z][a-z0-9]*(_[a-z0-9]+)*$"), $"{place}: {property.Name}");
            Assert.False(
                property.Value.ValueKind == JsonValueKind.String
                    && double.TryParse(property.Value.GetString(), out _)
                    && property.Name is not ("name" or "id" or "item"),
                $"{place}: {property.Name} is a number in quotes"
            );
            Check(property.Value, $"{place}: {property.Name}");
        }
    }
}
