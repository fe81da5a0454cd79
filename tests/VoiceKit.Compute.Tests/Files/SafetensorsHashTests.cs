using System.Buffers.Binary;
using System.Text;
using VoiceKit.Files;
using VoiceKit.Music;

namespace VoiceKit.Tests.Files;

/// <summary>A damaged model or checkpoint is refused, wherever the damage is.</summary>
public class SafetensorsHashTests
{
    private static readonly SafetensorsFile Sample = new(
        new Dictionary<string, string> { ["format"] = "test", ["name"] = "anna" },
        new Dictionary<string, NamedTensor> { ["a"] = new([2, 2], [1, 2, 3, 4]), ["b"] = NamedTensor.OfFloats([3], [0.5f, 0.25f, 0.125f]) }
    );

    [Fact]
    public void Read_OfWrite_IsTheSameWithoutTheHash()
    {
        var again = Read(Bytes());
        Assert.Equal(Sample.Metadata, again.Metadata);
        Assert.Equal(Sample.Tensors["a"].Values, again.Tensors["a"].Values);
        Assert.Equal(Sample.Tensors["b"].Values, again.Tensors["b"].Values);
    }

    [Fact]
    public void Read_AnyByteOfTheTensorsAltered_IsRefused()
    {
        var bytes = Bytes();
        var start = 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        for (var i = start; i < bytes.Length; i++)
        {
            byte[] damaged = [.. bytes];
            damaged[i] ^= 1;
            Assert.Contains("SHA-256", Assert.Throws<BadFileException>(() => Read(damaged)).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("anna", "hans")]
    [InlineData("[2,2]", "[4,1]")]
    public void Read_DescriptionAltered_IsRefused(string text, string other) =>
        Assert.Contains(
            "SHA-256",
            Assert.Throws<BadFileException>(() => Read(Replaced(Bytes(), text, other))).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Read_FileWithoutHash_IsRead() =>
        Assert.Equal([1, 2, 3, 4], Read(Replaced(Bytes(), "\"sha256\"", "\"other_\"")).Tensors["a"].Values);

    [Fact]
    public void Shipped_MusicModel_CarriesItsHash()
    {
        using var stream = typeof(MusicModel).Assembly.GetManifestResourceStream("VoiceKit.Music.chorales.safetensors")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        bytes[^1] ^= 1;
        Assert.Contains("SHA-256", Assert.Throws<BadFileException>(() => Read(bytes)).Message, StringComparison.Ordinal);
    }

    private static byte[] Bytes()
    {
        using var memory = new MemoryStream();
        Sample.Write(memory);
        return memory.ToArray();
    }

    private static SafetensorsFile Read(byte[] bytes) => SafetensorsFile.Read(new MemoryStream(bytes), "test");

    private static byte[] Replaced(byte[] bytes, string text, string other)
    {
        Assert.Equal(text.Length, other.Length);
        byte[] result = [.. bytes];
        var place = result.AsSpan().IndexOf(Encoding.ASCII.GetBytes(text));
        Assert.True(place > 0);
        Encoding.ASCII.GetBytes(other).CopyTo(result, place);
        return result;
    }
}
