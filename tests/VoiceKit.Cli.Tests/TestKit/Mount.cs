using System.Diagnostics;

namespace VoiceKit.Tests.TestKit;

/// <summary>A small file system in memory, gone after the test.</summary>
internal sealed class Mount : IDisposable
{
    private readonly string path;

    /// <summary>Mounts one on a folder that is created.</summary>
    public Mount(string path, string options)
    {
        this.path = path;
        Directory.CreateDirectory(path);
        Run("mount", "-t", "tmpfs", "-o", options, "tmpfs", path);
    }

    public void Remount(string options) => Run("mount", "-o", "remount," + options, path);

    public void Dispose() => Run("umount", path);

    private static void Run(string program, params string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', args)}: {error}");
    }
}
