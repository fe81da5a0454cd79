using System.Reflection;

namespace VoiceKit.Tests.Architecture;

/// <summary>The source files of the repository that this test assembly was built from.</summary>
internal static class SourceFiles
{
    public static string Root { get; } = FindRoot();

    /// <summary>The libraries and the program.</summary>
    public static IReadOnlyList<Assembly> Assemblies { get; } =
    [
        .. (
            (string[])
                ["VoiceKit.Compute", "VoiceKit", "VoiceKit.Music", "VoiceKit.Corpora", "VoiceKit.Gpu", "VoiceKit.Pictures", "VoiceKit.Cli"]
        ).Select(Assembly.Load),
    ];

    /// <summary>All C# files below a folder of the repository, build outputs left out.</summary>
    public static IReadOnlyList<string> Below(string folder) =>
        [
            .. Directory
                .EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
                .Where(path => !Path.GetRelativePath(Root, path).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
                .Order(StringComparer.Ordinal),
        ];

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "VoiceKit.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds VoiceKit.sln.");
    }
}
