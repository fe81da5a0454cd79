using System.CommandLine;

namespace VoiceKit.Cli;

/// <summary>voicekit music: the verbs for music.</summary>
internal static class MusicCommand
{
    public static Command Create(CommandConsole console, DeviceCatalog devices)
    {
        var command = new Command("music", """
            Make short pieces of music in four voices, learn from your own MIDI files, measure scores.

              voicekit music generate                                          four snippets as MIDI, WAV and pictures
              voicekit music train --midi my-midi-files/ -o my.safetensors      learn from a folder
              voicekit music generate --model my.safetensors -o mine/           and make more of it
            """);
        command.Subcommands.Add(MusicGenerateCommand.Create(console, devices));
        command.Subcommands.Add(MusicTrainCommand.Create(console, devices));
        command.Subcommands.Add(MusicInspectCommand.Create(console));
        return command;
    }
}
