using VoiceKit.Audio;
using VoiceKit.Files;
using VoiceKit.Music;

namespace VoiceKit.Cli;

/// <summary>What snippets are written as.</summary>
/// <param name="Folder">Where they go.</param>
/// <param name="Formats">mid, wav, png.</param>
/// <param name="QuartersPerMinute">The tempo.</param>
/// <param name="Program">The General MIDI program.</param>
/// <param name="BeatsPerBar">The quarters of a bar.</param>
/// <param name="SoundFont">A soundfont, or null for the built-in instruments.</param>
internal sealed record SnippetWriter(string Folder, IReadOnlyList<string> Formats, double QuartersPerMinute, int Program, int BeatsPerBar, string? SoundFont)
{
    /// <summary>Writes one snippet in all formats.</summary>
    /// <returns>The paths.</returns>
    public IReadOnlyList<string> Write(string name, string title, PianoRoll roll)
    {
        var score = roll.ToScore(QuartersPerMinute, Program, beatsPerBar: BeatsPerBar);
        var paths = new List<string>();
        foreach (var format in Formats)
        {
            var path = ContainedPath.Of(Folder, $"{name}.{format}");
            switch (format)
            {
                case "mid":
                    MidiFile.Write(path, score);
                    break;
                case "wav":
                    WaveFile.Write(path, Render(score, SoundFont));
                    break;
                default:
                    AtomicFile.Write(path, stream => PianoRollPicture.Write(stream, roll, new PianoRollPictureOptions { Title = title, QuartersPerBar = BeatsPerBar }));
                    break;
            }

            paths.Add(path);
        }

        return paths;
    }

    private static Waveform Render(MidiScore score, string? soundFont) =>
        soundFont is null ? ScoreRenderer.Render(score) : SoundFontRenderer.Render(score, soundFont);
}
