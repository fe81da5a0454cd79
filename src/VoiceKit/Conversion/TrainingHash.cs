using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace VoiceKit.Conversion;

/// <summary>A fingerprint of training data, so that a model tells what it was made from.</summary>
internal static class TrainingHash
{
    /// <summary>SHA-256 over the names and mel-cepstra of all pairs, the first 16 hexadecimal digits.</summary>
    internal static string Of(IEnumerable<UtterancePair> pairs)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var pair in pairs)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(pair.Name));
            hash.AppendData(MemoryMarshal.AsBytes(pair.Source.MelCepstrum.Values));
            hash.AppendData(MemoryMarshal.AsBytes(pair.Target.MelCepstrum.Values));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}
