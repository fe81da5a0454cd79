using VoiceKit.Files;
using VoiceKit.Numerics;

namespace VoiceKit.Mixtures;

/// <summary>A mixture as the arrays NAME.weights, NAME.means and NAME.covariances and the description NAME.covariance of a safetensors file, exact to the bit.</summary>
internal static class MixtureTensors
{
    /// <summary>Adds a mixture to what a file will hold.</summary>
    public static void Add(Dictionary<string, string> metadata, Dictionary<string, NamedTensor> tensors, string name, GaussianMixture mixture)
    {
        var covariances = Enumerable.Range(0, mixture.MixtureCount).SelectMany(m => mixture.Covariance(m).ToArray()).ToArray();
        metadata[name + ".covariance"] = mixture.Structure.ToString();
        tensors[name + ".weights"] = new NamedTensor([mixture.MixtureCount], mixture.Weights.ToArray());
        tensors[name + ".means"] = new NamedTensor([mixture.MixtureCount, mixture.Dimension], mixture.Means.Values.ToArray());
        tensors[name + ".covariances"] = new NamedTensor([mixture.MixtureCount, mixture.Dimension, mixture.Dimension], covariances);
    }

    /// <summary>Takes a mixture out of a file.</summary>
    /// <exception cref="KeyNotFoundException">A part is missing.</exception>
    /// <exception cref="FormatException">The structure of the covariances has no known name.</exception>
    /// <exception cref="ArgumentException">The parts do not fit each other.</exception>
    /// <exception cref="IndexOutOfRangeException">The means have one dimension only.</exception>
    public static GaussianMixture Read(SafetensorsFile file, string name)
    {
        var weights = file.Tensors[name + ".weights"].Values;
        var means = file.Tensors[name + ".means"];
        var dimension = means.Shape[1];
        var covariances = file.Tensors[name + ".covariances"].Values.Chunk(dimension * dimension).ToArray();
        var structure = ModelFormat.ParseName<CovarianceStructure>(file.Metadata[name + ".covariance"]);
        return new GaussianMixture(weights, new Frames(means.Shape[0], dimension, means.Values), covariances, structure);
    }
}
