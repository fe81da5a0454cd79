namespace VoiceKit.Files;

/// <summary>Messages of exceptions for people.</summary>
public static class ExceptionText
{
    private const string ParameterStart = " (Parameter '";

    /// <summary>The message without the names of parameters, which .NET adds and nobody who runs a program knows.</summary>
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
