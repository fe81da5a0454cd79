using static System.FormattableString;

namespace VoiceKit.Corpora;

/// <summary>A line of a Kaldi table: a key, blanks, the rest.</summary>
/// <param name="Key">The first word.</param>
/// <param name="Rest">What follows, without the blanks around it; "" where nothing does.</param>
/// <param name="Line">The number of the line, from 1.</param>
internal readonly record struct KaldiEntry(string Key, string Rest, long Line);

/// <summary>
/// Reads the text tables of a Kaldi data directory. Blank lines, a byte order mark and carriage returns, which editors leave, say nothing
/// and are passed over.
/// </summary>
internal static class KaldiTable
{
    /// <summary>The characters that Kaldi takes for a blank.</summary>
    private const string Blanks = " \t\r\f\v";

    /// <summary>Reads a table in the order of its lines. A line that is there again as it was is taken once.</summary>
    /// <param name="path">The file.</param>
    /// <param name="take">Gets each entry, and the lines for its errors.</param>
    /// <param name="takesAnyBytes">Whether bytes that are no UTF-8 become U+FFFD; else they are an error.</param>
    /// <exception cref="Files.BadFileException">A line is no text or too long, or a key is there twice with different contents.</exception>
    public static void Read(string path, Action<KaldiEntry, TextLines> take, bool takesAnyBytes = false)
    {
        using var lines = new TextLines(path);
        var seen = new Dictionary<string, (long Line, string Value)>(StringComparer.Ordinal);
        while (lines.TryReadText(out var text, takesAnyBytes))
        {
            var line = text.AsSpan().Trim(Blanks);
            if (line.IsEmpty)
                continue;
            var length = line.IndexOfAny(Blanks);
            var key = (length < 0 ? line : line[..length]).ToString();
            var rest = length < 0 ? "" : line[length..].TrimStart(Blanks).ToString();
            if (!seen.TryAdd(key, (lines.Number, rest)))
            {
                if (seen[key].Value == rest)
                    continue;
                throw lines.Bad(Invariant($"'{CorpusId.Shortened(key)}' is there twice; the first is in line {seen[key].Line}"));
            }

            take(new KaldiEntry(key, rest, lines.Number), lines);
        }
    }

    /// <summary>The words of a text.</summary>
    public static string[] Words(string text) => text.Split(Blanks.ToCharArray(), StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Reads a table that may be missing into a dictionary, which is then empty.</summary>
    public static Dictionary<string, T> ReadOptional<T>(string path, Func<KaldiEntry, TextLines, T> value)
    {
        var table = new Dictionary<string, T>(StringComparer.Ordinal);
        if (File.Exists(path))
            Read(path, (entry, lines) => table.Add(entry.Key, value(entry, lines)));
        return table;
    }
}

/// <summary>
/// What Kaldi takes the right side of a line in wav.scp for. Besides files these are commands ("sph2pipe x.sph |"), standard input ("-")
/// and places in archives ("x.ark:17").
/// </summary>
internal static class KaldiAudioPath
{
    /// <summary>Why such a line names no file that VoiceKit opens, without a full stop; null where it does.</summary>
    public static string? Fault(string path) =>
        path switch
        {
            "" => "there is no path",
            "-" => "'-' is standard input, not a file",
            _ when path.Contains('|', StringComparison.Ordinal) =>
                $"'{CorpusId.Shortened(path)}' is a command: it is code, not a file, and is not run; write its output to a file "
                    + $"and name that",
            _ when IsPlaceInArchive(path) => $"'{CorpusId.Shortened(path)}' is a place in an archive, not a file",
            _ => null,
        };

    /// <summary>Why a path cannot stand in wav.scp, without a full stop; null where it can.</summary>
    public static string? WritingFault(string path) =>
        path switch
        {
            "" => "it is empty",
            _ when path.AsSpan().ContainsAny("\n\r\0") => "it has a line break or a NUL character",
            _ when char.IsWhiteSpace(path[0]) || char.IsWhiteSpace(path[^1]) => "it starts or ends with a blank",
            _ when path.Contains('|', StringComparison.Ordinal) => "Kaldi takes a path with '|' for a command",
            "-" => "Kaldi takes '-' for standard input",
            _ when path[0] == '~' => "Kaldi does not allow a path that starts with '~'",
            _ when IsPlaceInArchive(path) => "Kaldi takes a path that ends in a colon and a number for a place in an archive",
            _ when path[^1] == ']' => "Kaldi takes a path that ends in ']' for a part of an archive",
            _ => null,
        };

    private static bool IsPlaceInArchive(string path) => char.IsAsciiDigit(path[^1]) && path.AsSpan().TrimEnd("0123456789").EndsWith(":");
}
