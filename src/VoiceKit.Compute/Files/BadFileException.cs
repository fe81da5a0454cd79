using System.Globalization;
using System.Text;

namespace VoiceKit.Files;

/// <summary>The one exception for a file whose bytes cannot be used: which file, where in it, and why.</summary>
/// <remarks>It cannot derive from <see cref="InvalidDataException"/>, which is sealed, and is not an <see cref="IOException"/>: the disk is
/// fine.</remarks>
public sealed class BadFileException : Exception
{
    /// <summary>Creates the exception; its message is "PATH: REASON (at byte OFFSET)".</summary>
    /// <param name="path">The file's path, or the name of the stream.</param>
    /// <param name="offset">The byte offset of the fault from the start of the file, or null where no single byte is at fault.</param>
    /// <param name="reason">What is wrong and, where known, what to do, without a full stop.</param>
    /// <param name="inner">The exception that led to this one, if any.</param>
    public BadFileException(string path, long? offset, string reason, Exception? inner = null)
        : base(Sentence(path, offset, reason), inner)
    {
        Path = path;
        Offset = offset;
        Reason = ExceptionText.Plain(reason);
    }

    /// <summary>Gets the file's path, or the name of the stream.</summary>
    public string Path { get; }

    /// <summary>Gets the byte offset of the fault, or null where no single byte is at fault.</summary>
    public long? Offset { get; }

    /// <summary>Gets what is wrong.</summary>
    public string Reason { get; }

    private static string Sentence(string path, long? offset, string reason)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(reason);
        var place = offset is { } at ? string.Create(CultureInfo.InvariantCulture, $" (at byte {at})") : "";
        return OnOneLine(path) + ": " + OnOneLine(ExceptionText.Plain(reason)) + place;
    }

    /// <summary>
    /// A text with its control characters escaped. A file name may hold any character: a line break in it must not forge a second line in a
    /// log.
    /// </summary>
    /// <param name="text">The text.</param>
    public static string OnOneLine(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.Any(char.IsControl))
            return text;
        var line = new StringBuilder();
        foreach (var character in text)
            _ = char.IsControl(character) ? line.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}") : line.Append(character);
        return line.ToString();
    }
}

/// <summary>
/// The exception for files that are whole and together cannot be worked with, such as too little speech, or sentences that do not match.
/// </summary>
/// <param name="message">What is wrong, and what to do, in plain words.</param>
public sealed class UnusableDataException(string message) : Exception(message);

/// <summary>Messages of exceptions for people.</summary>
internal static class ExceptionText
{
    private const string ParameterStart = " (Parameter '";

    /// <summary>The message without the names of parameters, which .NET adds and which mean nothing to users.</summary>
    public static string PlainMessage(this Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return Plain(exception.Message);
    }

    internal static string Plain(string message)
    {
        for (int start; (start = message.IndexOf(ParameterStart, StringComparison.Ordinal)) >= 0;)
        {
            var end = message.IndexOf("')", start, StringComparison.Ordinal);
            message = message[..start] + (end < 0 ? "" : message[(end + 2)..]);
        }

        return message;
    }
}
