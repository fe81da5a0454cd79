using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using VoiceKit.Audio;
using VoiceKit.Devices;
using VoiceKit.Files;
using VoiceKit.Music;
using VoiceKit.Numerics;
using VoiceKit.Pictures;

namespace VoiceKit.Cli;

/// <summary>voicekit music generate.</summary>
internal static class MusicGenerateCommand
{
    /// <summary>Wide enough for every transposition of what a model makes.</summary>
    private static readonly PitchRange Keyboard = new(0, 128);

    private static readonly string[] AllFormats = ["mid", "wav", "png"];

    private sealed record Snippet(string Name, string Title, PianoRoll Roll, int Semitones, ulong? Seed);

    public static Command Create(CommandConsole console, DeviceCatalog devices)
    {
        var count = new Option<int>("--count", "-n") { Description = "How many snippets.", DefaultValueFactory = _ => 4 }.AcceptFrom(
            1,
            100_000
        );
        var bars = new Option<int?>("--bars")
        {
            Description = "The bars of each; by default as many as the model makes at once (4).",
        }.AcceptFrom(1, 1000);
        var seed = new Option<ulong?>("--seed") { Description = "The seed of the first snippet, the next has the next one; by default 1." };
        var temperature = new Option<double>("--temperature")
        {
            Description = "How far snippets stray from the average one: 0.5 is tame, 1 as in training.",
            DefaultValueFactory = _ => 1,
        };
        var tempo = new Option<double>("--tempo") { Description = "Quarter notes a minute.", DefaultValueFactory = _ => 84 };
        var key = new Option<string?>("--key") { Description = "The key, such as D, Bb or Em; by default a random one for each seed." };
        var program = new Option<int>("--program")
        {
            Description = "The MIDI instrument, 0 (piano) to 127; 19 is a church organ.",
            DefaultValueFactory = _ => 19,
        }.AcceptFrom(0, 127);
        var model = new Option<string?>("--model", "-m")
        {
            Description = "A model that voicekit music train wrote; by default the one that ships.",
        };
        var format = new Option<string>("--format")
        {
            Description = "What to write: mid, wav, png, separated by commas.",
            DefaultValueFactory = _ => "mid,wav,png",
        };
        var output = new Option<string>("--output", "-o") { Description = "The folder to write to.", DefaultValueFactory = _ => "music" };
        var interpolate = new Option<ulong[]>("--interpolate")
        {
            Description = "A walk between the snippets of two seeds.",
            Arity = new ArgumentArity(2, 2),
            AllowMultipleArgumentsPerToken = true,
        };
        var steps = new Option<int>("--steps")
        {
            Description = "The snippets of the walk, both ends included.",
            DefaultValueFactory = _ => 5,
        }.AcceptFrom(2, 1000);
        var melody = new Option<string?>("--melody")
        {
            Description = "A MIDI file whose top voice is kept; the voices below it are generated.",
        };
        var soundFont = new Option<string?>("--soundfont")
        {
            Description = "Render the WAV with this .sf2 (needs libfluidsynth) instead of the built-in instruments.",
        };
        var (deviceOption, tensorFloat32, json) = (DeviceOption.Create(), DeviceOption.CreateTensorFloat32(), SharedOptions.Json());
        var command = new Command(
            "generate",
            """
            Make snippets of music: a MIDI file, a WAV and a picture of each. The same seed makes the same bytes.

              voicekit music generate
              voicekit music generate --count 1 --seed 7 --key Dm --bars 8 -o chorale
              voicekit music generate --interpolate 3 9 --steps 6
              voicekit music generate --melody tune.mid --count 3
            """
        )
        {
            count,
            bars,
            seed,
            temperature,
            tempo,
            key,
            program,
            model,
            format,
            output,
            interpolate,
            steps,
            melody,
            soundFont,
            deviceOption,
            tensorFloat32,
            json,
        };
        command.SetAction(result =>
        {
            var (tempoValue, temperatureValue) = (result.GetValue(tempo), result.GetValue(temperature));
            if (!(tempoValue >= 10 && tempoValue <= 400))
                throw new UsageException($"--tempo {tempoValue.ToString(CultureInfo.InvariantCulture)}: give a number from 10 to 400");
            if (!(temperatureValue >= 0 && temperatureValue <= 10))
                throw new UsageException(
                    $"--temperature {temperatureValue.ToString(CultureInfo.InvariantCulture)}: give a number from 0 to 10"
                );
            if (
                result.GetValue(melody) is not null
                && (
                    result.GetValue(interpolate) is { Length: > 0 }
                    || result.GetValue(bars) is not null
                    || result.GetValue(key) is not null
                    || result.GetResult(temperature) is { Implicit: false }
                )
            )
                throw new UsageException(
                    "--melody sets the length, the key and what is sought: leave out --bars, --key, --temperature and --interpolate"
                );
            if (
                result.GetValue(interpolate) is { Length: > 0 }
                && (
                    result.GetResult(count) is { Implicit: false }
                    || result.GetResult(seed) is { Implicit: false }
                    || result.GetValue(bars) is not null
                )
            )
                throw new UsageException("--interpolate takes its seeds and --steps: leave out --count, --seed and --bars");
            int? semitones = result.GetValue(key) is { } typed ? MusicKey.Semitones(typed) : null;
            var formats = Formats(result.GetRequiredValue(format));
            var loaded = result.GetValue(model) is { } path ? MusicModelFile.Read(path) : MusicModelFile.Shipped();
            var first = result.GetValue(seed) ?? 1;
            var (number, temperatureOf) = (result.GetValue(count), temperatureValue);
            using var device = devices.Take(console, result.GetValue(deviceOption), tensorFloat32: result.GetValue(tensorFloat32));
            var snippets = (result.GetValue(melody), result.GetValue(interpolate)) switch
            {
                ({ } tune, _) => Accompaniments(console, device, loaded, tune, number, first),
                (_, { Length: 2 } ends) => Walk(device, loaded, ends, result.GetValue(steps), temperatureOf, semitones),
                _ => Snippets(
                    console,
                    device,
                    loaded,
                    result.GetValue(bars) ?? loaded.Layout.BarCount,
                    number,
                    first,
                    temperatureOf,
                    semitones
                ),
            };
            var writer = new SnippetWriter(
                OutputName.RequireFolder("-o", result.GetRequiredValue(output)),
                formats,
                tempoValue,
                result.GetValue(program),
                loaded.Layout.BeatsPerBar,
                result.GetValue(soundFont)
            );
            Write(console, snippets, number, writer, result.GetValue(json));
        });
        return command;
    }

    private static void Write(CommandConsole console, IEnumerable<Snippet> snippets, int number, SnippetWriter writer, bool isJson)
    {
        var (facts, clock) = (new List<object>(), Stopwatch.StartNew());
        string? last = null;
        foreach (var snippet in snippets)
        {
            console.Progress(snippet.Name, Math.Min(1, facts.Count / (double)number));
            var paths = writer.Write(snippet.Name, snippet.Title, snippet.Roll);
            last ??= paths.FirstOrDefault(path => path.EndsWith(".wav", StringComparison.Ordinal)) ?? paths[0];
            facts.Add(
                new
                {
                    name = snippet.Name,
                    seed = snippet.Seed,
                    key = snippet.Title,
                    semitones = snippet.Semitones,
                    bars = snippet.Roll.StepCount / (double)(snippet.Roll.StepsPerQuarter * writer.BeatsPerBar),
                    tempo_bpm = writer.QuartersPerMinute,
                    files = paths,
                }
            );
        }

        if (isJson)
            console.Output.WriteLine(JsonSerializer.Serialize(new { schema = 1, snippets = facts }, SharedOptions.Indented));
        console.Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"wrote {facts.Count} {(facts.Count == 1 ? "snippet" : "snippets")} to {writer.Folder}/ "
                    + $"({string.Join(", ", writer.Formats)}), {clock.Elapsed.TotalSeconds:F1} "
                    + $"s{(last is null ? "" : $"; listen to {last}")}"
            )
        );
    }

    private static IEnumerable<Snippet> Snippets(
        CommandConsole console,
        ComputeDevice device,
        MusicModel model,
        int bars,
        int number,
        ulong first,
        double temperature,
        int? semitones
    )
    {
        using var composer = new MusicComposer(device, model);
        for (ulong seed = first; seed - first < (ulong)number; seed++)
        {
            var up = semitones ?? RandomKey(seed);
            yield return new Snippet(
                string.Create(CultureInfo.InvariantCulture, $"snippet-{seed:D4}"),
                MusicKey.Describe(up),
                Transposed(composer.ComposeBars(bars, seed, temperature, console.Cancellation), up),
                up,
                seed
            );
        }
    }

    private static IEnumerable<Snippet> Walk(
        ComputeDevice device,
        MusicModel model,
        ulong[] ends,
        int steps,
        double temperature,
        int? semitones
    )
    {
        using var composer = new MusicComposer(device, model);
        var (from, to) = (composer.SampleLatent(ends[0], temperature), composer.SampleLatent(ends[1], temperature));
        for (var step = 0; step < steps; step++)
        {
            var roll = composer.Generate(MusicComposer.Slerp(from, to, step / (steps - 1.0)));
            var name = string.Create(CultureInfo.InvariantCulture, $"walk-{ends[0]}-{ends[1]}-{step + 1:D3}");
            yield return new Snippet(name, MusicKey.Describe(semitones ?? 0), Transposed(roll, semitones ?? 0), semitones ?? 0, null);
        }
    }

    private static IEnumerable<Snippet> Accompaniments(
        CommandConsole console,
        ComputeDevice device,
        MusicModel model,
        string path,
        int number,
        ulong first
    )
    {
        var score = MidiFile.Read(path);
        foreach (var warning in score.Warnings)
            console.Warn($"{path}: {warning}");
        var voices = new VoiceSplitterOptions
        {
            VoiceCount = model.Layout.VoiceCount,
            StepsPerQuarter = model.Layout.StepsPerBeat,
            Range = Keyboard,
        };
        var single = VoiceSplitter.Split(score.Pieces()[0], voices with { VoiceCount = 1 });
        var melody = single.Dropped == 0 ? single.Roll : TopVoice(VoiceSplitter.Split(score.Pieces()[0], voices).Roll);
        if (!melody.States.ContainsAnyExceptInRange((byte)PianoRoll.Rest, (byte)PianoRoll.Hold))
            throw new BadFileException(path, null, "there are no notes in it to put voices below");
        for (ulong seed = first; seed - first < (ulong)number; seed++)
        {
            using var search = new MelodyAccompaniment(device, model, seed);
            var roll = search.Accompany(
                melody,
                new SynchronousProgress<double>(done =>
                    console.Progress($"voices {seed - first + 1} of {number}", (seed - first + done) / number)
                ),
                console.Cancellation
            );
            yield return new Snippet(
                string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileNameWithoutExtension(path)}-{seed:D4}"),
                Path.GetFileNameWithoutExtension(path),
                roll,
                0,
                seed
            );
        }
    }

    private static PianoRoll TopVoice(PianoRoll roll)
    {
        var states = new byte[roll.StepCount];
        for (var step = 0; step < states.Length; step++)
            states[step] = (byte)roll[step, 0];
        return new PianoRoll(roll.Range, 1, roll.StepsPerQuarter, states);
    }

    private static PianoRoll Transposed(PianoRoll roll, int semitones) => roll.WithRange(Keyboard).Transpose(semitones);

    /// <summary>A key of its own for each seed, -5 .. 6 semitones from C.</summary>
    private static int RandomKey(ulong seed) => new RandomNumbers(~seed).NextIndex(12) - 5;

    private static string[] Formats(string text)
    {
        string[] formats = [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct()];
        return formats.Length > 0 && formats.All(AllFormats.Contains)
            ? formats
            : throw new UsageException($"--format {text}: give some of mid, wav, png, separated by commas");
    }
}

/// <summary>The formats of snippets.</summary>
/// <param name="Folder">Where they go.</param>
/// <param name="Formats">mid, wav, png.</param>
/// <param name="QuartersPerMinute">The tempo.</param>
/// <param name="Program">The General MIDI program.</param>
/// <param name="BeatsPerBar">The quarters of a bar.</param>
/// <param name="SoundFont">A soundfont, or null for the built-in instruments.</param>
internal sealed record SnippetWriter(
    string Folder,
    IReadOnlyList<string> Formats,
    double QuartersPerMinute,
    int Program,
    int BeatsPerBar,
    string? SoundFont
)
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
                    AtomicFile.Write(
                        path,
                        stream =>
                            PianoRollPicture.Write(
                                stream,
                                roll,
                                new PianoRollPictureOptions { Title = title, QuartersPerBar = BeatsPerBar }
                            )
                    );
                    break;
            }

            paths.Add(path);
        }

        return paths;
    }

    private static Waveform Render(MidiScore score, string? soundFont) =>
        soundFont is null ? ScoreRenderer.Render(score) : SoundFontRenderer.Render(score, soundFont);
}
