using System.Buffers;

namespace VoiceKit.Clusters;

/// <summary>Writes words so that bash reads them back as they are.</summary>
internal static class ShellWord
{
    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./:=,+@%");

    /// <summary>The word, in single quotes unless it needs none.</summary>
    /// <exception cref="ArgumentException">It holds a NUL character, which no argument of a program can.</exception>
    public static string Quote(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        if (word.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException("A word of a command line cannot hold a NUL character.", nameof(word));
        return word.Length > 0 && !word.AsSpan().ContainsAnyExcept(Plain) ? word : "'" + word.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
    }
}
