using VoiceKit.Audio;
using VoiceKit.Files;

namespace VoiceKit.Music;

/// <summary>Makes a score audible with the instruments of a soundfont (.sf2), through libfluidsynth, which is loaded only then.</summary>
/// <remarks>Both channels are averaged. The library places notes on a grid of 64 samples. Percussion sounds.</remarks>
public static class SoundFontRenderer
{
    private const int BlockLength = 4096;

    /// <summary>Gets whether libfluidsynth is installed.</summary>
    public static bool IsAvailable => FluidSynthLibrary.Installed is not null;

    /// <summary>Renders a score.</summary>
    /// <param name="score">The score; one without notes gives silence of the tail's length.</param>
    /// <param name="soundFontPath">The .sf2 file.</param>
    /// <param name="options">The settings; null takes the default ones. <see cref="RenderOptions.Instrument"/> has no effect.</param>
    /// <returns>The sound, from the score's tick 0 to the last note's end and the tail.</returns>
    /// <exception cref="ArgumentException">The sound would be longer than <see cref="RenderOptions.MaxDuration"/>.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="BadFileException">The file is not a soundfont that can be used, or libfluidsynth is not installed.</exception>
    public static Waveform Render(MidiScore score, string soundFontPath, RenderOptions? options = null) =>
        Render(score, soundFontPath, options ?? new RenderOptions(), FluidSynthLibrary.Installed);

    internal static Waveform Render(MidiScore score, string soundFontPath, RenderOptions options, FluidSynthLibrary? library)
    {
        var performance = new Performance(score, options.Tail);
        InputFile.RequireRegular(soundFontPath);
        if (library is null)
        {
            throw new BadFileException(
                soundFontPath,
                null,
                "VoiceKit plays soundfonts through libfluidsynth, and that is not installed (on Debian: apt-get install libfluidsynth3)"
            );
        }

        if (!library.IsSoundFont(soundFontPath))
            throw new BadFileException(soundFontPath, 0, "a soundfont (.sf2) was expected; this file does not begin like one");
        using var synth = library.Create(options.SampleRate, options.Reverb);
        if (!synth.TryLoad(soundFontPath))
            throw new BadFileException(soundFontPath, null, "libfluidsynth cannot read this soundfont: it is damaged or cut short");
        var samples = new double[performance.SampleCount(options.SampleRate)];
        Play(synth, Events(performance, options.SampleRate), samples);
        if (Array.Exists(samples, sample => !double.IsFinite(sample)))
            throw new BadFileException(soundFontPath, null, "this soundfont's instruments give a sound that is not finite");
        Mastering.Finish(samples, options);
        return Waveform.Wrap(samples, options.SampleRate);
    }

    // At one time notes end before others start, so that a repeated key sounds again.
    private static List<Event> Events(Performance performance, int sampleRate)
    {
        var events = new List<Event>(2 * performance.Notes.Count);
        foreach (var played in performance.Notes)
        {
            var start = (int)Math.Round(played.Start * sampleRate);
            events.Add(new(start, true, played));
            events.Add(new(Math.Max((int)Math.Round(played.End * sampleRate), start + 1), false, played));
        }

        return [.. events.OrderBy(item => item.Sample).ThenBy(item => item.IsStart)];
    }

    private static void Play(FluidSynthLibrary.Synth synth, IEnumerable<Event> events, Span<double> samples)
    {
        // -1: not chosen yet, so that every channel's first note chooses.
        Span<int> programs = stackalloc int[16];
        programs.Fill(-1);
        var done = 0;
        foreach (var (sample, isStart, played) in events)
        {
            done += Write(synth, samples[done..Math.Clamp(sample, done, samples.Length)]);
            var (channel, pitch) = (played.Note.Channel, played.Note.Pitch);
            if (!isStart)
            {
                synth.EndNote(channel, pitch);
                continue;
            }

            if (programs[channel] != played.Program)
                synth.ChangeProgram(channel, programs[channel] = played.Program);
            synth.StartNote(channel, pitch, played.Note.Velocity);
        }

        _ = Write(synth, samples[done..]);
    }

    private static int Write(FluidSynthLibrary.Synth synth, Span<double> destination)
    {
        Span<float> left = stackalloc float[BlockLength];
        Span<float> right = stackalloc float[BlockLength];
        for (var start = 0; start < destination.Length; start += BlockLength)
        {
            var part = destination.Slice(start, Math.Min(BlockLength, destination.Length - start));
            synth.Write(left[..part.Length], right[..part.Length]);
            for (var i = 0; i < part.Length; i++)
                part[i] = 0.5 * ((double)left[i] + right[i]);
        }

        return destination.Length;
    }

    private readonly record struct Event(int Sample, bool IsStart, PlayedNote Played);
}
