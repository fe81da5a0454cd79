using VoiceKit.Files;

namespace VoiceKit.Tests.TestKit;

/// <summary>Arrays with other elements, to damage files with.</summary>
internal static class ChangedTensor
{
    /// <summary>A copy with one other element.</summary>
    public static NamedTensor With(this NamedTensor tensor, Index index, double value)
    {
        var values = tensor.Values.ToArray();
        values[index] = value;
        return NamedTensor.Wrap(tensor.Shape, values, tensor.IsSingle);
    }

    /// <summary>A copy of a file with one other element of an array.</summary>
    public static SafetensorsFile With(this SafetensorsFile file, string name, Index index, double value) =>
        file with
        {
            Tensors = file.Tensors.ToDictionary(item => item.Key, item => item.Key == name ? item.Value.With(index, value) : item.Value),
        };
}
