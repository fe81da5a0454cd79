using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using VoiceKit.Conversion;
using VoiceKit.Files;

namespace VoiceKit.Cli;

/// <summary>voicekit info.</summary>
internal static class InfoCommand
{
    public static Command Create(CommandConsole console)
    {
        var path = new Argument<string>("MODEL") { Description = "A model that voicekit train wrote; - is standard input." };
        var json = SharedOptions.Json();
        var command = new Command(
            "info",
            """
            Tell what a model is and what it was trained on.

              voicekit info ben.safetensors
              voicekit info ben.safetensors --json | jq .training.sentences
            """
        )
        {
            path,
            json,
        };
        command.SetAction(result =>
        {
            var facts = Facts(Read(result.GetRequiredValue(path)));
            if (result.GetValue(json))
                console.Output.WriteLine(facts.ToJsonString(SharedOptions.Indented));
            else
                Print(console.Output, facts, "");
        });
        return command;
    }

    private static VoiceModel Read(string path)
    {
        if (path != WorkItems.Standard)
            return VoiceModelFile.Read(path);
        using var memory = new MemoryStream();
        using (var stream = StandardStreams.OpenInput())
            stream.CopyTo(memory);
        memory.Position = 0;
        return VoiceModelFile.Read(memory, "standard input");
    }

    private static JsonObject Facts(VoiceModel model)
    {
        JsonObject Speaker(double mean, double deviation, Pitch.F0Range range) =>
            new()
            {
                ["f0_mean_hz"] = Rounded(Math.Exp(mean)),
                ["log_f0_deviation"] = Rounded(deviation),
                ["f0_floor_hz"] = Rounded(range.Floor),
                ["f0_ceiling_hz"] = Rounded(range.Ceiling),
            };
        var training = new JsonObject();
        foreach (var (name, value) in model.Description.OrderBy(item => item.Key, StringComparer.Ordinal))
            training[name] = StrictNumber.Real(value) is { } number && name != "data_hash" ? number : value;
        return new JsonObject
        {
            ["schema"] = 1,
            ["sample_rate_hz"] = model.SampleRate,
            ["frame_period_ms"] = model.Features.FramePeriod.TotalMilliseconds,
            ["mel_cepstrum_order"] = model.Features.Order,
            ["mel_cepstrum_alpha"] = model.Features.Alpha,
            ["f0_method"] = model.Features.F0Method == Features.F0Method.Dio ? "dio" : "harvest",
            ["source"] = Speaker(model.F0.SourceMean, model.F0.SourceDeviation, model.SourceRange),
            ["target"] = Speaker(model.F0.TargetMean, model.F0.TargetDeviation, model.TargetRange),
            ["f0_ratio"] = Rounded(model.F0.Ratio),
            ["covariances"] = model.Spectrum.Joint.Structure switch
            {
                Mixtures.CovarianceStructure.Full => "full",
                Mixtures.CovarianceStructure.BlockDiagonal => "block-diagonal",
                _ => "diagonal",
            },
            ["training"] = training,
        };
    }

    private static double Rounded(double value) => Math.Round(value, 4);

    private static void Print(TextWriter output, JsonObject facts, string prefix)
    {
        foreach (var (name, value) in facts.Where(fact => fact.Key != "schema"))
        {
            if (value is JsonObject inner)
                Print(output, inner, prefix + name.Replace('_', ' ') + " ");
            else
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{prefix + name.Replace('_', ' '),-34} {value}"));
        }
    }
}
