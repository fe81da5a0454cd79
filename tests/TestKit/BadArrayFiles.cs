using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace VoiceKit.Tests.TestKit;

/// <summary>
/// Small odd and broken .npy, .npz and safetensors files, made from scratch, each with the verdict that a careful reader gives.
/// </summary>
internal static class BadArrayFiles
{
    private static readonly byte[] Six = Bytes(0f, 1f, 2f, 3f, 4f, 5f);

    public static IEnumerable<(string Name, byte[] Content, bool Accepted)> Npy()
    {
        yield return ("ok", Array(Header(), Six), true);
        yield return ("fortran", Array(Header(fortran: "True"), Six), true);
        yield return ("big endian", Array(Header(">f4"), [.. Six.Chunk(4).SelectMany(item => item.Reverse())]), true);
        yield return ("f8", Array(Header("<f8"), [.. Enumerable.Range(0, 6).SelectMany(i => BitConverter.GetBytes((double)i))]), true);
        yield return ("scalar", Array(Header(shape: "()"), Six[..4]), true);
        yield return ("empty", Array(Header(shape: "(0, 3)"), []), true);
        yield return ("version 3", Array(Header(), Six, 3), true);
        yield return ("version 9", Array(Header(), Six, 9), false);
        yield return ("object, which numpy would unpickle", Array(Header("|O", shape: "(1,)"), [0x80, 4, (byte)'.']), false);
        yield return ("truncated", Array(Header(), Six[..20]), false);
        yield return ("negative shape", Array(Header(shape: "(-1, 3)"), Six), false);
        yield return ("product overflows 64 bits", Array(Header(shape: "(4294967296, 4294967296)"), Six), false);
        yield return ("shape 1e18", Array(Header(shape: "(1000000000000000000,)"), Six), false);
        yield return ("header length ffff", [0x93, .. "NUMPY"u8, 1, 0, 0xff, 0xff, .. Encoding.ASCII.GetBytes(Header())], false);
        yield return ("header is code", Array("__import__('os').system('id')\n", Six), false);
        yield return ("complex", Array(Header("<c8", shape: "(3,)"), Six), false);
    }

    public static IEnumerable<(string Name, byte[] Content, bool Accepted)> Safetensors()
    {
        const string w = """{"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}""";
        string Tensor(string name, long start, long end, string shape = "[2,3]", string type = "F32") =>
            $$$"""{"{{{name}}}":{"dtype":"{{{type}}}","shape":{{{shape}}},"data_offsets":[{{{start}}},{{{end}}}]}}""";
        yield return ("ok", Tensors("""{"__metadata__":{"format":"voicekit"},""" + w[1..], Six), true);
        yield return ("padded", Tensors(w + "   ", Six), true);
        yield return ("zero size", Tensors(Tensor("a", 0, 0, "[0,3]"), []), true);
        yield return ("header length 2^63", Tensors(w, Six, 1UL << 63), false);
        yield return ("header length 100 MB", Tensors(w, Six, 100_000_001), false);
        yield return ("header length 0", Tensors("", []), false);
        yield return ("seven bytes", [.. Enumerable.Repeat((byte)1, 7)], false);
        yield return ("no brace", Tensors(" " + w, Six), false);
        yield return ("overlap", Tensors(w[..^1] + "," + Tensor("b", 0, 24)[1..], Six), false);
        yield return ("hole", Tensors(Tensor("a", 8, 32), [.. new byte[8], .. Six]), false);
        yield return ("trailing byte", Tensors(w, [.. Six, 1]), false);
        yield return ("past the end", Tensors(Tensor("a", 0, 48), Six), false);
        yield return ("difference of the offsets wraps around", Tensors(Tensor("a", long.MaxValue - 23, long.MinValue), Six), false);
        yield return ("begin after end", Tensors(Tensor("a", 24, 0), Six), false);
        yield return ("shape mismatch", Tensors(Tensor("a", 0, 24, "[5,5]"), Six), false);
        yield return ("shape overflow", Tensors(Tensor("a", 0, 24, "[1099511627776,1099511627776]"), Six), false);
        yield return ("unknown type", Tensors(Tensor("a", 0, 24, type: "Q9"), Six), false);
        yield return ("name twice", Tensors(w[..^1] + "," + w[1..], Six), false);
        yield return ("metadata is a number", Tensors("""{"__metadata__":{"n":1},""" + w[1..], Six), false);
        yield return ("bad UTF-8", [.. Tensors(w, Six).Select(value => value == (byte)'w' ? (byte)0xff : value)], false);
        yield return ("100,000 brackets", Tensors("""{"a":""" + new string('[', 100000) + new string(']', 100000) + "}", []), false);
    }

    /// <summary>Archives that are no features.</summary>
    public static IEnumerable<(string Name, byte[] Content)> Npz()
    {
        var ok = Array(Header(), Six);
        yield return ("arrays missing", Archive(("a.npy", ok)));
        yield return ("expands beyond reason", Archive(("frame_period.npy", Array(Header(shape: "(16777216,)"), new byte[1 << 26]))));
        yield return ("name twice", Archive(("f0.npy", ok), ("f0.npy", ok)));
        yield return ("path outside", Archive(("../../f0.npy", ok)));
        yield return ("pickle beside", Archive(("f0.npy", ok), ("model.pkl", [0x80, 4, (byte)'.'])));
        yield return ("truncated", Archive(("f0.npy", ok))[..^30]);
        yield return ("no archive", [.. "PK"u8, 3, 4, .. new byte[40]]);
        yield return ("empty", []);
    }

    private static string Header(string type = "<f4", string fortran = "False", string shape = "(2, 3)") =>
        $"{{'descr': '{type}', 'fortran_order': {fortran}, 'shape': {shape}, }}".PadRight(117) + "\n";

    private static byte[] Array(string header, byte[] data, byte version = 1)
    {
        var length = new byte[version == 1 ? 2 : 4];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)header.Length);
        return [0x93, .. "NUMPY"u8, version, 0, .. length, .. Encoding.ASCII.GetBytes(header), .. data];
    }

    private static byte[] Tensors(string header, byte[] data, ulong? length = null) =>
        [.. BitConverter.GetBytes(length ?? (ulong)header.Length), .. Encoding.ASCII.GetBytes(header), .. data];

    private static byte[] Archive(params (string Name, byte[] Content)[] entries)
    {
        using var memory = new MemoryStream();
        using (var archive = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var stream = archive.CreateEntry(name).Open();
                stream.Write(content);
            }
        }

        return memory.ToArray();
    }

    private static byte[] Bytes(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];
}
