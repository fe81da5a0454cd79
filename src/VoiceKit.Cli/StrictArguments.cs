using System.CommandLine;
using System.CommandLine.Parsing;
using VoiceKit.Files;

namespace VoiceKit.Cli;

/// <summary>Makes every number on the command line be read strictly: "2,5" is an error with an example and never 25.</summary>
internal static class StrictArguments
{
    /// <summary>Gives the options of a command, and of all below it, their parsers.</summary>
    public static void ApplyTo(Command command)
    {
        foreach (var option in command.Options)
            Apply(option);
        foreach (var subcommand in command.Subcommands)
            ApplyTo(subcommand);
    }

    private static void Apply(Option option)
    {
        switch (option)
        {
            case Option<double> real:
                real.CustomParser = result => Single(result, Real) ?? 0;
                break;
            case Option<double?> real:
                real.CustomParser = result => Single(result, Real);
                break;
            case Option<int> integer:
                integer.CustomParser = result => Single(result, Integer) ?? 0;
                break;
            case Option<int?> integer:
                integer.CustomParser = result => Single(result, Integer);
                break;
            case Option<ulong> natural:
                natural.CustomParser = result => Single(result, Natural) ?? 0;
                break;
            case Option<ulong?> natural:
                natural.CustomParser = result => Single(result, Natural);
                break;
            case Option<ulong[]> naturals:
                naturals.CustomParser = result => [.. result.Tokens.Select(token => Parse(result, token.Value, Natural)).OfType<ulong>()];
                break;
            default:
                RefuseUnknownNumbers(option);
                break;
        }
    }

    private static T? Single<T>(ArgumentResult result, (Func<string, T?> Read, string Words) kind)
        where T : struct => result.Tokens is [var token] ? Parse(result, token.Value, kind) : null;

    private static T? Parse<T>(ArgumentResult result, string text, (Func<string, T?> Read, string Words) kind)
        where T : struct
    {
        if (kind.Read(text) is { } value)
            return value;
        result.AddError($"{(result.Parent as OptionResult)?.Option.Name} {text}: give {kind.Words}");
        return null;
    }

    private static (Func<string, double?> Read, string Words) Real => (text => StrictNumber.Real(text), "a number such as 2.5 (with a point, without separators)");

    private static (Func<string, int?> Read, string Words) Integer => (text => StrictNumber.Whole(text), "a whole number such as 4");

    private static (Func<string, ulong?> Read, string Words) Natural => (text => StrictNumber.Natural(text), "a whole number such as 7, not negative");

    // Another type would be read by System.CommandLine's own rules, which take a comma for a separator of thousands.
    private static void RefuseUnknownNumbers(Option option)
    {
        var type = Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType.GetElementType() ?? option.ValueType;
        if (type != typeof(bool) && type != typeof(char) && type.IsPrimitive)
            throw new InvalidOperationException($"{option.Name}: no strict parser is known for {option.ValueType}.");
    }
}
