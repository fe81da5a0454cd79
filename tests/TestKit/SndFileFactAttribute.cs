using System.Runtime.CompilerServices;
using VoiceKit.Audio;

namespace VoiceKit.Tests.TestKit;

/// <summary>A test that needs libsndfile; where it is not installed, the test shows as skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SndFileFactAttribute : FactAttribute
{
    public SndFileFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        if (SndFileLibrary.Installed is null)
            Skip = "libsndfile is not installed (Debian: libsndfile1)";
    }
}
