using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace VoiceKit.Files;

/// <summary>
/// An array in NumPy's .npy format: floats of 16, 32 and 64 bits, integers of 8 to 64, and bool of either byte order are read; version 1.0,
/// little-endian, float64 or float32 is written.
/// </summary>
public sealed partial class NpyArray : ShapedArray
{
    // NumPy's own limit: a longer header is an attack, not an array.
    private const int LongestHeader = 10000;

    /// <summary>Copies an array.</summary>
    /// <param name="shape">The lengths of the dimensions; empty for a single number.</param>
    /// <param name="values">The elements in C order.</param>
    /// <exception cref="ArgumentException">There are not as many elements as the shape says.</exception>
    public NpyArray(IReadOnlyList<int> shape, ReadOnlySpan<double> values)
        : base(shape, values.ToArray()) { }

    private NpyArray(double[] values, IReadOnlyList<int> shape)
        : base(shape, values) { }

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Makes a one-dimensional array.</summary>
    /// <param name="values">The elements.</param>
    public static NpyArray Vector(ReadOnlySpan<double> values) => new([values.Length], values);

    /// <summary>Makes an array of a single number.</summary>
    /// <param name="value">The number.</param>
    public static NpyArray Scalar(double value) => new([], [value]);

    /// <summary>Makes a matrix of frames, [T, D].</summary>
    /// <param name="frames">The frames.</param>
    public static NpyArray Matrix(Numerics.Frames frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        return new([frames.Count, frames.Dimension], frames.Values);
    }

    /// <summary>Reads an array; the memory taken is bounded by the bytes present.</summary>
    /// <param name="bytes">The file's content.</param>
    /// <param name="mostElements">More elements are refused; each takes 8 bytes of memory, however few it has in the file.</param>
    /// <exception cref="InvalidDataException">The bytes are not an array of a supported kind; the message says why.</exception>
    public static NpyArray Parse(ReadOnlySpan<byte> bytes, long mostElements = long.MaxValue)
    {
        if (bytes.Length < 10 || !bytes.StartsWith(Magic))
            throw new InvalidDataException("not an .npy array: the magic bytes are missing");
        if (bytes[6] is < 1 or > 3)
            throw new InvalidDataException($"version {bytes[6]} of the .npy format is not known");
        var longHeader = bytes[6] >= 2;
        var headerStart = longHeader ? 12 : 10;
        if (bytes.Length < headerStart)
            throw new InvalidDataException("the .npy header is cut off");
        var headerLength = longHeader
            ? BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..])
            : BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]);
        if (headerLength > bytes.Length - headerStart || headerLength > LongestHeader)
            throw new InvalidDataException("the .npy header is cut off or endless");
        var header = Encoding.Latin1.GetString(bytes.Slice(headerStart, (int)headerLength));
        var match = HeaderPattern().Match(header);
        if (!match.Success)
            throw new InvalidDataException("the .npy header cannot be read");
        var data = bytes[(headerStart + (int)headerLength)..];
        var shape = new List<int>();
        long count = 1;
        foreach (var part in match.Groups["shape"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (StrictNumber.Whole(part) is not { } length || length < 0)
                throw new InvalidDataException($"the shape has a bad length '{part}'");
            shape.Add(length);
            count *= length;
            if (count > data.Length)
                throw new InvalidDataException("the shape asks for more elements than there are bytes");
            if (count > mostElements)
                throw new InvalidDataException($"{count} elements are more than features of this size hold");
        }

        var values = Elements(match.Groups["type"].Value, data, (int)count);
        return new NpyArray(match.Groups["fortran"].Value == "True" ? InRowOrder(values, shape) : values, shape);
    }

    /// <summary>Writes the array as float64, or as float32 when <paramref name="asFloat32"/> is set.</summary>
    /// <param name="asFloat32">Whether the elements become float32.</param>
    public byte[] ToBytes(bool asFloat32 = false) => [.. Header(Shape, asFloat32), .. Elements(Values, asFloat32)];

    /// <summary>The header of an .npy file.</summary>
    internal static byte[] Header(IReadOnlyList<int> shape, bool asFloat32)
    {
        var text = shape.Count switch
        {
            0 => "()",
            1 => $"({shape[0]},)",
            _ => $"({string.Join(", ", shape)})",
        };
        var header = $"{{'descr': '{(asFloat32 ? "<f4" : "<f8")}', 'fortran_order': False, 'shape': {text}, }}";
        header = header.PadRight((((10 + header.Length + 1 + 63) / 64) * 64) - 11) + "\n";
        var bytes = new byte[10 + header.Length];
        Magic.CopyTo(bytes);
        bytes[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), (ushort)header.Length);
        Encoding.Latin1.GetBytes(header, bytes.AsSpan(10));
        return bytes;
    }

    /// <summary>Elements as a file has them.</summary>
    internal static ReadOnlySpan<byte> Elements(ReadOnlySpan<double> values, bool asFloat32)
    {
        if (!asFloat32)
            return MemoryMarshal.AsBytes(values);
        var single = new float[values.Length];
        TensorPrimitives.ConvertTruncating(values, single);
        return MemoryMarshal.AsBytes<float>(single);
    }

    private static double[] Elements(string type, ReadOnlySpan<byte> data, int count)
    {
        var size =
            type.Length == 3 && "<>=|".Contains(type[0], StringComparison.Ordinal)
                ? type[1..] switch
                {
                    "f8" or "i8" or "u8" => 8,
                    "f4" or "i4" or "u4" => 4,
                    "f2" or "i2" or "u2" => 2,
                    "b1" or "i1" or "u1" => 1,
                    _ => 0,
                }
                : 0;
        if (size == 0)
            throw new InvalidDataException($"the element type '{type}' is not supported");
        if ((long)count * size > data.Length)
            throw new InvalidDataException($"{count} elements of {size} bytes were announced, {data.Length} bytes are there");
        var bytes = data[..(count * size)].ToArray();
        if (type[0] == '>')
        {
            for (var i = 0; i < count; i++)
                bytes.AsSpan(i * size, size).Reverse();
        }

        var values = new double[count];
        for (var i = 0; i < count; i++)
        {
            var item = bytes.AsSpan(i * size);
            values[i] = type[1..] switch
            {
                "f8" => BinaryPrimitives.ReadDoubleLittleEndian(item),
                "f4" => BinaryPrimitives.ReadSingleLittleEndian(item),
                "f2" => (double)BinaryPrimitives.ReadHalfLittleEndian(item),
                "i8" => BinaryPrimitives.ReadInt64LittleEndian(item),
                "i4" => BinaryPrimitives.ReadInt32LittleEndian(item),
                "i2" => BinaryPrimitives.ReadInt16LittleEndian(item),
                "i1" => (sbyte)item[0],
                "u8" => BinaryPrimitives.ReadUInt64LittleEndian(item),
                "u4" => BinaryPrimitives.ReadUInt32LittleEndian(item),
                "u2" => BinaryPrimitives.ReadUInt16LittleEndian(item),
                _ => item[0],
            };
        }

        return values;
    }

    /// <summary>Puts elements that were stored first index fastest into the order last index fastest.</summary>
    private static double[] InRowOrder(double[] values, List<int> shape)
    {
        var result = new double[values.Length];
        var index = new int[shape.Count];
        foreach (var value in values)
        {
            var place = 0;
            for (var d = 0; d < index.Length; d++)
                place = (place * shape[d]) + index[d];
            result[place] = value;
            for (var d = 0; d < index.Length && ++index[d] == shape[d]; d++)
                index[d] = 0;
        }

        return result;
    }

    [GeneratedRegex(
        @"^\{(?=.*'descr':\s*'(?<type>[^']*)')(?=.*'fortran_order':\s*(?<fortran>True|False))(?=.*'shape':\s*\((?<shape>[^)]*)\))",
        RegexOptions.ExplicitCapture
    )]
    private static partial Regex HeaderPattern();
}
