using System.Text.RegularExpressions;

namespace VoiceKit.Tests.Architecture;

/// <summary>The shape of the source: a file is a concept, a folder a screen.</summary>
public class SourceShapeTests
{
    private const int MaxColumns = 140,
        MaxLines = 600,
        MaxFolderFiles = 16;

    private static readonly string[] EmptyWords = ["Util", "Helper", "Manager", "Common"];

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    public void Files_Length_StaysReadable(string folder)
    {
        var lengths = SourceFiles
            .Below(folder)
            .Select(path => (Path: path, Lines: File.ReadLines(path).Count()))
            .OrderBy(item => item.Lines)
            .ToArray();
        Assert.True(lengths[^1].Lines <= MaxLines, $"{lengths[^1].Path} has {lengths[^1].Lines} lines");
        Assert.InRange(lengths[lengths.Length / 2].Lines, 60, 150);
    }

    [Fact]
    public void Files_OfTheLibraries_AreNotFragments()
    {
        var lengths = SourceFiles.Below("src").Select(path => File.ReadLines(path).Count()).ToArray();
        Assert.InRange(lengths.Length, 200, 330);
        Assert.InRange(lengths.Count(lines => lines < 40), 0, lengths.Length / 8);
        Assert.InRange(lengths.Count(lines => lines > 400), 0, lengths.Length / 20);
    }

    /// <summary>In tests a line of data, such as JSON, may be longer.</summary>
    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    public void Lines_Columns_StayWithinTheLimit(string folder)
    {
        var wide = SourceFiles
            .Below(folder)
            .SelectMany(path => File.ReadLines(path).Select((line, i) => (Text: line, Place: $"{Path.GetFileName(path)}:{i + 1}")))
            .Where(line => line.Text.Length > MaxColumns && (folder == "src" || !line.Text.Contains('"', StringComparison.Ordinal)))
            .Select(line => $"{line.Place} ({line.Text.Length})");
        Assert.Empty(wide);
    }

    [Fact]
    public void Folders_OfTheLibraries_FitOnAScreen() =>
        Assert.All(
            SourceFiles.Below("src").GroupBy(path => Path.GetDirectoryName(path)),
            folder => Assert.InRange(folder.Count(), 1, MaxFolderFiles)
        );

    /// <summary>
    /// Each file declares the type that it is named for, or, with a name in the plural, several types of that kind. What follows the first
    /// dot tells the parts of a partial type apart.
    /// </summary>
    [Fact]
    public void Files_OfTheLibraries_AreNamedForATypeInThem() =>
        Assert.All(
            SourceFiles.Below("src").Where(path => Path.GetFileName(path) is not ("Program.cs" or "GlobalSuppressions.cs")),
            path =>
            {
                var name = Path.GetFileNameWithoutExtension(path).Split('.')[0];
                var kind = Regex.Match(name, "[A-Z][a-z]+s$").Value.TrimEnd('s');
                var named = Regex
                    .Matches(File.ReadAllText(path), @"(?:class|record struct|record|struct|interface|enum) (\w+)")
                    .Select(match => match.Groups[1].Value)
                    .ToArray();
                Assert.True(
                    named.Contains(name)
                        || (kind.Length > 0 && named.Count(type => type.TrimEnd('s').EndsWith(kind, StringComparison.Ordinal)) > 1),
                    $"{path} declares {string.Join(", ", named)}"
                );
            }
        );

    [Fact]
    public void Types_Names_SayWhatTheyAre()
    {
        var names = SourceFiles
            .Assemblies.Append(typeof(SourceShapeTests).Assembly)
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.Namespace?.StartsWith("VoiceKit", StringComparison.Ordinal) == true)
            .Select(type => type.FullName!)
            .ToArray();
        Assert.NotEmpty(names);
        Assert.DoesNotContain(names, name => EmptyWords.Any(word => name.Contains(word, StringComparison.Ordinal)));
    }
}
