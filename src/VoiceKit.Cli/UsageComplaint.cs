using System.CommandLine;
using System.CommandLine.Parsing;
using VoiceKit.Files;

namespace VoiceKit.Cli;

/// <summary>Says what is wrong with a command line, what was probably meant, and where help is.</summary>
internal static class UsageComplaint
{
    /// <summary>The complaint; null where there is nothing to complain of.</summary>
    public static string? Of(ParseResult result, string[] args)
    {
        var command = result.CommandResult.Command;
        var path = string.Concat(Path(result.CommandResult).Select(name => name + " "));
        var help = $"(voicekit {path}--help shows how)";
        if (
            result.Errors.Count > 0
            && command.Subcommands.Count > 0
            && result.UnmatchedTokens is [var token, ..]
            && token[..Math.Min(1, token.Length)] != "-"
        )
        {
            var verbs = command.Subcommands.Where(verb => !verb.Hidden).Select(verb => verb.Name);
            return $"there is no verb '{path}{token}'{Meant(token, verbs)} {help}";
        }

        if (UnknownOption(result) is { } option)
        {
            var options = command
                .Options.Concat(Ancestors(result).SelectMany(parent => parent.Options.Where(one => one.Recursive)))
                .SelectMany(one => one.Aliases.Prepend(one.Name));
            return $"there is no option '{option}'{Meant(option, options)} {help}; a file of this name is ./{option}";
        }

        if (result.Errors.Count > 0)
            return $"{string.Join("; ", result.Errors.Select(error => error.Message.TrimEnd('.')).Distinct())} {help}";
        return args.Contains("") ? "an argument is empty: is a variable of the shell not set?" : null;
    }

    /// <summary>The names of a command and those above it, without the program's.</summary>
    private static IEnumerable<string> Path(CommandResult result) =>
        result.Command is RootCommand ? [] : (result.Parent is CommandResult parent ? Path(parent) : []).Append(result.Command.Name);

    private static IEnumerable<Command> Ancestors(ParseResult result)
    {
        for (var parent = result.CommandResult.Parent; parent is CommandResult above; parent = parent.Parent)
            yield return above.Command;
    }

    /// <summary>
    /// The first thing that looks like an option and was taken for a value: a verb of many inputs takes a misspelt option for one. After --
    /// everything is a value.
    /// </summary>
    private static string? UnknownOption(ParseResult result) =>
        result
            .Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash)
            .FirstOrDefault(token =>
                token.Type == TokenType.Argument
                && token.Value.Length > 1
                && token.Value[0] == '-'
                && (token.Value[1] == '-' || char.IsAsciiLetter(token.Value[1]))
            )
            ?.Value.Split('=')[0];

    private static string Meant(string typed, IEnumerable<string> known)
    {
        // Of two letters another is as near as none.
        var limit = typed.Length > 2 ? Math.Max(1, typed.Length / 3) : 0;
        var nearest = known
            .Select(name => (Name: name, Distance: Distance(typed, name)))
            .Where(item => item.Distance <= limit)
            .OrderBy(item => item.Distance)
            .ThenBy(item => item.Name, StringComparer.Ordinal)
            .ToArray();
        return nearest.Length == 0 ? "" : $": did you mean {nearest[0].Name}?";
    }

    /// <summary>
    /// How many letters must be added, dropped, replaced, or swapped with their neighbour (Damerau, optimal string alignment).
    /// </summary>
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                rows[i, j] =
                    i == 0 || j == 0
                        ? i + j
                        : Math.Min(Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1, rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }

        return rows[a.Length, b.Length];
    }
}

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

    private static (Func<string, double?> Read, string Words) Real =>
        (text => StrictNumber.Real(text), "a number such as 2.5 (with a point, without separators)");

    private static (Func<string, int?> Read, string Words) Integer => (text => StrictNumber.Whole(text), "a whole number such as 4");

    private static (Func<string, ulong?> Read, string Words) Natural =>
        (text => StrictNumber.Natural(text), "a whole number such as 7, not negative");

    // Another type would be read by System.CommandLine's own rules, which take a comma for a separator of thousands.
    private static void RefuseUnknownNumbers(Option option)
    {
        var type = Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType.GetElementType() ?? option.ValueType;
        if (type != typeof(bool) && type != typeof(char) && type.IsPrimitive)
            throw new InvalidOperationException($"{option.Name}: no strict parser is known for {option.ValueType}.");
    }
}
