using System.CommandLine;

namespace VoiceKit.Cli;

/// <summary>voicekit corpus: the verbs for whole corpora.</summary>
internal static class CorpusCommand
{
    public static Command Create(CommandConsole console)
    {
        var command = new Command("corpus", """
            Work with whole corpora of recordings.

              voicekit corpus check recordings/          what is in it, and what is wrong with it
              voicekit corpus check recordings/ --json   the same for a program
            """);
        command.Subcommands.Add(CorpusCheckCommand.Create(console));
        return command;
    }
}
