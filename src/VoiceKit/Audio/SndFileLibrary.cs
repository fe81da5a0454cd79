using System.Runtime.InteropServices;

namespace VoiceKit.Audio;

/// <summary>The functions of libsndfile that VoiceKit calls, loaded when first needed: VoiceKit runs without it.</summary>
internal sealed unsafe class SndFileLibrary
{
    /// <summary>The library's file names, by system.</summary>
    public static readonly IReadOnlyList<string> UsualNames =
        OperatingSystem.IsWindows() ? ["sndfile.dll", "libsndfile-1.dll"]
        : OperatingSystem.IsMacOS() ? ["libsndfile.dylib", "libsndfile.1.dylib", "/opt/homebrew/lib/libsndfile.dylib"]
        : ["libsndfile.so.1"];

    private static readonly Lazy<SndFileLibrary?> Usual = new(() => Load(UsualNames));

    private readonly delegate* unmanaged[Cdecl]<byte*, int, Info*, nint> open;
    private readonly delegate* unmanaged[Cdecl]<nint, double*, long, long> readFrames;
    private readonly delegate* unmanaged[Cdecl]<nint, double*, long, long> writeFrames;
    private readonly delegate* unmanaged[Cdecl]<nint, long, int, long> seek;
    private readonly delegate* unmanaged[Cdecl]<nint, int> close;
    private readonly delegate* unmanaged[Cdecl]<nint, byte*> errorText;

    private SndFileLibrary(nint library)
    {
        // Windows paths are not byte strings; its wide-character variant takes the same arguments.
        open = (delegate* unmanaged[Cdecl]<byte*, int, Info*, nint>)NativeLibrary.GetExport(library, OperatingSystem.IsWindows() ? "sf_wchar_open" : "sf_open");
        readFrames = (delegate* unmanaged[Cdecl]<nint, double*, long, long>)NativeLibrary.GetExport(library, "sf_readf_double");
        writeFrames = (delegate* unmanaged[Cdecl]<nint, double*, long, long>)NativeLibrary.GetExport(library, "sf_writef_double");
        seek = (delegate* unmanaged[Cdecl]<nint, long, int, long>)NativeLibrary.GetExport(library, "sf_seek");
        close = (delegate* unmanaged[Cdecl]<nint, int>)NativeLibrary.GetExport(library, "sf_close");
        errorText = (delegate* unmanaged[Cdecl]<nint, byte*>)NativeLibrary.GetExport(library, "sf_strerror");
    }

    /// <summary>The installed library, or null.</summary>
    public static SndFileLibrary? Installed => Usual.Value;

    /// <summary>Loads the first library of <paramref name="names"/> that is there, or returns null.</summary>
    public static SndFileLibrary? Load(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            if (NativeLibrary.TryLoad(name, out var library))
                return new SndFileLibrary(library);
        }

        return null;
    }

    /// <summary>Opens a file for reading or writing; 0 on failure, and <see cref="LastError"/> says why.</summary>
    public nint Open(string path, bool forWriting, ref Info info)
    {
        const int read = 0x10;
        const int write = 0x20;
        var encoding = OperatingSystem.IsWindows() ? System.Text.Encoding.Unicode : System.Text.Encoding.UTF8;
        fixed (byte* name = encoding.GetBytes(path + "\0"))
        fixed (Info* reference = &info)
            return open(name, forWriting ? write : read, reference);
    }

    /// <summary>Reads whole sample frames; returns how many.</summary>
    public long Read(nint file, Span<double> interleaved, int channelCount)
    {
        fixed (double* destination = interleaved)
            return readFrames(file, destination, interleaved.Length / channelCount);
    }

    /// <summary>Goes to a sample frame; returns where it is, or a negative number on failure.</summary>
    public long Seek(nint file, long frame) => seek(file, frame, 0);

    /// <summary>Writes whole sample frames; returns how many.</summary>
    public long Write(nint file, ReadOnlySpan<double> interleaved, int channelCount)
    {
        fixed (double* source = interleaved)
            return writeFrames(file, source, interleaved.Length / channelCount);
    }

    /// <summary>Closes a file.</summary>
    public void Close(nint file) => _ = close(file);

    /// <summary>The library's words for the last failure to open.</summary>
    public string LastError => Marshal.PtrToStringUTF8((nint)errorText(0)) ?? "no reason given";

    /// <summary>SF_INFO of sndfile.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Info
    {
        public long FrameCount;
        public int SampleRate;
        public int ChannelCount;
        public int Format;
        public int SectionCount;
        public int IsSeekable;
    }
}
