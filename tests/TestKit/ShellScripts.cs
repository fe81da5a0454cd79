namespace VoiceKit.Tests.TestKit;

/// <summary>Small programs in bash that stand in for others.</summary>
internal static class ShellScripts
{
    /// <summary>Writes a program of this name and body into a folder and returns its path.</summary>
    public static string Program(this ScratchFolder folder, string name, string body)
    {
        var path = folder.Write(name, System.Text.Encoding.UTF8.GetBytes("#!/bin/bash\n" + body + "\n"));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        return path;
    }
}
