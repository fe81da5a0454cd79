namespace VoiceKit.Tests.TestKit;

/// <summary>What a reader should make of a file.</summary>
public enum Verdict
{
    /// <summary>Read it without a warning.</summary>
    Accept,

    /// <summary>Read it and warn about the file.</summary>
    Warn,

    /// <summary>Read it without a warning about the file; the look at the signal then warns.</summary>
    WarnAboutSignal,

    /// <summary>Refuse it with a BadFileException.</summary>
    Reject,
}

/// <summary>One odd or broken file.</summary>
public sealed record BadFileCase(string Name, Verdict Verdict, byte[] Bytes)
{
    public override string ToString() => Name;
}
