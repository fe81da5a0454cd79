using System.Runtime.InteropServices;

namespace VoiceKit.Files;

/// <summary>What a path leads to, links followed.</summary>
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
        Directory.Exists(path) ? FileKind.Directory : File.Exists(path) ? FileKind.Regular : FileKind.Missing;

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
