using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace VoiceKit.Files;

/// <summary>Opens ordinary files for reading, and says clearly why anything else is refused.</summary>
internal static class InputFile
{
    /// <summary>Opens <paramref name="path"/> for reading. Never waits: a named pipe is refused, not opened.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="BadFileException">The path leads to a directory, a pipe or a device.</exception>
    public static FileStream Open(string path)
    {
        RequireRegular(path);
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
        }
        catch (DirectoryNotFoundException)
        {
            throw Missing(path);
        }
    }

    /// <summary>
    /// Makes sure that <paramref name="path"/> leads to an ordinary file, with the same exceptions as <see cref="Open"/>.
    /// </summary>
    public static void RequireRegular(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        switch (FileKinds.Of(path))
        {
            case FileKind.Missing:
                throw Missing(path);
            case FileKind.Directory:
                throw new BadFileException(path, null, "this is a directory; a file was expected");
            case FileKind.Pipe:
                throw new BadFileException(
                    path,
                    null,
                    "this is a named pipe; an ordinary file was expected (pipe into standard input instead)"
                );
            case FileKind.Device:
                throw new BadFileException(path, null, "this is a device or socket; an ordinary file was expected");
        }
    }

    private static FileNotFoundException Missing(string path) => new($"{path}: there is no such file", path);
}

/// <summary>The kind of file that a path leads to, links followed.</summary>
internal enum FileKind
{
    /// <summary>Nothing is there.</summary>
    Missing,

    /// <summary>An ordinary file.</summary>
    Regular,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A named pipe.</summary>
    Pipe,

    /// <summary>A terminal, a device or a socket.</summary>
    Device,
}

/// <summary>Asks the file system for a path's kind without opening it: to open a named pipe is to wait for its writer.</summary>
internal static unsafe partial class FileKinds
{
    private const int CurrentFolder = -100;
    private const uint TypeOnly = 1;
    private const int StatxSize = 256;
    private const int ModeOffset = 28;
    private const int NoSuchEntry = 2;
    private const int NotADirectory = 20;

    public static FileKind Of(string path) => (OperatingSystem.IsLinux() ? OfLinux(path) : null) ?? OfAnySystem(path);

    private static FileKind OfAnySystem(string path) =>
        Directory.Exists(path) ? FileKind.Directory
        : File.Exists(path) ? FileKind.Regular
        : FileKind.Missing;

    // .NET does not tell a pipe from a file before it is opened. statx has the same layout on every Linux architecture.
    private static FileKind? OfLinux(string path)
    {
        var status = stackalloc byte[StatxSize];
        try
        {
            if (Statx(CurrentFolder, path, 0, TypeOnly, status) != 0)
                return Marshal.GetLastPInvokeError() is NoSuchEntry or NotADirectory ? FileKind.Missing : null;
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }

        return (*(ushort*)(status + ModeOffset) & 0xF000) switch
        {
            0x8000 => FileKind.Regular,
            0x4000 => FileKind.Directory,
            0x1000 => FileKind.Pipe,
            _ => FileKind.Device,
        };
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, byte* status);
}

/// <summary>Size and time of a file, which tell without reading it whether it has changed.</summary>
/// <param name="Size">Its length in bytes.</param>
/// <param name="Modified">When it was last written, in UTC, in steps of 100 ns.</param>
public readonly record struct FileStamp(long Size, DateTime Modified)
{
    /// <summary>The stamp of a file, links followed.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="BadFileException">The path leads to a directory, pipe or device.</exception>
    public static FileStamp Of(string path)
    {
        InputFile.RequireRegular(path);
        var file = new FileInfo(path);
        if (file.LinkTarget is not null && file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target)
            file = target;
        return new FileStamp(file.Length, file.LastWriteTimeUtc);
    }
}

/// <summary>Fingerprints of content: SHA-256 in hexadecimal, as sha256sum prints it.</summary>
internal static class ContentHash
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
