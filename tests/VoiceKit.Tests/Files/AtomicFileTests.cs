using VoiceKit.Files;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Files;

public class AtomicFileTests
{
    [Fact]
    public void Write_NewFileInNewFolder_CreatesBoth()
    {
        using var folder = new ScratchFolder();
        AtomicFile.Write(folder["a/b/c.bin"], stream => stream.Write([1, 2, 3]));
        Assert.Equal([1, 2, 3], File.ReadAllBytes(folder["a/b/c.bin"]));
    }

    [Fact]
    public void Write_Failure_LeavesTheOldFileAndNothingElse()
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("old.bin", [9]);
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write([1, 2, 3]);
            throw new InvalidOperationException();
        }));
        Assert.Equal([9], File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Write_Link_ReplacesItsTarget()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var folder = new ScratchFolder();
        var target = folder.Write("target.bin", [9]);
        File.CreateSymbolicLink(folder["link.bin"], target);
        AtomicFile.Write(folder["link.bin"], stream => stream.Write([1]));
        Assert.Equal([1], File.ReadAllBytes(target));
        Assert.NotNull(new FileInfo(folder["link.bin"]).LinkTarget);
    }

    [Fact]
    public void Write_Device_IsWrittenToAndStaysADevice()
    {
        if (!OperatingSystem.IsLinux())
            return;
        AtomicFile.Write("/dev/null", stream => stream.Write([1, 2, 3]));
        Assert.Equal(FileKind.Device, FileKinds.Of("/dev/null"));
    }

    [Fact]
    public void Write_Directory_Throws()
    {
        using var folder = new ScratchFolder();
        Assert.Throws<IOException>(() => AtomicFile.Write(folder.Path, _ => { }));
    }

    [Fact]
    public void BadFileException_Message_HasPathReasonAndOffset()
    {
        Assert.Equal("a.wav: it is bad (at byte 12)", new BadFileException("a.wav", 12, "it is bad").Message);
        Assert.Equal("a.wav: it is bad", new BadFileException("a.wav", null, "it is bad").Message);
    }
}
