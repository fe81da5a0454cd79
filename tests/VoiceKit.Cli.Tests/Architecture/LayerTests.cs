using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace VoiceKit.Tests.Architecture;

/// <summary>The order of the projects and of the folders in them: each uses only those before it.</summary>
public partial class LayerTests
{
    /// <summary>The projects, each with the projects that it may refer to and its folders in the order that data flows.</summary>
    private static readonly (string Name, string[] References, string[] Folders)[] Projects =
    [
        ("VoiceKit.Compute", [], ["Numerics", "Files", "Mixtures", "Devices", "Tensors", "Networks"]),
        ("VoiceKit", ["VoiceKit.Compute"], ["Audio", "Spectra", "Pitch", "Cepstra", "Features", "Synthesis", "Conversion", "Evaluation"]),
        ("VoiceKit.Music", ["VoiceKit"], ["Midi", "Rolls", "Statistics", "Generation", "Rendering"]),
        ("VoiceKit.Corpora", ["VoiceKit"], ["Corpora", "Batches", "Clusters"]),
        ("VoiceKit.Gpu", ["VoiceKit.Compute"], ["Kernels", "."]),
        ("VoiceKit.Pictures", ["VoiceKit.Music"], ["."]),
        (
            "VoiceKit.Cli",
            ["VoiceKit.Corpora", "VoiceKit.Gpu", "VoiceKit.Pictures"],
            ["Console", "Options", "Voice", "Corpora", "Batches", "Music", "."]
        ),
    ];

    /// <summary>The types that each folder of a project declares.</summary>
    private static readonly Dictionary<(string Project, string Folder), HashSet<string>> Types = Projects
        .SelectMany(project => project.Folders.Select(folder => (project.Name, Folder: folder)))
        .ToDictionary(place => place, place => Files(place.Name, place.Folder).SelectMany(Declared).ToHashSet());

    public static TheoryData<string> Names => [.. Projects.Select(project => project.Name)];

    public static TheoryData<string, string> NamespaceFolders => FoldersOf("VoiceKit.Compute", "VoiceKit", "VoiceKit.Corpora");

    public static TheoryData<string, string> GroupFolders => FoldersOf("VoiceKit.Music", "VoiceKit.Gpu");

    [Theory]
    [MemberData(nameof(Names))]
    public void Project_References_AreThoseOfTheOrder(string name)
    {
        var document = XDocument.Load(Path.Combine(SourceFiles.Root, "src", name, $"{name}.csproj"));
        var references = document
            .Descendants("ProjectReference")
            .Select(item => Path.GetFileNameWithoutExtension((string)item.Attribute("Include")!));
        Assert.Equal(
            Projects.First(project => project.Name == name).References.Order(StringComparer.Ordinal),
            references.Order(StringComparer.Ordinal)
        );
        Assert.DoesNotContain(
            document.Descendants("Using"),
            item => ((string?)item.Attribute("Include"))?.StartsWith("VoiceKit", StringComparison.Ordinal) == true
        );
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Project_Folders_AreThoseOfTheOrder(string name)
    {
        var (_, _, order) = Projects.First(project => project.Name == name);
        var folders = SourceFiles.Below(Path.Combine("src", name)).Select(path => FirstFolder(name, path)).Distinct();
        Assert.Equal(order.Order(StringComparer.Ordinal), folders.Order(StringComparer.Ordinal));
    }

    /// <summary>Where each folder is a namespace, files name those above alone; the build refuses a using that nothing needs.</summary>
    [Theory]
    [MemberData(nameof(NamespaceFolders))]
    public void Folder_SourceFiles_UseNoNamespaceBelow(string name, string folder)
    {
        var (_, _, order) = Projects.First(project => project.Name == name);
        var below = order[(Array.IndexOf(order, folder) + 1)..];
        Assert.All(
            Files(name, folder),
            path =>
            {
                var text = File.ReadAllText(path);
                Assert.Contains($"namespace VoiceKit.{folder};", text, StringComparison.Ordinal);
                Assert.DoesNotContain(
                    below,
                    other =>
                        Regex.IsMatch(
                            text,
                            $@"\bVoiceKit\.{other}\b|cref=""{other}\.|(?<![\w.]){other}\.(?:{string.Join('|', Types[(name, other)])})\b"
                        )
                );
            }
        );
    }

    /// <summary>Folders that share a namespace are told apart by their types.</summary>
    [Theory]
    [MemberData(nameof(GroupFolders))]
    public void Folder_SourceFiles_UseNoTypeOfAFolderBelow(string name, string folder)
    {
        var (_, _, order) = Projects.First(project => project.Name == name);
        var above = order[..(Array.IndexOf(order, folder) + 1)].SelectMany(item => Types[(name, item)]).ToHashSet();
        var below = order[(Array.IndexOf(order, folder) + 1)..]
            .SelectMany(item => Types[(name, item)])
            .Where(type => !above.Contains(type))
            .ToHashSet();
        Assert.NotEmpty(Types[(name, folder)]);
        Assert.All(Files(name, folder), path => Assert.DoesNotContain(Words(File.ReadAllText(path)), below.Contains));
    }

    private static TheoryData<string, string> FoldersOf(params string[] names)
    {
        var data = new TheoryData<string, string>();
        foreach (var (name, _, folders) in Projects.Where(project => names.Contains(project.Name)))
        {
            foreach (var folder in folders)
                data.Add(name, folder);
        }

        return data;
    }

    private static IEnumerable<string> Files(string project, string folder) =>
        SourceFiles.Below(Path.Combine("src", project)).Where(path => FirstFolder(project, path) == folder);

    private static string FirstFolder(string project, string path)
    {
        var parts = Path.GetRelativePath(Path.Combine(SourceFiles.Root, "src", project), path).Split(Path.DirectorySeparatorChar);
        return parts.Length == 1 ? "." : parts[0];
    }

    private static IEnumerable<string> Declared(string path) =>
        TypeDeclaration().Matches(File.ReadAllText(path)).Select(match => match.Groups[1].Value);

    /// <summary>
    /// The names in a text that could be types: no members of something, no text of comments and strings but what cref names.
    /// </summary>
    private static HashSet<string> Words(string text)
    {
        var code = Comment()
            .Replace(text, line => string.Join(' ', Reference().Matches(line.Value).Select(match => match.Groups[1].Value)));
        return [.. TypeName().Matches(Literal().Replace(code, "\"\"")).Select(match => match.Value)];
    }

    [GeneratedRegex(
        @"^(?:public |internal )(?:static |sealed |abstract |readonly |unsafe |partial |ref )*(?:class|record struct|record|struct|interface|enum) (\w+)",
        RegexOptions.Multiline
    )]
    private static partial Regex TypeDeclaration();

    [GeneratedRegex(@"//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"cref=""(\w+)")]
    private static partial Regex Reference();

    [GeneratedRegex("\"(?:[^\"\\\\\n]|\\\\.)*\"")]
    private static partial Regex Literal();

    [GeneratedRegex(@"(?<![\w.])[A-Z]\w+\b(?!\s*(?:=[^>]|\{ (?:get|init)))")]
    private static partial Regex TypeName();
}
