using VoiceKit.Music;

namespace VoiceKit.Tests.TestKit;

/// <summary>A test that needs libfluidsynth; where it is not installed, the test shows as skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FluidSynthFactAttribute : FactAttribute
{
    public FluidSynthFactAttribute()
    {
        if (!SoundFontRenderer.IsAvailable)
            Skip = "libfluidsynth is not installed (Debian: libfluidsynth3)";
    }
}
