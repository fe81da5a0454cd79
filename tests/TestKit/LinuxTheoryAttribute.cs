using System.Runtime.CompilerServices;

namespace VoiceKit.Tests.TestKit;

/// <summary>A theory of what only Linux has.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LinuxTheoryAttribute : TheoryAttribute
{
    public LinuxTheoryAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber) => Skip = OperatingSystem.IsLinux() ? null : "This needs Linux.";
}
