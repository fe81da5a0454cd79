using System.Globalization;

namespace VoiceKit.Files;

/// <summary>The exception for a model that this version of VoiceKit cannot use.</summary>
/// <param name="message">Which file, which version, what to do.</param>
public sealed class ModelVersionException(string message) : Exception(message);

/// <summary>What a model's file says of its own kind and version.</summary>
/// <param name="Name">The name of the format in the file.</param>
/// <param name="Version">The version that is written and read.</param>
/// <param name="Kind">What errors call such a model.</param>
internal sealed record ModelFormat(string Name, int Version, string Kind)
{
    /// <summary>The description's first lines.</summary>
    public Dictionary<string, string> Describe() => new()
    {
        ["format"] = Name,
        ["version"] = Version.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>Parses a name of an enumeration; unlike Enum.Parse, no number.</summary>
    /// <exception cref="FormatException">It is none of the names.</exception>
    public static T ParseName<T>(string name)
        where T : struct, Enum => Enum.GetNames<T>().Contains(name) ? Enum.Parse<T>(name) : throw new FormatException($"'{name}' is no {typeof(T).Name}");

    /// <summary>Makes sure that every number of a file is finite.</summary>
    /// <exception cref="InvalidDataException">One is not; the message names its array.</exception>
    public static void RequireFinite(SafetensorsFile file)
    {
        var infinite = file.Tensors.FirstOrDefault(item => !Array.TrueForAll(item.Value.Values, double.IsFinite)).Key;
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
            throw new ModelVersionException($"{path}: the model has format version {version}, this VoiceKit reads version {Version}: update VoiceKit, or train the model again");
    }
}
