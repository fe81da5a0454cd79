using System.Text.RegularExpressions;

namespace VoiceKit.Tests.Architecture;

public partial class FolderOrderTests
{
    private static readonly string[] Order =
    [
        "Files", "Numerics", "Audio", "Spectra", "Pictures", "Pitch", "Cepstra", "Aperiodicity", "Features", "Synthesis",
        "Alignment", "Mixtures", "Conversion", "Evaluation",
    ];

    private static string Library { get; } = Path.Combine(FindRoot(), "src", "VoiceKit");

    [Fact]
    public void Folders_OfTheLibrary_AreAllInTheOrder() => Assert.Equal(
        Order.Order(StringComparer.Ordinal),
        Directory.GetDirectories(Library).Select(folder => Path.GetFileName(folder)!).Where(name => name is not ("bin" or "obj")).Order(StringComparer.Ordinal));

    [Fact]
    public void Files_OfAFolder_UseOnlyFoldersAbove()
    {
        var offences = from file in Sources()
                       let folder = Path.GetFileName(Path.GetDirectoryName(file))!
                       from Match match in FolderName().Matches(File.ReadAllText(file))
                       let used = match.Groups[1].Value
                       where Array.IndexOf(Order, used) > Array.IndexOf(Order, folder)
                       select $"{folder}/{Path.GetFileName(file)} uses {used}";
        Assert.Empty(offences);
    }

    [Fact]
    public void Pictures_UseNumericsAlone() => Assert.Empty(
        from file in Directory.GetFiles(Path.Combine(Library, "Pictures"), "*.cs")
        from Match match in FolderName().Matches(File.ReadAllText(file))
        where match.Groups[1].Value is not ("Pictures" or "Numerics")
        select $"{Path.GetFileName(file)} uses {match.Groups[1].Value}");

    [Fact]
    public void Files_AreShort()
    {
        var lengths = Sources().ToDictionary(file => file, file => File.ReadLines(file).Count());
        Assert.DoesNotContain(lengths, item => item.Value > 300);
        Assert.InRange(lengths.Values.Order().ElementAt(lengths.Count / 2), 1, 130);
    }

    [Fact]
    public void TypeNames_SayWhatTheyAre() => Assert.DoesNotContain(
        typeof(VoiceKit.Numerics.Frames).Assembly.GetTypes().Select(type => type.Name),
        name => VagueName().IsMatch(name));

    private static IEnumerable<string> Sources() => Order.SelectMany(folder => Directory.GetFiles(Path.Combine(Library, folder), "*.cs"));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "VoiceKit.sln")))
            folder = folder.Parent;
        return folder.FullName;
    }

    [GeneratedRegex(@"VoiceKit\.([A-Z][A-Za-z]+)")]
    private static partial Regex FolderName();

    [GeneratedRegex("(Utils?|Helpers?|Manager|Common)$")]
    private static partial Regex VagueName();
}
