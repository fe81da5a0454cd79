using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace VoiceKit.Files;

/// <summary>A named array of a <see cref="SafetensorsFile"/>.</summary>
public sealed class NamedTensor : ShapedArray
{
    /// <summary>Copies an array.</summary>
    /// <param name="shape">The lengths of the dimensions.</param>
    /// <param name="values">The elements in C order.</param>
    /// <exception cref="ArgumentException">There are not as many elements as the shape says.</exception>
    public NamedTensor(IReadOnlyList<int> shape, ReadOnlySpan<double> values)
        : base(shape, values.ToArray()) { }

    private NamedTensor(double[] values, IReadOnlyList<int> shape)
        : base(shape, values) { }

    /// <summary>Gets or sets whether the elements are float32 in the file: half the size, for numbers that were no more precise.</summary>
    public bool IsSingle { get; init; }

    /// <summary>Takes an array without copying it.</summary>
    /// <param name="shape">The lengths of the dimensions.</param>
    /// <param name="values">The elements in C order; the array must not be written to afterwards.</param>
    /// <param name="isSingle">Whether the elements are float32 in the file.</param>
    /// <exception cref="ArgumentException">There are not as many elements as the shape says.</exception>
    public static NamedTensor Wrap(IReadOnlyList<int> shape, double[] values, bool isSingle = false)
    {
        return new NamedTensor(values, shape) { IsSingle = isSingle };
    }

    /// <summary>Copies an array of float32 elements.</summary>
    /// <param name="shape">The lengths of the dimensions.</param>
    /// <param name="values">The elements in C order.</param>
    /// <exception cref="ArgumentException">There are not as many elements as the shape says.</exception>
    public static NamedTensor OfFloats(IReadOnlyList<int> shape, ReadOnlySpan<float> values)
    {
        var wide = new double[values.Length];
        for (var i = 0; i < wide.Length; i++)
            wide[i] = values[i];
        return new NamedTensor(wide, shape) { IsSingle = true };
    }

    /// <summary>Whether all elements are finite as float32.</summary>
    internal bool IsFiniteSingle => Array.TrueForAll(data, value => float.IsFinite((float)value));

    internal int ElementSize => IsSingle ? sizeof(float) : sizeof(double);

    internal string ElementType => IsSingle ? "F32" : "F64";

    internal ReadOnlySpan<byte> Bytes =>
        IsSingle ? MemoryMarshal.AsBytes<float>(Array.ConvertAll(data, value => (float)value)) : MemoryMarshal.AsBytes<double>(data);
}

/// <summary>
/// Named arrays and a description in one file, in the safetensors format: the length of a JSON header, the header, the bytes.
/// Nothing in such a file is ever executed. A file that is written carries the SHA-256 of its content, "sha256" in its description, and one
/// whose content differs is refused when it is read; files without it, of other programs and earlier versions, are read.
/// </summary>
/// <param name="Metadata">Names and values that describe the content.</param>
/// <param name="Tensors">The arrays, by name.</param>
public sealed record SafetensorsFile(IReadOnlyDictionary<string, string> Metadata, IReadOnlyDictionary<string, NamedTensor> Tensors)
{
    private const int MaxHeader = 16 << 20;
    private const string HashName = "sha256";

    /// <summary>Writes the file; the arrays become float64, or float32 where they say so, in the order of their names.</summary>
    /// <param name="stream">The stream to write to.</param>
    public void Write(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            foreach (
                var (name, value) in Metadata
                    .Append(KeyValuePair.Create(HashName, Hash()))
                    .OrderBy(item => item.Key, StringComparer.Ordinal)
            )
                json.WriteString(name, value);
            json.WriteEndObject();
            long offset = 0;
            foreach (var (name, tensor) in Ordered())
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", tensor.ElementType);
                json.WriteStartArray("shape");
                foreach (var length in tensor.Shape)
                    json.WriteNumberValue(length);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += (long)tensor.ElementSize * tensor.Values.Length);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        // The data starts at a multiple of eight bytes; blanks fill the header up.
        while (buffer.Length % 8 != 0)
            buffer.WriteByte((byte)' ');
        Span<byte> length8 = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length8, buffer.Length);
        stream.Write(length8);
        buffer.WriteTo(stream);
        foreach (var (_, tensor) in Ordered())
            stream.Write(tensor.Bytes);
    }

    /// <summary>Reads a file; F64 and F32 arrays are understood.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BadFileException">The file is cut off or is no safetensors file.</exception>
    public static SafetensorsFile Read(string path)
    {
        using var stream = InputFile.Open(path);
        return Read(stream, path);
    }

    /// <summary>Reads a file from a stream of known length.</summary>
    /// <param name="stream">The bytes.</param>
    /// <param name="path">What errors call the file.</param>
    /// <exception cref="BadFileException">The file is cut off or is no safetensors file.</exception>
    public static SafetensorsFile Read(Stream stream, string path)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (stream.Length > Array.MaxLength)
            throw new BadFileException(path, null, $"this is no safetensors file of VoiceKit: it is larger than {Array.MaxLength} bytes");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        try
        {
            return Parse(bytes);
        }
        catch (Exception exception)
            when (exception is InvalidDataException or JsonException or InvalidOperationException or FormatException or KeyNotFoundException
            )
        {
            throw new BadFileException(path, null, $"this is no whole safetensors file: {exception.Message}", exception);
        }
    }

    private static SafetensorsFile Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 8)
            throw new InvalidDataException("it is shorter than its header");
        var headerLength = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        if (headerLength is < 2 or > MaxHeader || headerLength > bytes.Length - 8)
            throw new InvalidDataException("its header is cut off or has no sensible length");
        if (bytes[8] != (byte)'{')
            throw new InvalidDataException("its header does not start with a brace");
        using var header = JsonDocument.Parse(bytes.Slice(8, (int)headerLength).ToArray());
        var data = bytes[(8 + (int)headerLength)..];
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var tensors = new Dictionary<string, NamedTensor>(StringComparer.Ordinal);
        var ranges = new List<(long Start, long End)>();
        foreach (var item in header.RootElement.EnumerateObject())
        {
            if (item.Name == "__metadata__")
            {
                foreach (var entry in item.Value.EnumerateObject())
                    metadata[entry.Name] = entry.Value.GetString() ?? "";
            }
            else if (!tensors.TryAdd(item.Name, ParseTensor(item.Name, item.Value, data, ranges)))
            {
                throw new InvalidDataException($"the array '{item.Name}' is there twice");
            }
        }

        // The format asks that the arrays cover the data without a gap and without sharing a byte.
        long covered = 0;
        foreach (var (start, end) in ranges.Order())
            covered = start == covered ? end : throw new InvalidDataException("its arrays overlap or leave a gap");
        if (covered != data.Length)
            throw new InvalidDataException("there are bytes that belong to no array");
        _ = metadata.Remove(HashName, out var hash);
        var file = new SafetensorsFile(metadata, tensors);
        return hash is null || hash == file.Hash()
            ? file
            : throw new InvalidDataException("its content is not that which was written (the SHA-256 differs)");
    }

    /// <summary>The SHA-256 of everything in the file but the hash itself.</summary>
    private string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\0"));
        foreach (var (name, value) in Metadata.OrderBy(item => item.Key, StringComparer.Ordinal))
            Add($"{name}\0{value}");
        foreach (var (name, tensor) in Ordered())
        {
            var shape = string.Join(',', tensor.Shape.Select(length => length.ToString(CultureInfo.InvariantCulture)));
            Add($"{name}\0{tensor.ElementType}\0{shape}");
            hash.AppendData(tensor.Bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static NamedTensor ParseTensor(
        string name,
        JsonElement description,
        ReadOnlySpan<byte> data,
        List<(long Start, long End)> ranges
    )
    {
        var type = description.GetProperty("dtype").GetString();
        var size = type switch
        {
            "F64" => 8,
            "F32" => 4,
            _ => throw new InvalidDataException($"the array '{name}' has the unknown type {type}"),
        };
        var shape = description.GetProperty("shape").EnumerateArray().Select(length => length.GetInt32()).ToArray();
        var offsets = description.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64()).ToArray();
        long count = 1;
        foreach (var length in shape)
        {
            count = length < 0 ? -1 : count * length;
            if (count < 0 || count > data.Length)
                throw new InvalidDataException($"the array '{name}' does not lie within the file");
        }

        if (
            offsets.Length != 2
            || offsets[0] < 0
            || offsets[1] < offsets[0]
            || offsets[1] > data.Length
            || offsets[1] - offsets[0] != count * size
        )
            throw new InvalidDataException($"the array '{name}' does not lie within the file");
        ranges.Add((offsets[0], offsets[1]));
        var values = new double[count];
        var source = data.Slice((int)offsets[0], (int)(count * size));
        for (var i = 0; i < values.Length; i++)
            values[i] =
                size == 8
                    ? BinaryPrimitives.ReadDoubleLittleEndian(source[(8 * i)..])
                    : BinaryPrimitives.ReadSingleLittleEndian(source[(4 * i)..]);
        return NamedTensor.Wrap(shape, values, isSingle: size == 4);
    }

    /// <summary>An array of a number of dimensions.</summary>
    /// <exception cref="InvalidDataException">It is missing, or has another number of dimensions.</exception>
    internal NamedTensor Tensor(string name, int rank) =>
        Tensors.TryGetValue(name, out var tensor) && tensor.Shape.Count == rank
            ? tensor
            : throw new InvalidDataException($"the array '{name}' of {rank} dimensions is missing");

    /// <summary>A vector of a length.</summary>
    /// <exception cref="InvalidDataException">It is missing, or has another shape.</exception>
    internal ReadOnlySpan<double> Vector(string name, int length)
    {
        var values = Tensor(name, 1).Values;
        return values.Length == length
            ? values
            : throw new InvalidDataException($"the array '{name}' has {values.Length} values and should have {length}");
    }

    private IEnumerable<KeyValuePair<string, NamedTensor>> Ordered() => Tensors.OrderBy(item => item.Key, StringComparer.Ordinal);
}

/// <summary>The exception for a model that this version of VoiceKit cannot use.</summary>
/// <param name="message">Which file, which version, what to do.</param>
public sealed class ModelVersionException(string message) : Exception(message);

/// <summary>The name and version of a model's file format.</summary>
/// <param name="Name">The name of the format in the file.</param>
/// <param name="Version">The version that is written and read.</param>
/// <param name="Kind">What errors call such a model.</param>
internal sealed record ModelFormat(string Name, int Version, string Kind)
{
    /// <summary>The description's first lines.</summary>
    public Dictionary<string, string> Describe() =>
        new() { ["format"] = Name, ["version"] = Version.ToString(CultureInfo.InvariantCulture) };

    /// <summary>Parses a name of an enumeration; unlike Enum.Parse, no number.</summary>
    /// <exception cref="FormatException">It is not one of the names.</exception>
    public static T ParseName<T>(string name)
        where T : struct, Enum =>
        Enum.GetNames<T>().Contains(name) ? Enum.Parse<T>(name) : throw new FormatException($"'{name}' is no {typeof(T).Name}");

    /// <summary>Makes sure that every number of a file is finite.</summary>
    /// <exception cref="InvalidDataException">One is not; the message names its array.</exception>
    public static void RequireFinite(SafetensorsFile file)
    {
        var infinite = file.Tensors.FirstOrDefault(item => !item.Value.IsFinite).Key;
        if (infinite is not null)
            throw new InvalidDataException($"the array '{infinite}' holds values that are not finite");
    }

    /// <summary>Makes sure that a file is of this kind and version.</summary>
    /// <exception cref="BadFileException">The file is something else.</exception>
    /// <exception cref="ModelVersionException">The file has another version.</exception>
    public void Require(string path, SafetensorsFile file)
    {
        if (file.Metadata.GetValueOrDefault("format") != Name)
            throw new BadFileException(path, null, $"this safetensors file is not a {Kind} of VoiceKit");
        if (!int.TryParse(file.Metadata.GetValueOrDefault("version"), NumberStyles.None, CultureInfo.InvariantCulture, out var version))
            throw new BadFileException(path, null, $"the {Kind} is damaged: it tells no version");
        if (version != Version)
            throw new ModelVersionException(
                $"{path}: the model has format version {version}, this VoiceKit reads version {Version}: update VoiceKit, or "
                    + $"train the model again"
            );
    }
}
