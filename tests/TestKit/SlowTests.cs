namespace VoiceKit.Tests.TestKit;

/// <summary>The trait of tests that take long: dotnet test leaves them out, .ci/run runs them (tests/slow.runsettings).</summary>
internal static class SlowTests
{
    public const string Category = "Category";
    public const string Slow = "Slow";
}
