namespace VoiceKit.Tests.TestKit;

/// <summary>The test files of other projects under Audio/PublicFiles.</summary>
internal static class PublicWaveFiles
{
    public static string Folder { get; } = Find();

    /// <summary>All WAV files, as paths within <see cref="Folder"/>.</summary>
    public static IEnumerable<string> Names =>
        Directory
            .EnumerateFiles(Folder, "*.wav", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Folder, path).Replace('\\', '/'))
            .Order(StringComparer.Ordinal);

    /// <summary>Whether a file must be refused: a codec that is not decoded, or bytes that are no WAV file.</summary>
    public static bool IsBad(string name) =>
        name.StartsWith("hound/fuzz/", StringComparison.Ordinal) || name.Contains("imaadpcm", StringComparison.Ordinal);

    // The tests run from their output folder, somewhere below the repository's root.
    private static string Find()
    {
        var within = Path.Combine("tests", "VoiceKit.Tests", "Audio", "PublicFiles");
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Directory.Exists(Path.Combine(folder.FullName, within)))
                return Path.Combine(folder.FullName, within);
        }

        throw new DirectoryNotFoundException($"{within} is not above {AppContext.BaseDirectory}");
    }
}
