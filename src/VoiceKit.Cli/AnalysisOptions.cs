using System.CommandLine;
using VoiceKit.Features;

namespace VoiceKit.Cli;

/// <summary>The options that decide how recordings are analysed.</summary>
internal sealed class AnalysisOptions
{
    private readonly Option<double> framePeriod = SharedOptions.FramePeriod();
    private readonly Option<F0Method> method = SharedOptions.F0Method();
    private readonly Option<string?> range = SharedOptions.F0Range();
    private readonly Option<int?> order = SharedOptions.Order();

    public IReadOnlyList<Option> All => [framePeriod, method, range, order];

    public FeatureOptions Parse(ParseResult result) => new()
    {
        FramePeriod = SharedOptions.ParseFramePeriod(result.GetValue(framePeriod)),
        F0Method = result.GetValue(method),
        F0Range = SharedOptions.ParseRange(result.GetValue(range)),
        Order = result.GetValue(order),
    };
}
