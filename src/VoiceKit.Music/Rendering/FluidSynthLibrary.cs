using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace VoiceKit.Music;

/// <summary>
/// The functions of libfluidsynth (2.0 or later) that VoiceKit calls, loaded when first needed: VoiceKit runs without it.
/// </summary>
internal sealed unsafe class FluidSynthLibrary
{
    /// <summary>The library's file names, by system.</summary>
    public static readonly IReadOnlyList<string> UsualNames =
        OperatingSystem.IsWindows() ? ["libfluidsynth-3.dll", "fluidsynth.dll"]
        : OperatingSystem.IsMacOS() ? ["libfluidsynth.3.dylib", "/opt/homebrew/lib/libfluidsynth.3.dylib"]
        : ["libfluidsynth.so.3", "libfluidsynth.so.2"];

    // What the library returns for failure.
    private const int Failed = -1;

    private static readonly Lazy<FluidSynthLibrary?> Usual = new(() => Load(UsualNames));

    private readonly delegate* unmanaged[Cdecl]<nint> newSettings;
    private readonly delegate* unmanaged[Cdecl]<nint, void> deleteSettings;
    private readonly delegate* unmanaged[Cdecl]<nint, byte*, double, int> setNumber;
    private readonly delegate* unmanaged[Cdecl]<nint, byte*, int, int> setInteger;
    private readonly delegate* unmanaged[Cdecl]<nint, nint> newSynth;
    private readonly delegate* unmanaged[Cdecl]<nint, void> deleteSynth;
    private readonly delegate* unmanaged[Cdecl]<byte*, int> isSoundFont;
    private readonly delegate* unmanaged[Cdecl]<nint, byte*, int, int> loadSoundFont;
    private readonly delegate* unmanaged[Cdecl]<nint, int, int, int> changeProgram;
    private readonly delegate* unmanaged[Cdecl]<nint, int, int, int, int> startNote;
    private readonly delegate* unmanaged[Cdecl]<nint, int, int, int> endNote;
    private readonly delegate* unmanaged[Cdecl]<nint, int, float*, int, int, float*, int, int, int> write;

    private FluidSynthLibrary(nint library)
    {
        newSettings = (delegate* unmanaged[Cdecl]<nint>)NativeLibrary.GetExport(library, "new_fluid_settings");
        deleteSettings = (delegate* unmanaged[Cdecl]<nint, void>)NativeLibrary.GetExport(library, "delete_fluid_settings");
        setNumber = (delegate* unmanaged[Cdecl]<nint, byte*, double, int>)NativeLibrary.GetExport(library, "fluid_settings_setnum");
        setInteger = (delegate* unmanaged[Cdecl]<nint, byte*, int, int>)NativeLibrary.GetExport(library, "fluid_settings_setint");
        newSynth = (delegate* unmanaged[Cdecl]<nint, nint>)NativeLibrary.GetExport(library, "new_fluid_synth");
        deleteSynth = (delegate* unmanaged[Cdecl]<nint, void>)NativeLibrary.GetExport(library, "delete_fluid_synth");
        isSoundFont = (delegate* unmanaged[Cdecl]<byte*, int>)NativeLibrary.GetExport(library, "fluid_is_soundfont");
        loadSoundFont = (delegate* unmanaged[Cdecl]<nint, byte*, int, int>)NativeLibrary.GetExport(library, "fluid_synth_sfload");
        changeProgram = (delegate* unmanaged[Cdecl]<nint, int, int, int>)NativeLibrary.GetExport(library, "fluid_synth_program_change");
        startNote = (delegate* unmanaged[Cdecl]<nint, int, int, int, int>)NativeLibrary.GetExport(library, "fluid_synth_noteon");
        endNote = (delegate* unmanaged[Cdecl]<nint, int, int, int>)NativeLibrary.GetExport(library, "fluid_synth_noteoff");
        write = (delegate* unmanaged[Cdecl]<nint, int, float*, int, int, float*, int, int, int>)
            NativeLibrary.GetExport(library, "fluid_synth_write_float");

        // Its log lines would go to standard error; what matters comes back as a return value.
        var setLog = (delegate* unmanaged[Cdecl]<int, nint, nint, nint>)NativeLibrary.GetExport(library, "fluid_set_log_function");
        for (var level = 0; level <= 4; level++)
            _ = setLog(level, 0, 0);
    }

    /// <summary>Gets the installed library, or null.</summary>
    public static FluidSynthLibrary? Installed => Usual.Value;

    /// <summary>Loads the first library of <paramref name="names"/> that is there, or returns null.</summary>
    public static FluidSynthLibrary? Load(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            if (NativeLibrary.TryLoad(name, out var library))
                return new FluidSynthLibrary(library);
        }

        return null;
    }

    /// <summary>Determines whether a file begins like a soundfont.</summary>
    public bool IsSoundFont(string path)
    {
        fixed (byte* name = Terminated(path))
            return isSoundFont(name) != 0;
    }

    /// <summary>Makes a synthesizer.</summary>
    public Synth Create(int sampleRate, double reverb) => new(this, sampleRate, reverb);

    private static byte[] Terminated(string text) => Encoding.UTF8.GetBytes(text + "\0");

    /// <summary>A synthesizer.</summary>
    public sealed class Synth : IDisposable
    {
        private readonly FluidSynthLibrary library;
        private readonly nint settings;
        private readonly nint synth;

        public Synth(FluidSynthLibrary library, int sampleRate, double reverb)
        {
            this.library = library;
            settings = library.newSettings();
            Set("synth.sample-rate", sampleRate);
            Set("synth.reverb.active", reverb > 0 ? 1 : 0);
            Set("synth.reverb.level", reverb);
            Set("synth.chorus.active", 0);
            Set("synth.polyphony", 1024);
            synth = library.newSynth(settings);
            if (synth == 0)
            {
                library.deleteSettings(settings);
                throw new InvalidOperationException($"libfluidsynth could not make a synthesizer of {sampleRate} Hz.");
            }
        }

        /// <summary>Loads a soundfont; false where it cannot be read.</summary>
        public bool TryLoad(string path)
        {
            using var quiet = new QuietGLib();
            fixed (byte* name = Terminated(path))
                return library.loadSoundFont(synth, name, 1) != Failed;
        }

        public void ChangeProgram(int channel, int program) => _ = library.changeProgram(synth, channel, program);

        public void StartNote(int channel, int pitch, int velocity) => _ = library.startNote(synth, channel, pitch, velocity);

        public void EndNote(int channel, int pitch) => _ = library.endNote(synth, channel, pitch);

        /// <summary>Renders the next samples of both channels; as many as the shorter span has.</summary>
        public void Write(Span<float> left, Span<float> right)
        {
            fixed (float* leftStart = left)
            fixed (float* rightStart = right)
                _ = library.write(synth, Math.Min(left.Length, right.Length), leftStart, 0, 1, rightStart, 0, 1);
        }

        public void Dispose()
        {
            library.deleteSynth(synth);
            library.deleteSettings(settings);
        }

        private void Set(string name, double value)
        {
            fixed (byte* text = Terminated(name))
                _ = library.setNumber(settings, text, value);
        }

        private void Set(string name, int value)
        {
            fixed (byte* text = Terminated(name))
                _ = library.setInteger(settings, text, value);
        }
    }
}

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
    private static void Ignore(nint domain, int level, nint message, nint data) { }
}
