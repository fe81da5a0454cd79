using System.Globalization;
using VoiceKit.Corpora;
using VoiceKit.Files;

namespace VoiceKit.Cli;

/// <summary>A checked corpus as text for people: one line a recording, then the sums.</summary>
internal static class CorpusTable
{
    private const int LongestName = 40;
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
            output.WriteLine($"{name.PadRight(nameWidth)}  {string.Join("  ", cells.Select((cell, i) => cell.PadLeft(widths[i])))}  {remarks}".TrimEnd());
    }

    private static void WriteSums(CorpusReport report, TextWriter output)
    {
        output.WriteLine($"files             {report.Recordings.Count}");
        output.WriteLine($"hours             {Number(report.Duration.TotalHours, "0.000")}");
        output.WriteLine($"speakers          {report.Speakers.Count}{(report.Speakers.Count is > 0 and <= 10 ? $" ({string.Join(", ", report.Speakers.Select(Shortened))})" : "")}");
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

    private static string[] Cells(RecordingReport recording) => recording.Measures is not { } measures ? [.. Titles.Select(_ => "-")] :
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
        if (line.Length <= LongestName)
            return line;
        var start = line.Length - LongestName + 3;
        return string.Concat("...", line.AsSpan(char.IsLowSurrogate(line[start]) ? start + 1 : start));
    }

    private static string Number(double value, string format) => double.IsInfinity(value) ? (value > 0 ? "inf" : "-inf") : value.ToString(format, CultureInfo.InvariantCulture);
}
