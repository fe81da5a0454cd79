using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using VoiceKit.Files;
using VoiceKit.Music;
using VoiceKit.Pictures;

namespace VoiceKit.Cli;

/// <summary>voicekit music inspect.</summary>
internal static class MusicInspectCommand
{
    private static readonly string[] Splits = ["train", "valid", "test"];

    public static Command Create(CommandConsole console)
    {
        var inputs = new Argument<string[]>("IN")
        {
            Description = "MIDI files, folders of them, - for standard input, or a file of chorales (.json, with :train, :valid or :test).",
            Arity = ArgumentArity.OneOrMore,
        };
        var bars = new Option<int>("--bars")
        {
            Description = "Measure windows of this many bars; 0 measures whole pieces.",
            DefaultValueFactory = _ => 4,
        }.AcceptFrom(0, 10_000);
        var steps = new Option<int>("--steps")
        {
            Description = "The steps of a bar; 16 is a grid of sixteenths in 4/4.",
            DefaultValueFactory = _ => 16,
        }.AcceptFrom(1, 384);
        var beats = new Option<int>("--beats") { Description = "The beats of a bar.", DefaultValueFactory = _ => 4 }.AcceptFrom(1, 64);
        var reference = new Option<string?>("--reference")
        {
            Description = "Compare with this music: overlaps, divergences, and how near each window comes to a copy.",
        };
        var picture = new Option<string?>("--output", "-o")
        {
            Description = "A PNG of the piano-roll for one file, or a folder for several.",
        };
        var json = SharedOptions.Json();
        var command = new Command(
            "inspect",
            """
            Measure scores: note lengths, harmony, melody, texture; by windows of four bars.

              voicekit music inspect piece.mid -o piece.png
              voicekit music inspect generated/ --reference corpus/ --json
            """
        )
        {
            inputs,
            bars,
            steps,
            beats,
            reference,
            picture,
            json,
        };
        command.SetAction(result =>
        {
            var grid = new Grid(result.GetValue(bars), result.GetValue(steps), result.GetValue(beats));
            if (grid.StepsPerBar % grid.Beats != 0)
                throw new UsageException($"--steps {grid.StepsPerBar}: a bar of {grid.Beats} beats needs a multiple of {grid.Beats}");
            var sources = result.GetRequiredValue(inputs).Select(input => Source.Read(console, input, grid)).ToArray();
            var compared = result.GetValue(reference) is { } path ? Source.Read(console, path, grid) : null;
            if (result.GetValue(picture) is { } output)
                Draw(console, sources, output, grid);
            var corpora = sources.Select(source => Measure(console, source, grid)).ToArray();
            var other = compared is null ? null : Measure(console, compared, grid);
            console.Output.WriteLine(
                result.GetValue(json) ? Json(sources, corpora, compared, other, grid) : MetricsTable.Text(corpora, other).TrimEnd()
            );
            if (compared is not null && !result.GetValue(json))
            {
                foreach (var source in sources)
                    console.Output.WriteLine(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"nearest window of {compared.Name} in any key, Jaccard: at most {Nearest(source, compared, grid):F2} "
                                + $"({source.Name})"
                        )
                    );
            }
        });
        return command;
    }

    private static CorpusMetrics Measure(CommandConsole console, Source source, Grid grid)
    {
        var windows = source.Pieces.SelectMany(piece => grid.Bars == 0 ? [piece] : piece.Windows(grid.Bars, grid.StepsPerBar)).ToArray();
        if (windows.Length == 0 && source.Pieces.Count > 0)
        {
            console.Warn($"{source.Name}: there is no window of {grid.Bars} bars in it, so whole pieces are measured, as with --bars 0");
            windows = [.. source.Pieces];
        }

        if (windows.Length == 0)
            throw new BadFileException(source.Name, null, "there is no music in it");
        return CorpusMetrics.Measure(source.Name, windows, grid.StepsPerBar, grid.Beats);
    }

    private static double Nearest(Source source, Source reference, Grid grid)
    {
        var snippets = source.Pieces.SelectMany(piece => piece.Windows(Math.Max(1, grid.Bars), grid.StepsPerBar)).ToArray();
        return new NearestWindow(reference.Pieces, grid.StepsPerBar, transpose: true)
            .FindAll(snippets)
            .Select(match => match.Similarity)
            .DefaultIfEmpty(0)
            .Max();
    }

    private static string Json(Source[] sources, CorpusMetrics[] corpora, Source? reference, CorpusMetrics? referenceMetrics, Grid grid)
    {
        var root = JsonNode.Parse(MetricsTable.Json(corpora))!.AsArray();
        for (var i = 0; reference is not null && i < corpora.Length; i++)
        {
            var comparison = CorpusComparison.Between(corpora[i], referenceMetrics!);
            root[i]!["mean_overlap"] = comparison.MeanOverlap;
            root[i]!["overlap"] = new JsonObject(comparison.Overlaps.Select(item => KeyValuePair.Create(item.Key, (JsonNode?)item.Value)));
            root[i]!["jsd"] = new JsonObject(comparison.Divergences.Select(item => KeyValuePair.Create(item.Key, (JsonNode?)item.Value)));
            root[i]!["nearest_window"] = Nearest(sources[i], reference, grid);
        }

        foreach (var corpus in root)
        {
            foreach (var group in (string[])["mean", "sd", "overlap", "jsd", "hist"])
            {
                if (corpus![group] is JsonObject figures)
                    corpus[group] = new JsonObject(
                        figures.Select(figure => KeyValuePair.Create(JsonName(figure.Key), figure.Value?.DeepClone()))
                    );
            }
        }

        return new JsonObject { ["schema"] = 1, ["corpora"] = root }.ToJsonString(SharedOptions.Indented);
    }

    /// <summary>A figure's name in snake_case: QN2_len>=2 is qn2_len_ge_2.</summary>
    private static string JsonName(string name) =>
        name.Replace(">=", "_ge_", StringComparison.Ordinal)
            .Replace("<=", "_le_", StringComparison.Ordinal)
            .Replace(">", "_gt_", StringComparison.Ordinal)
            .ToLowerInvariant();

    private static void Draw(CommandConsole console, Source[] sources, string output, Grid grid)
    {
        var scores = sources.SelectMany(source => source.Scores).ToArray();
        if (scores.Length == 0)
            throw new UsageException("--output draws MIDI files, and none was given");
        var isFolder = scores.Length > 1 || Directory.Exists(output);
        _ = isFolder ? OutputName.RequireFolder("-o", output) : OutputName.RequireFile("-o", output, ".png");
        var clash = scores
            .GroupBy(item => Path.GetFileNameWithoutExtension(item.Path), StringComparer.Ordinal)
            .FirstOrDefault(group => group.Count() > 1);
        if (isFolder && clash is not null)
            throw new UsageException($"{string.Join(" and ", clash.Select(item => item.Path))} would both be drawn as {clash.Key}.png");
        foreach (var (path, score) in scores)
        {
            var name = Path.GetFileNameWithoutExtension(path);
            AtomicFile.Write(
                isFolder ? ContainedPath.Of(output, name + ".png") : output,
                stream => PianoRollPicture.Write(stream, score, new PianoRollPictureOptions { Title = name, QuartersPerBar = grid.Beats })
            );
        }

        console.Say($"wrote {(isFolder ? $"{scores.Length} {(scores.Length == 1 ? "picture" : "pictures")} to {output}/" : output)}");
    }

    private sealed record Grid(int Bars, int StepsPerBar, int Beats);

    /// <summary>The music of one argument: grids to measure, and MIDI scores to draw.</summary>
    private sealed record Source(string Name, IReadOnlyList<NoteGrid> Pieces, IReadOnlyList<(string Path, MidiScore Score)> Scores)
    {
        public static Source Read(CommandConsole console, string input, Grid grid)
        {
            var colon = input.LastIndexOf(':');
            var split = colon > 0 && Splits.Contains(input[(colon + 1)..]) ? input[(colon + 1)..] : null;
            var path = split is null ? input : input[..colon];
            if (path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
                return new Source(
                    input,
                    [.. Chorales(ChoraleFile.Read(path, new PitchRange(0, 128)), split).Select(NoteGrid.FromRoll)],
                    []
                );
            var files = Directory.Exists(path) ? MusicFolder.Files(path) : [path];
            if (files.Count == 0)
                throw new BadFileException(path, null, "there is no MIDI file (.mid, .midi) in this folder");
            var scores = new List<(string Path, MidiScore Score)>();
            foreach (var file in files)
            {
                console.Progress($"reading {Path.GetFileName(file)}", scores.Count / (double)files.Count);
                try
                {
                    var score = file == WorkItems.Standard ? ReadStandardInput() : MidiFile.Read(file);
                    foreach (var warning in score.Warnings)
                        console.Warn($"{file}: {warning}");
                    scores.AddRange(score.Pieces().Select(piece => (file, piece)));
                }
                catch (Exception exception)
                    when (Directory.Exists(path) && exception is (BadFileException or IOException or UnauthorizedAccessException))
                {
                    // One file of a folder does not end the work on the others.
                    console.Warn($"left out: {exception.Message}");
                }
            }

            var grids = scores
                .Select(item => NoteGrid.FromScore(item.Score, grid.StepsPerBar / grid.Beats))
                .Where(notes => notes.StepCount > 0)
                .ToArray();
            return grids.Length > 0 ? new Source(input, grids, scores) : throw new BadFileException(path, null, "there are no notes in it");
        }

        private static MidiScore ReadStandardInput()
        {
            using var stream = StandardStreams.OpenInput();
            return MidiFile.Read(stream, "standard input");
        }

        private static IEnumerable<PianoRoll> Chorales(ChoraleSplits splits, string? split) =>
            split switch
            {
                "train" => splits.Train,
                "valid" => splits.Valid,
                "test" => splits.Test,
                _ => splits.Train.Concat(splits.Valid).Concat(splits.Test),
            };
    }
}
