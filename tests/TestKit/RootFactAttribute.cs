using System.Runtime.CompilerServices;

namespace VoiceKit.Tests.TestKit;

/// <summary>A test that mounts file systems, which takes root on Linux; elsewhere it shows as skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
            Skip = "This needs root on Linux.";
    }
}
