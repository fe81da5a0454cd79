namespace VoiceKit.Tests.TestKit;

/// <summary>A test that mounts file systems, which takes root on Linux; elsewhere it shows as skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
            Skip = "This needs root on Linux.";
    }
}
