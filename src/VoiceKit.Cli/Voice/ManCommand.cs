using System.CommandLine;
using System.Reflection;

namespace VoiceKit.Cli;

/// <summary>voicekit man: the help of all verbs as one manual page.</summary>
internal static class ManCommand
{
    public static Command Create(CommandConsole console)
    {
        var command = new Command(
            "man",
            """
            Print the help of all verbs as a manual page (roff).

              voicekit man > ~/.local/share/man/man1/voicekit.1
            """
        );
        command.SetAction(result => Write(console.Output, (RootCommand)result.RootCommandResult.Command));
        return command;
    }

    private static void Write(TextWriter output, RootCommand root)
    {
        var version = typeof(ManCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        output.WriteLine($".TH VOICEKIT 1 \"\" \"VoiceKit {version?.Split('+')[0]}\"");
        output.WriteLine(".SH NAME\nvoicekit \\- analyse, resynthesise and convert voices, make music");
        output.WriteLine(".SH SYNOPSIS\n.B voicekit\n.I VERB\n[\\fIOPTION\\fR]...");
        output.WriteLine(".SH DESCRIPTION");
        WriteText(output, root.Description);
        foreach (var verb in root.Subcommands.Where(verb => !verb.Hidden))
            WriteVerb(output, verb, "voicekit");
        output.WriteLine(
            ".SH EXIT STATUS\n0 done; 1 some items failed; 2 usage; 3 bad input; 4 cannot read or write; 5 version of a model or file;"
        );
        output.WriteLine("6 device; 70 a bug; 75 run the same line again; 130, 143 ended by a signal.");
    }

    private static void WriteVerb(TextWriter output, Command verb, string parent)
    {
        var path = $"{parent} {verb.Name}";
        output.WriteLine($".SH {Escaped(path)}");
        WriteText(output, verb.Description);
        foreach (var argument in verb.Arguments.Where(argument => !argument.Hidden))
            WriteItem(output, argument.Name, argument.Description);
        foreach (var option in verb.Options.Where(option => !option.Hidden))
            WriteItem(output, string.Join(", ", option.Aliases.Prepend(option.Name)), option.Description);
        foreach (var child in verb.Subcommands.Where(child => !child.Hidden))
            WriteVerb(output, child, path);
    }

    private static void WriteItem(TextWriter output, string name, string? description)
    {
        output.WriteLine($".TP\n\\fB{Escaped(name)}\\fR");
        output.WriteLine(Escaped(description ?? ""));
    }

    /// <summary>Indented lines are examples, which stay as they are.</summary>
    private static void WriteText(TextWriter output, string? text)
    {
        var isExample = false;
        foreach (var line in (text ?? "").Split('\n'))
        {
            if (line.StartsWith("  ", StringComparison.Ordinal) != isExample && line.Length > 0)
            {
                isExample = !isExample;
                output.WriteLine(isExample ? ".nf" : ".fi");
            }

            output.WriteLine(line.Length == 0 ? ".PP" : Escaped(line));
        }

        if (isExample)
            output.WriteLine(".fi");
    }

    private static string Escaped(string text)
    {
        var escaped = text.Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal);
        return escaped.Length > 0 && escaped[0] is '.' or '\'' ? "\\&" + escaped : escaped;
    }
}
