using System.Text.Json.Nodes;
using VoiceKit.Corpora;

namespace VoiceKit.Cli;

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

    private static JsonObject Summary(CorpusReport report) => new()
    {
        ["files"] = report.Recordings.Count,
        ["hours"] = report.Duration.TotalHours,
        ["speakers"] = Texts(report.Speakers),
        ["sample_rate_hz"] = report.SampleRate,
        ["channels"] = report.ChannelCount,
        ["unusable"] = report.UnusableCount,
        ["other_files"] = new JsonArray([.. report.OtherFiles.Select(kind => new JsonObject { ["extension"] = kind.Extension, ["count"] = kind.Count, ["reason"] = kind.Reason })]),
        ["duplicates"] = new JsonArray([.. report.Duplicates.Select(group => Texts(group.Select(recording => recording.Item.Path)))]),
        ["missing_partners"] = new JsonArray([.. report.MissingPartners.Select(missing => new JsonObject { ["speaker"] = missing.Speaker, ["name"] = missing.Name })]),
    };

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);

    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}
