using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace VoiceKit.Music;

/// <summary>
/// Keeps GLib's log lines from standard error while it lives. Where libfluidsynth cannot read a soundfont it tries libinstpatch, which
/// complains through GLib; the failure itself comes back as a return value.
/// </summary>
internal readonly unsafe ref struct QuietGLib
{
    private const string LibraryName = "libglib-2.0.so.0";

    private readonly delegate* unmanaged[Cdecl]<nint, nint, nint> setHandler;
    private readonly nint before;

    public QuietGLib()
    {
        // Not there: then libfluidsynth was built without it, and there is nothing to keep quiet.
        if (!NativeLibrary.TryLoad(LibraryName, out var library))
            return;
        setHandler = (delegate* unmanaged[Cdecl]<nint, nint, nint>)NativeLibrary.GetExport(library, "g_log_set_default_handler");
        before = setHandler((nint)(delegate* unmanaged[Cdecl]<nint, int, nint, nint, void>)&Ignore, 0);
    }

    public void Dispose()
    {
        if (setHandler != null)
            _ = setHandler(before, 0);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Ignore(nint domain, int level, nint message, nint data)
    {
    }
}
