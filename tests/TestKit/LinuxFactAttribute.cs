using System.Runtime.CompilerServices;

namespace VoiceKit.Tests.TestKit;

/// <summary>A test that needs what Linux has, such as /dev/full; elsewhere it shows as skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        if (!OperatingSystem.IsLinux())
            Skip = "This needs Linux.";
    }
}
