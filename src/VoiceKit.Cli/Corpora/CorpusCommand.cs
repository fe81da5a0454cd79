using System.CommandLine;

namespace VoiceKit.Cli;

/// <summary>voicekit corpus: the verbs for whole corpora.</summary>
internal static class CorpusCommand
{
    public static Command Create(CommandConsole console)
    {
        var command = new Command(
            "corpus",
            """
            Work with whole corpora of recordings.

              voicekit corpus check recordings/          what is in it, and what is wrong with it
              voicekit corpus check recordings/ --json   the same for a program
              voicekit corpus prepare recordings/ -o corpus/ --rate 16000 --split 15
              voicekit corpus manifest corpus/ -o recordings.jsonl.gz   list them for lhotse, or for Kaldi
            """
        );
        command.Subcommands.Add(CorpusCheckCommand.Create(console));
        command.Subcommands.Add(BatchCommand.Create(console, BatchVerb.Prepare()));
        command.Subcommands.Add(CorpusManifestCommand.Create(console));
        return command;
    }
}
