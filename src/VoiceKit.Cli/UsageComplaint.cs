using System.CommandLine;
using System.CommandLine.Parsing;

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
        if (result.Errors.Count > 0 && command.Subcommands.Count > 0 && result.UnmatchedTokens is [var token, ..] && token[..Math.Min(1, token.Length)] != "-")
            return $"there is no verb '{path}{token}'{Meant(token, command.Subcommands.Where(verb => !verb.Hidden).Select(verb => verb.Name))} {help}";
        if (UnknownOption(result) is { } option)
            return $"there is no option '{option}'{Meant(option, command.Options.Concat(Ancestors(result).SelectMany(parent => parent.Options.Where(one => one.Recursive))).SelectMany(one => one.Aliases.Prepend(one.Name)))} {help}; a file of this name is ./{option}";
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

    /// <summary>The first thing that looks like an option and was taken for a value: a verb of many inputs takes a misspelt option for one. After -- everything is a value.</summary>
    private static string? UnknownOption(ParseResult result) => result.Tokens
        .TakeWhile(token => token.Type != TokenType.DoubleDash)
        .FirstOrDefault(token => token.Type == TokenType.Argument && token.Value.Length > 1 && token.Value[0] == '-' && (token.Value[1] == '-' || char.IsAsciiLetter(token.Value[1])))?.Value.Split('=')[0];

    private static string Meant(string typed, IEnumerable<string> known)
    {
        // Of two letters another is as near as none.
        var limit = typed.Length > 2 ? Math.Max(1, typed.Length / 3) : 0;
        var nearest = known.Select(name => (Name: name, Distance: Distance(typed, name))).Where(item => item.Distance <= limit).OrderBy(item => item.Distance).ThenBy(item => item.Name, StringComparer.Ordinal).ToArray();
        return nearest.Length == 0 ? "" : $": did you mean {nearest[0].Name}?";
    }

    /// <summary>How many letters must be added, dropped, replaced, or swapped with their neighbour (Damerau, optimal string alignment).</summary>
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                rows[i, j] = i == 0 || j == 0 ? i + j : Math.Min(Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1, rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }

        return rows[a.Length, b.Length];
    }
}
