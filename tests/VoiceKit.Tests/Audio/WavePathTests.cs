using System.Diagnostics;
using VoiceKit.Audio;
using VoiceKit.Files;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Audio;

public class WavePathTests
{
    [Theory]
    [InlineData("dir-naïve space/ün ï 日本語.wav")]
    [InlineData("dir-naïve space/-o.wav")]
    [InlineData("dir-naïve space/a'b$d;e&f.wav")]
    [InlineData("UPPER.WAV")]
    [InlineData("no-extension")]
    public void Read_OddPath_IsRead(string name)
    {
        using var folder = new ScratchFolder();
        var path = folder.Write(name, BadWaveFiles.Good);
        Assert.Empty(WaveFile.Read(path).Warnings);
        Assert.IsType<WaveRecording>(AudioFile.Read(path));
    }

    [Fact]
    public void Read_LineBreakInTheName_KeepsTheErrorOnOneLine()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var folder = new ScratchFolder();
        var error = Assert.Throws<BadFileException>(() => WaveFile.Read(folder.Write("new\nline.wav", [])));
        Assert.DoesNotContain('\n', error.Message);
        Assert.Equal(400, WaveFile.Read(folder.Write("good\nline.wav", BadWaveFiles.Good)).Waveform.Length);
    }

    [Theory]
    [InlineData("nothing.wav")]
    [InlineData("no-folder/nothing.wav")]
    public void Read_MissingFile_ThrowsFileNotFound(string name)
    {
        using var folder = new ScratchFolder();
        var error = Assert.Throws<FileNotFoundException>(() => WaveFile.Read(folder[name]));
        Assert.Contains(folder[name], error.Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => AudioFile.Read(folder[name]));
    }

    [Fact]
    public void Read_Directory_Throws()
    {
        using var folder = new ScratchFolder();
        Assert.Contains("directory", Assert.Throws<BadFileException>(() => WaveFile.Read(folder.Path)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NamedPipeOrDevice_IsRefusedWithoutWaiting()
    {
        if (!OperatingSystem.IsLinux())
            return;
        using var folder = new ScratchFolder();
        using (var process = Process.Start("mkfifo", folder["pipe.wav"]))
            process.WaitForExit();
        Assert.Contains("pipe", Assert.Throws<BadFileException>(() => WaveFile.Read(folder["pipe.wav"])).Reason, StringComparison.Ordinal);
        Assert.Contains("device", Assert.Throws<BadFileException>(() => WaveFile.Read("/dev/zero")).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Path_ReplacesTheFileWhole()
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("out.wav", [1, 2, 3]);
        Assert.Equal(1, WaveFile.Write(path, new Waveform([0.5, 2], 16000)));
        Assert.Equal([0.5, 32767.0 / 32768], WaveFile.Read(path).Waveform.Samples.ToArray());
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }
}
