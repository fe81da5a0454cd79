using System.CommandLine;

namespace VoiceKit.Cli;

/// <summary>voicekit music: the verbs for music.</summary>
internal static class MusicCommand
{
    public static Command Create(CommandConsole console, DeviceCatalog devices)
    {
        var command = new Command(
            "music",
            """
            Make short pieces of music in four voices, learn from your own MIDI files, measure scores.

              voicekit music generate                                          four snippets as MIDI, WAV and pictures
              voicekit music train --midi my-midi-files/ -o my.safetensors      learn from a folder
              voicekit music generate --model my.safetensors -o mine/           and make more of it
            """
        );
        command.Subcommands.Add(MusicGenerateCommand.Create(console, devices));
        command.Subcommands.Add(MusicTrainCommand.Create(console, devices));
        command.Subcommands.Add(MusicInspectCommand.Create(console));
        return command;
    }
}

/// <summary>Keys as they are typed: C, F#, Bb, Am, "E minor".</summary>
internal static class MusicKey
{
    private static readonly int[] Naturals = [9, 11, 0, 2, 4, 5, 7];

    private static readonly string[] Names = ["C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B"];

    /// <summary>The semitones, -5 .. 6, from C major, or A minor, to a key.</summary>
    public static int Semitones(string text)
    {
        var name = text.Trim();
        var isMinor = name.EndsWith(" minor", StringComparison.OrdinalIgnoreCase) || (name.Length > 1 && name.EndsWith('m'));
        var tonic = name.Replace(" minor", "", StringComparison.OrdinalIgnoreCase)
            .Replace(" major", "", StringComparison.OrdinalIgnoreCase)
            .TrimEnd('m');
        if (
            tonic.Length is 1 or 2
            && char.ToUpperInvariant(tonic[0]) is >= 'A' and <= 'G' and var letter
            && (tonic.Length == 1 || tonic[1] is '#' or 'b')
        )
        {
            var shift =
                tonic.Length == 1 ? 0
                : tonic[1] == '#' ? 1
                : -1;
            return Nearest(Naturals[letter - 'A'] + shift + (isMinor ? 3 : 0));
        }

        throw new UsageException($"--key {text}: give a key such as C, F#, Bb, Am or \"E minor\"");
    }

    /// <summary>The major key, and the minor one, that many semitones from C major and A minor.</summary>
    public static string Describe(int semitones) => $"{Names[(semitones + 24) % 12]} major / {Names[(semitones + 33) % 12]} minor";

    /// <summary>The same interval within -5 .. 6.</summary>
    public static int Nearest(int semitones) => ((semitones + 5 + 24) % 12) - 5;
}
