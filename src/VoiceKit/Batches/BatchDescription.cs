using System.Text.Json;
using VoiceKit.Files;

namespace VoiceKit.Batches;

/// <summary>What a batch does: everything that decides what comes out besides the inputs.</summary>
/// <param name="Verb">The task's name.</param>
/// <param name="Version">The version of VoiceKit: another may compute something else from the same parameters.</param>
/// <param name="Parameters">The task's parameters.</param>
/// <param name="Model">The SHA-256 of the model's file; null where none is used.</param>
public sealed record BatchDescription(string Verb, string Version, IReadOnlyDictionary<string, string> Parameters, string? Model)
{
    private const string FileName = "batch.json";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The first 16 hexadecimal digits of the SHA-256 of verb, version and parameters.</summary>
    public string ParametersHash { get; } = ContentHash.OfText(string.Join(
        '\n',
        Parameters.Select(parameter => $"{parameter.Key}={parameter.Value}").Order(StringComparer.Ordinal).Prepend(Version).Prepend(Verb)))[..16];

    /// <summary>Writes the description into the output folder.</summary>
    public void Write(BatchFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        folder.WriteState(PathIn(folder.Path), stream => JsonSerializer.Serialize(stream, this, Indented));
    }

    /// <summary>Reads the description of the batch that writes to a folder.</summary>
    /// <exception cref="FileNotFoundException">No batch has been run there.</exception>
    /// <exception cref="BadFileException">The description is damaged.</exception>
    public static BatchDescription Read(string folder)
    {
        var path = PathIn(folder);
        if (!File.Exists(path))
            throw new FileNotFoundException($"{folder}: no batch has been run here (there is no {BatchFolder.StateName}/{FileName} in it)", path);
        try
        {
            using var stream = InputFile.Open(path);
            var description = JsonSerializer.Deserialize<BatchDescription>(stream);
            return description is { Verb: not null, Version: not null, Parameters: not null } ? description : throw new JsonException("verb, version or parameters are missing");
        }
        catch (Exception exception) when (exception is JsonException or ArgumentNullException)
        {
            throw new BadFileException(path, null, $"the description of the batch is damaged: {exception.Message}", exception);
        }
    }

    private static string PathIn(string folder) => BatchFolder.StatePath(folder, FileName);
}
