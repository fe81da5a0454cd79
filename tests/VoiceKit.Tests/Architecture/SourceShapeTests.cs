using System.Reflection;
using VoiceKit.Audio;

namespace VoiceKit.Tests.Architecture;

public class SourceShapeTests
{
    private static readonly string[] EmptyWords = ["Util", "Helper", "Manager", "Common"];

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    public void Files_Length_StaysReadable(string folder)
    {
        var lengths = SourceFiles.Below(folder).Select(path => (Path: path, Lines: File.ReadLines(path).Count())).OrderBy(item => item.Lines).ToArray();
        Assert.True(lengths[^1].Lines <= 500, $"{lengths[^1].Path} has {lengths[^1].Lines} lines");
        Assert.InRange(lengths[lengths.Length / 2].Lines, 1, 130);
    }

    [Fact]
    public void Types_Names_SayWhatTheyAre()
    {
        var names = new[] { typeof(Waveform).Assembly, typeof(SourceShapeTests).Assembly, Assembly.Load("VoiceKit.Cli") }.SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.Namespace?.StartsWith("VoiceKit", StringComparison.Ordinal) == true)
            .Select(type => type.FullName!)
            .ToArray();
        Assert.NotEmpty(names);
        Assert.DoesNotContain(names, name => EmptyWords.Any(word => name.Contains(word, StringComparison.Ordinal)));
    }

    [Fact]
    public void Files_OfTheLibrary_LieInTheirNamespacesFolder() => Assert.All(SourceFiles.Below("src/VoiceKit"), path =>
        Assert.Equal("src/VoiceKit", Path.GetRelativePath(SourceFiles.Root, Path.GetDirectoryName(Path.GetDirectoryName(path)!)!).Replace('\\', '/')));
}
