using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using VoiceKit.Audio;
using VoiceKit.Corpora;
using VoiceKit.Files;

namespace VoiceKit.Cli;

/// <summary>voicekit corpus check.</summary>
internal static class CorpusCheckCommand
{
    public static Command Create(CommandConsole console)
    {
        var corpus = new Argument<string>("CORPUS")
        {
            Description = "A folder of recordings, best with one subfolder a speaker, or one file.",
        };
        var speaker = new SpeakerOption();
        var (json, jobs) = (SharedOptions.Json(), SharedOptions.Jobs());
        var command = new Command(
            "check",
            """
            Look at every recording: can it be decoded, is it long, loud and clean enough, is it there twice, does each speaker have it?
            Exits with 3 when a recording cannot be used.

              voicekit corpus check recordings/
              voicekit corpus check recordings/ --json | jq '.files[] | select(.snr_db < 20) | .path'

            level: integrated loudness (ITU-R BS.1770-4). SNR: speech over the noise in the pauses, "-" where there is no pause, "inf" where
            pauses are digital silence. clipped: the share of samples at full scale. before, after: the silence around the speech.
            Names are compared among the folders directly below the corpus' that have a name in common with another one.
            """
        )
        {
            corpus,
            speaker.Option,
            json,
            jobs,
        };
        command.SetAction(result =>
        {
            var path = result.GetRequiredValue(corpus);
            var items = CorpusSource.Open(path, speakers: speaker.Parse(result), warn: console.Warn).ToArray();
            var others = Directory.Exists(path) && !ManifestFile.IsManifest(path) ? OtherFiles.Below(path) : [];
            if (items.Length == 0)
                throw new BadFileException(
                    path,
                    null,
                    $"there is no recording in it{(others.Count > 0 ? $", but {OtherFiles.Describe(others)}" : "")}; audio files "
                        + $"are known by their names ({string.Join(", ", AudioFile.Extensions)})"
                );
            if (items.Length == 1 && items[0].Path == path && !Path.Exists(path))
                throw new FileNotFoundException($"{path}: there is no such file or folder", path);
            var report = CorpusCheck.Run(
                items,
                result.GetValue(jobs),
                (done, all) => console.Progress($"{done} of {all} recordings", (double)done / all),
                console.Cancellation
            ) with
            {
                OtherFiles = others,
            };
            if (result.GetValue(json))
                CorpusReportJson.Write(report, console.Output);
            else
                CorpusTable.Write(report, console.Output);
            if (report.UnusableCount == 0)
                return ExitCode.Done;
            console.Complain(
                $"{report.UnusableCount} of {report.Recordings.Count} recordings cannot be used: the remarks say why; repair them "
                    + $"or take them out"
            );
            return ExitCode.BadInput;
        });
        return command;
    }
}

/// <summary>A checked corpus as text for people: one line a recording, then the sums.</summary>
internal static class CorpusTable
{
    private const int MaxName = 40;
    private static readonly string[] Titles = ["duration", "rate", "ch", "level", "SNR", "clipped", "before", "after"];
    private static readonly string[] Units = ["s", "Hz", "", "LUFS", "dB", "%", "s", "s"];

    public static void Write(CorpusReport report, TextWriter output)
    {
        var names = report.Recordings.Select(recording => Shortened(recording.Name)).ToArray();
        var rows = report.Recordings.Select(Cells).ToArray();
        var nameWidth = names.Append("name").Max(name => name.Length);
        var widths = Titles.Select((title, i) => rows.Select(row => row[i].Length).Append(title.Length).Max()).ToArray();

        WriteLine("name", Titles, "remarks");
        WriteLine("", Units, "");
        foreach (var ((recording, name), row) in report.Recordings.Zip(names).Zip(rows))
            WriteLine(name, row, Remarks(recording));
        output.WriteLine();
        WriteSums(report, output);

        void WriteLine(string name, string[] cells, string remarks) =>
            output.WriteLine(
                $"{name.PadRight(nameWidth)}  {string.Join("  ", cells.Select((cell, i) => cell.PadLeft(widths[i])))}  {remarks}".TrimEnd()
            );
    }

    private static void WriteSums(CorpusReport report, TextWriter output)
    {
        output.WriteLine($"files             {report.Recordings.Count}");
        output.WriteLine($"hours             {Number(report.Duration.TotalHours, "0.000")}");
        var speakers = report.Speakers.Count is > 0 and <= 10 ? $" ({string.Join(", ", report.Speakers.Select(Shortened))})" : "";
        output.WriteLine($"speakers          {report.Speakers.Count}{speakers}");
        if (report.OtherFiles.Count > 0)
            output.WriteLine($"not read          {OtherFiles.Describe(report.OtherFiles)}");
        output.WriteLine($"unusable          {report.UnusableCount}");
        output.WriteLine($"duplicates        {report.DuplicateCount}");
        foreach (var group in report.Duplicates)
            output.WriteLine($"  the same: {string.Join(", ", group.Select(recording => Shortened(recording.Name)))}");
        output.WriteLine($"missing partners  {report.MissingPartners.Count}");
        foreach (var (speaker, name) in report.MissingPartners)
            output.WriteLine($"  {Shortened(speaker)} has no {Shortened(name)}");
    }

    private static string[] Cells(RecordingReport recording) =>
        recording.Measures is not { } measures
            ? [.. Titles.Select(_ => "-")]
            :
            [
                Number(measures.Duration.TotalSeconds, "0.00"),
                Number(measures.SampleRate, "0"),
                Number(measures.ChannelCount, "0"),
                Number(measures.Loudness, "0.0"),
                measures.SignalToNoiseDb is { } ratio ? Number(ratio, "0") : "-",
                Number(100 * measures.ClippedFraction, "0.00"),
                Number(measures.LeadingSilence.TotalSeconds, "0.00"),
                Number(measures.TrailingSilence.TotalSeconds, "0.00"),
            ];

    private static string Remarks(RecordingReport recording)
    {
        var fault = recording.Fault is { } reason ? [$"UNUSABLE: {reason.TrimEnd('.')}."] : Array.Empty<string>();
        return BadFileException.OnOneLine(string.Join(' ', fault.Concat(recording.Warnings)));
    }

    /// <summary>A name without control characters; of a long one the end, in which names of one folder differ.</summary>
    private static string Shortened(string name)
    {
        var line = BadFileException.OnOneLine(name);
        if (line.Length <= MaxName)
            return line;
        var start = line.Length - MaxName + 3;
        return string.Concat("...", line.AsSpan(char.IsLowSurrogate(line[start]) ? start + 1 : start));
    }

    private static string Number(double value, string format) =>
        double.IsInfinity(value) ? (value > 0 ? "inf" : "-inf") : value.ToString(format, CultureInfo.InvariantCulture);
}

/// <summary>A checked corpus as one JSON object for programs: "files" and "summary". A number that is not finite is null.</summary>
internal static class CorpusReportJson
{
    public static void Write(CorpusReport report, TextWriter output)
    {
        // One line a file: the text of a large corpus is never in memory as a whole, and can be read by people and by line tools.
        output.WriteLine("{");
        output.WriteLine("  \"schema\": 1,");
        output.WriteLine("  \"files\": [");
        for (var i = 0; i < report.Recordings.Count; i++)
            output.WriteLine($"    {File(report.Recordings[i]).ToJsonString()}{(i < report.Recordings.Count - 1 ? "," : "")}");
        output.WriteLine("  ],");
        output.WriteLine($"  \"summary\": {Summary(report).ToJsonString()}");
        output.WriteLine("}");
    }

    private static JsonObject File(RecordingReport recording)
    {
        var item = new JsonObject
        {
            ["id"] = recording.Item.Id,
            ["path"] = recording.Item.Path,
            ["speaker"] = recording.Item.Speaker,
            ["usable"] = recording.IsUsable,
            ["fault"] = recording.Fault,
        };
        var measures = recording.Measures;
        item["sample_rate_hz"] = measures?.SampleRate;
        item["channels"] = measures?.ChannelCount;
        item["encoding"] = measures?.Encoding;
        item["duration_s"] = measures?.Duration.TotalSeconds;
        item["peak"] = Finite(measures?.Peak);
        item["dc_offset"] = Finite(measures?.DcOffset);
        item["clipped_fraction"] = Finite(measures?.ClippedFraction);
        item["loudness_lufs"] = Finite(measures?.Loudness);
        item["snr_db"] = Finite(measures?.SignalToNoiseDb);
        item["leading_silence_s"] = measures?.LeadingSilence.TotalSeconds;
        item["trailing_silence_s"] = measures?.TrailingSilence.TotalSeconds;
        item["sha256"] = measures?.ContentHash;
        item["warnings"] = Texts(recording.Warnings);
        return item;
    }

    private static JsonObject Summary(CorpusReport report) =>
        new()
        {
            ["files"] = report.Recordings.Count,
            ["hours"] = report.Duration.TotalHours,
            ["speakers"] = Texts(report.Speakers),
            ["sample_rate_hz"] = report.SampleRate,
            ["channels"] = report.ChannelCount,
            ["unusable"] = report.UnusableCount,
            ["other_files"] = new JsonArray([
                .. report.OtherFiles.Select(kind => new JsonObject
                {
                    ["extension"] = kind.Extension,
                    ["count"] = kind.Count,
                    ["reason"] = kind.Reason,
                }),
            ]),
            ["duplicates"] = new JsonArray([.. report.Duplicates.Select(group => Texts(group.Select(recording => recording.Item.Path)))]),
            ["missing_partners"] = new JsonArray([
                .. report.MissingPartners.Select(missing => new JsonObject { ["speaker"] = missing.Speaker, ["name"] = missing.Name }),
            ]),
        };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);

    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}
