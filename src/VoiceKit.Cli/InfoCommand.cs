using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using VoiceKit.Conversion;

namespace VoiceKit.Cli;

/// <summary>voicekit info.</summary>
internal static class InfoCommand
{
    public static Command Create(CommandConsole console)
    {
        var path = new Argument<string>("MODEL") { Description = "A model that voicekit train wrote." };
        var json = SharedOptions.Json();
        var command = new Command("info", """
            Tell what a model is and what it was trained on.

              voicekit info ben.safetensors
            """) { path, json };
        command.SetAction(result =>
        {
            var model = VoiceModelFile.Read(result.GetRequiredValue(path));
            var facts = Facts(model);
            if (result.GetValue(json))
            {
                console.Output.WriteLine(JsonSerializer.Serialize(facts));
                return;
            }

            foreach (var (name, value) in facts)
                console.Output.WriteLine($"{name,-22} {value}");
        });
        return command;
    }

    private static Dictionary<string, string> Facts(VoiceModel model)
    {
        string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
        var facts = new Dictionary<string, string>
        {
            ["sample rate"] = Text($"{model.SampleRate} Hz"),
            ["frame period"] = Text($"{model.Features.FramePeriod.TotalMilliseconds} ms"),
            ["mel-cepstrum"] = Text($"order {model.Features.Order}, alpha {model.Features.Alpha}"),
            ["F0 method"] = model.Features.F0Method.ToString(),
            ["source F0"] = Text($"{Math.Exp(model.F0.SourceMean):F1} Hz (log deviation {model.F0.SourceDeviation:F3}), range {model.SourceRange.Floor:F0}-{model.SourceRange.Ceiling:F0} Hz"),
            ["target F0"] = Text($"{Math.Exp(model.F0.TargetMean):F1} Hz (log deviation {model.F0.TargetDeviation:F3}), range {model.TargetRange.Floor:F0}-{model.TargetRange.Ceiling:F0} Hz"),
            ["F0 ratio"] = Text($"{model.F0.Ratio:F3}"),
            ["covariances"] = model.Spectrum.Joint.Structure.ToString(),
        };
        foreach (var (name, value) in model.Description.OrderBy(item => item.Key, StringComparer.Ordinal))
            facts[name.Replace('_', ' ')] = value;
        return facts;
    }
}
