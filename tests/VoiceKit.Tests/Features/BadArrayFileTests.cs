using VoiceKit.Features;
using VoiceKit.Files;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Features;

public class BadArrayFileTests
{
    private const int LittleMemory = 4 << 20;

    public static TheoryData<string> NpyNames => [.. BadArrayFiles.Npy().Select(file => file.Name)];

    public static TheoryData<string> SafetensorsNames => [.. BadArrayFiles.Safetensors().Select(file => file.Name)];

    public static TheoryData<string> NpzNames => [.. BadArrayFiles.Npz().Select(file => file.Name)];

    [Theory]
    [MemberData(nameof(NpyNames))]
    public void Parse_OddNpy_HasTheVerdict(string name)
    {
        var (_, content, accepted) = BadArrayFiles.Npy().Single(file => file.Name == name);
        var before = GC.GetAllocatedBytesForCurrentThread();
        if (accepted)
            NpyArray.Parse(content);
        else
            Assert.Throws<InvalidDataException>(() => NpyArray.Parse(content));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, LittleMemory);
    }

    [Fact]
    public void Parse_FortranOrderAndBigEndian_GiveTheElements()
    {
        double[] Values(string name) => NpyArray.Parse(BadArrayFiles.Npy().Single(file => file.Name == name).Content).Values.ToArray();
        Assert.Equal([0, 1, 2, 3, 4, 5], Values("big endian"));
        Assert.Equal([0, 2, 4, 1, 3, 5], Values("fortran"));
    }

    [Theory]
    [MemberData(nameof(SafetensorsNames))]
    public void Read_OddSafetensors_HasTheVerdict(string name)
    {
        var (_, content, accepted) = BadArrayFiles.Safetensors().Single(file => file.Name == name);
        InFile(
            content,
            path =>
            {
                if (accepted)
                    SafetensorsFile.Read(path);
                else
                    Assert.Throws<BadFileException>(() => SafetensorsFile.Read(path));
            }
        );
    }

    [Theory]
    [MemberData(nameof(NpzNames))]
    public void Read_OddNpz_IsABadFile(string name) =>
        InFile(
            BadArrayFiles.Npz().Single(file => file.Name == name).Content,
            path => Assert.Throws<BadFileException>(() => StoredFeatures.Read(path))
        );

    private static void InFile(byte[] content, Action<string> test)
    {
        var folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            var path = Path.Combine(folder, "file");
            File.WriteAllBytes(path, content);
            test(path);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
