using System.CommandLine;
using VoiceKit.Features;
using VoiceKit.Pitch;

namespace VoiceKit.Cli;

/// <summary>The options that decide how recordings are analysed.</summary>
internal sealed class AnalysisOptions
{
    private readonly Option<double> framePeriod = SharedOptions.FramePeriod();
    private readonly Option<string> method = SharedOptions.F0Method();
    private readonly Option<F0Range?> range = SharedOptions.F0Range("--f0-range", "Where to look for F0; by default it is found from the recording");
    private readonly Option<int?> order = SharedOptions.Order();

    public IReadOnlyList<Option> All => [framePeriod, method, range, order];

    public FeatureOptions Parse(ParseResult result) => new()
    {
        FramePeriod = SharedOptions.ParseFramePeriod(result.GetValue(framePeriod)),
        F0Method = SharedOptions.ParseMethod(result.GetRequiredValue(method)),
        F0Range = result.GetValue(range),
        Order = result.GetValue(order),
    };
}
