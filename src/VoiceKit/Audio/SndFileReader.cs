using System.Runtime.InteropServices;
using VoiceKit.Files;

namespace VoiceKit.Audio;

/// <summary>Reads compressed and other audio files through libsndfile.</summary>
internal sealed class SndFileReader : DecodedReader
{
    private const int MaxChannelCount = 1024;
    private readonly SndFileLibrary library;
    private readonly SndFileLibrary.Info info;
    private nint file;
    private long position;

    /// <param name="path">The file.</param>
    /// <param name="signature">What its first bytes say it is.</param>
    /// <param name="library">libsndfile; null where it is not installed.</param>
    /// <exception cref="BadFileException">libsndfile cannot decode the file, or is not there.</exception>
    public SndFileReader(string path, FileSignature signature, SndFileLibrary? library)
    {
        Path = path;
        this.library =
            library
            ?? throw new BadFileException(
                path,
                null,
                $"this is {signature.Description}, which VoiceKit reads through libsndfile, and that is not installed (on Debian: "
                    + $"apt-get install libsndfile1)"
            );
        (file, info) = Open();
        if (file == 0)
            throw new BadFileException(
                path,
                null,
                $"this is {signature.Description} that libsndfile cannot decode: {library.LastError.TrimEnd('.', '\n')}"
            );
        if (info.ChannelCount is >= 1 and <= MaxChannelCount && info.SampleRate is >= 1 and <= WaveFormat.MaxSampleRate)
            return;
        Dispose();
        throw new BadFileException(
            path,
            null,
            $"the header says {info.ChannelCount} channels at {info.SampleRate} Hz, which cannot be read"
        );
    }

    public override int SampleRate => info.SampleRate;

    public override int ChannelCount => info.ChannelCount;

    public override string Encoding => FormatName(info.Format);

    protected override string Path { get; }

    protected override long Position => position;

    public override int Decode(long start, Span<double> destination)
    {
        if (start != position)
            Seek(start);
        var frames = (int)library.Read(file, destination, ChannelCount);
        position += Math.Max(0, frames);
        return Math.Max(0, frames);
    }

    public override void Dispose()
    {
        if (file != 0)
            library.Close(file);
        file = 0;
    }

    protected override string[] WarningsOf(long count) =>
        info.FrameCount > count && info.FrameCount != long.MaxValue
            ? [$"The header promises {info.FrameCount} samples; {count} could be decoded."]
            : [];

    private (nint File, SndFileLibrary.Info Info) Open()
    {
        var opened = default(SndFileLibrary.Info);
        return (library.Open(Path, forWriting: false, ref opened), opened);
    }

    /// <summary>Goes to a sample. Not every format can seek: then the file is decoded up to there once more.</summary>
    private void Seek(long start)
    {
        if (library.Seek(file, start) == start)
        {
            position = start;
            return;
        }

        library.Close(file);
        (file, _) = Open();
        position = 0;
        if (file == 0)
            throw new BadFileException(Path, null, "the file cannot be opened any more");
        DecodeUpTo(start);
    }

    // The container of an SF_FORMAT number (sndfile.h).
    private static string FormatName(int format) =>
        ((format >> 16) & 0x0FFF) switch
        {
            0x002 => "AIFF",
            0x003 => "AU",
            0x007 => "NIST SPHERE",
            0x00B => "Sony Wave64",
            0x017 => "FLAC",
            0x018 => "CAF",
            0x020 => "Ogg",
            0x023 => "MP3",
            var other => $"libsndfile format 0x{other:x3}",
        };
}

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
        open = (delegate* unmanaged[Cdecl]<byte*, int, Info*, nint>)
            NativeLibrary.GetExport(library, OperatingSystem.IsWindows() ? "sf_wchar_open" : "sf_open");
        readFrames = (delegate* unmanaged[Cdecl]<nint, double*, long, long>)NativeLibrary.GetExport(library, "sf_readf_double");
        writeFrames = (delegate* unmanaged[Cdecl]<nint, double*, long, long>)NativeLibrary.GetExport(library, "sf_writef_double");
        seek = (delegate* unmanaged[Cdecl]<nint, long, int, long>)NativeLibrary.GetExport(library, "sf_seek");
        close = (delegate* unmanaged[Cdecl]<nint, int>)NativeLibrary.GetExport(library, "sf_close");
        errorText = (delegate* unmanaged[Cdecl]<nint, byte*>)NativeLibrary.GetExport(library, "sf_strerror");
    }

    /// <summary>Gets the installed library, or null.</summary>
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

    /// <summary>Gets the library's words for the last failure to open.</summary>
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
