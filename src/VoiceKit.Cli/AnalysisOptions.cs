using System.CommandLine;
using VoiceKit.Features;

namespace VoiceKit.Cli;

/// <summary>The options that decide how recordings are analysed.</summary>
internal sealed class AnalysisOptions
{
    private readonly Option<double> framePeriod = new("--frame-period") { Description = "Milliseconds from one frame to the next.", DefaultValueFactory = _ => 5 };
    private readonly Option<F0Method> method = SharedOptions.F0Method();
    private readonly Option<string?> range = SharedOptions.F0Range();
    private readonly Option<int?> order = SharedOptions.Order();

    public IReadOnlyList<Option> All => [framePeriod, method, range, order];

    public FeatureOptions Parse(ParseResult result) => new()
    {
        FramePeriod = result.GetValue(framePeriod) is >= 0.5 and <= 100 and var period ? TimeSpan.FromMilliseconds(period) : throw new UsageException("--frame-period must be 0.5 .. 100 ms"),
        F0Method = result.GetValue(method),
        F0Range = SharedOptions.ParseRange(result.GetValue(range)),
        Order = result.GetValue(order),
    };
}
