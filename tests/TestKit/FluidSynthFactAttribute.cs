using System.Runtime.CompilerServices;
using VoiceKit.Music;

namespace VoiceKit.Tests.TestKit;

/// <summary>A test that needs libfluidsynth; where it is not installed, the test shows as skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FluidSynthFactAttribute : FactAttribute
{
    public FluidSynthFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        if (!SoundFontRenderer.IsAvailable)
            Skip = "libfluidsynth is not installed (Debian: libfluidsynth3)";
    }
}
