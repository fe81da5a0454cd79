using System.CommandLine;
using System.CommandLine.Parsing;
using System.Reflection;

namespace VoiceKit.Cli;

/// <summary>The words of command lines that run this program again.</summary>
internal static class ProgramWords
{
    /// <summary>The words that start this program: its own file, or "dotnet" and the program's library.</summary>
    public static IReadOnlyList<string> Start()
    {
        var process = Environment.ProcessPath ?? throw new IOException("the system does not tell this program's own file");
        var program = typeof(ProgramWords).Assembly;
        if (Path.GetFileNameWithoutExtension(process) == "dotnet")
            return [process, program.Location];

        // Another program may run this one's library, as tests do.
        return Assembly.GetEntryAssembly() == program
            ? [process]
            : [Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", program.Location];
    }

    /// <summary>The options that were typed, with their values.</summary>
    public static IEnumerable<string> Typed(ParseResult result, IEnumerable<Option> options) =>
        options
            .Select(result.GetResult)
            .OfType<OptionResult>()
            .Where(option => !option.Implicit)
            .SelectMany(option =>
                option.Tokens.Count == 0 ? [option.Option.Name] : option.Tokens.Select(token => $"{option.Option.Name}={token.Value}")
            );
}
