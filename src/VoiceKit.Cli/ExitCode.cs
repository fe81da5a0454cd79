namespace VoiceKit.Cli;

/// <summary>What the program's exit code means.</summary>
internal static class ExitCode
{
    /// <summary>All is done.</summary>
    public const int Done = 0;

    /// <summary>Several items were asked for, and some failed.</summary>
    public const int SomeFailed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The input cannot be used.</summary>
    public const int BadInput = 3;

    /// <summary>Something cannot be read or written.</summary>
    public const int InputOutput = 4;

    /// <summary>The model or file format is of another version.</summary>
    public const int Version = 5;

    /// <summary>The device is not there, has too little memory, or fails.</summary>
    public const int Device = 6;

    /// <summary>A bug of VoiceKit's.</summary>
    public const int Bug = 70;

    /// <summary>Nothing is wrong; run the same line again to go on.</summary>
    public const int RunAgain = 75;

    /// <summary>Interrupted by SIGINT.</summary>
    public const int Interrupted = 130;

    /// <summary>Ended by SIGTERM.</summary>
    public const int Terminated = 143;
}
