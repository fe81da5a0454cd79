using System.Security.Cryptography;
using System.Text;

namespace VoiceKit.Files;

/// <summary>Fingerprints of content: SHA-256 in hexadecimal, as sha256sum prints it.</summary>
public static class ContentHash
{
    /// <summary>The hash of a file's bytes.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="BadFileException">The path leads to a directory, pipe or device.</exception>
    public static string OfFile(string path)
    {
        using var stream = InputFile.Open(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>The hash of a text's UTF-8 bytes.</summary>
    public static string OfText(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
