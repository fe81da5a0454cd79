namespace VoiceKit.Corpora;

/// <summary>
/// What Kaldi takes the right side of a line in wav.scp for. Besides files these are commands ("sph2pipe x.sph |"), standard input ("-") and places in
/// archives ("x.ark:17").
/// </summary>
internal static class KaldiAudioPath
{
    /// <summary>Why such a line names no file that VoiceKit opens, without a full stop; null where it does.</summary>
    public static string? Fault(string path) => path switch
    {
        "" => "there is no path",
        "-" => "'-' is standard input, not a file",
        _ when path.Contains('|', StringComparison.Ordinal) => $"'{CorpusId.Shortened(path)}' is a command: it is code, not a file, and is not run; write its output to a file and name that",
        _ when IsPlaceInArchive(path) => $"'{CorpusId.Shortened(path)}' is a place in an archive, not a file",
        _ => null,
    };

    /// <summary>Why a path cannot stand in wav.scp, without a full stop; null where it can.</summary>
    public static string? WritingFault(string path) => path switch
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
