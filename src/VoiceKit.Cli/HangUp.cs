using System.Globalization;

namespace VoiceKit.Cli;

/// <summary>Whether whoever started this process had it ignore SIGHUP, as nohup does: to handle it would undo that.</summary>
internal static class HangUp
{
    /// <summary>Whether SIGHUP is ignored.</summary>
    public static bool IsIgnored { get; } = Find();

    private static bool Find()
    {
        try
        {
            // Signal 1 is the lowest bit of the mask of ignored signals.
            var mask = File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))?["SigIgn:".Length..].Trim();
            return ulong.TryParse(mask, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bits) && (bits & 1) == 1;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
