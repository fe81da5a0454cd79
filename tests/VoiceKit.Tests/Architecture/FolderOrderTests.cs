using System.Text.RegularExpressions;
using VoiceKit.Audio;

namespace VoiceKit.Tests.Architecture;

public class FolderOrderTests
{
    /// <summary>The folders in the order that data flows: each may use those before it.</summary>
    private static readonly string[] Order =
    [
        "Files", "Numerics", "Compute", "Audio", "Spectra", "Pictures", "Pitch", "Cepstra", "Aperiodicity", "Features",
        "Synthesis", "Alignment", "Mixtures", "Conversion", "Evaluation", "Networks", "Music", "Corpora", "Batches", "Clusters",
    ];

    /// <summary>Folders that may use less than what comes before them.</summary>
    private static readonly Dictionary<string, string[]> Restricted = new()
    {
        ["Pictures"] = ["Numerics"],
        ["Numerics"] = [],
    };

    private static readonly ILookup<string, string> TypesByFolder = typeof(Waveform).Assembly.GetTypes()
        .Where(type => type.Namespace?.StartsWith("VoiceKit.", StringComparison.Ordinal) == true && !type.IsNested)
        .ToLookup(type => type.Namespace!["VoiceKit.".Length..], type => type.Name.Split('`')[0]);

    public static TheoryData<string> Folders => [.. Order];

    [Fact]
    public void Folders_OfTheLibrary_AreThoseOfTheOrder()
    {
        var folders = SourceFiles.Below("src/VoiceKit").Select(path => Path.GetFileName(Path.GetDirectoryName(path)!)).Distinct();
        Assert.Equal(Order.Order(StringComparer.Ordinal), folders.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void Folder_SourceFiles_UseOnlyFoldersAbove(string folder)
    {
        var allowed = Restricted.GetValueOrDefault(folder, Order[..Array.IndexOf(Order, folder)]).Append(folder).ToArray();
        var files = SourceFiles.Below(Path.Combine("src", "VoiceKit", folder));
        Assert.NotEmpty(files);
        Assert.All(files, path =>
        {
            var text = File.ReadAllText(path);
            Assert.Contains($"namespace VoiceKit.{folder};", text, StringComparison.Ordinal);
            Assert.Empty(Uses(text).Except(allowed));
        });
    }

    [Fact]
    public void Library_ProjectFile_HidesNoUsings() =>
        Assert.DoesNotContain("Include=\"VoiceKit.", UsingItems(), StringComparison.Ordinal);

    [Theory]
    [InlineData("using VoiceKit.Pitch;", "Pitch")]
    [InlineData("using static VoiceKit.Pitch.F0Contour;", "Pitch")]
    [InlineData("using Contour = VoiceKit.Pitch.F0Contour;", "Pitch")]
    [InlineData("var x = new VoiceKit.Pitch.F0Contour();", "Pitch")]
    [InlineData("Pitch.F0Contour x;", "Pitch")]
    [InlineData("/// <see cref=\"Pitch.F0Contour\"/>", "Pitch")]
    [InlineData("Aperiodicity.Slice(1)", null)]
    public void Uses_EachWayToNameAType_IsFound(string text, string? folder) =>
        Assert.Equal(folder is null ? [] : [folder], Uses(text));

    /// <summary>The folders that a source text names: in full, or by a name that C# completes from the enclosing namespace.</summary>
    private static string[] Uses(string text)
    {
        var full = Regex.Matches(text, @"\bVoiceKit\.(\w+)").Select(match => match.Groups[1].Value).Where(Order.Contains);
        var partial = Regex.Matches(text, @"(?<![\w.])(\w+)\.(\w+)")
            .Where(match => TypesByFolder[match.Groups[1].Value].Contains(match.Groups[2].Value))
            .Select(match => match.Groups[1].Value);
        return [.. full.Concat(partial).Distinct()];
    }

    private static string UsingItems() => string.Concat(Directory.EnumerateFiles(SourceFiles.Root, "Directory.Build.*")
        .Append(Path.Combine(SourceFiles.Root, "src", "VoiceKit", "VoiceKit.csproj"))
        .SelectMany(File.ReadLines)
        .Where(line => line.Contains("<Using", StringComparison.Ordinal)));
}
