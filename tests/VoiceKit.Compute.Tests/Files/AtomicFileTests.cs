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
        Assert.Throws<InvalidOperationException>(() =>
            AtomicFile.Write(
                path,
                stream =>
                {
                    stream.Write([1, 2, 3]);
                    throw new InvalidOperationException();
                }
            )
        );
        Assert.Equal([9], File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    [LinuxFact]
    public void Write_Link_IsReplacedAndItsTargetStays()
    {
        using ScratchFolder folder = new(),
            outside = new();
        var target = folder.Write("target.bin", [9]);
        File.CreateSymbolicLink(folder["file.bin"], target);
        File.CreateSymbolicLink(folder["folder.bin"], outside.Path);
        File.CreateSymbolicLink(folder["device.bin"], "/dev/null");
        File.CreateSymbolicLink(folder["dangling.bin"], outside["nowhere"]);
        foreach (var name in (string[])["file.bin", "folder.bin", "device.bin", "dangling.bin"])
        {
            AtomicFile.RequireWritable(folder[name]);
            AtomicFile.Write(folder[name], stream => stream.Write([1]));
            Assert.Equal([1], File.ReadAllBytes(folder[name]));
            Assert.Null(new FileInfo(folder[name]).LinkTarget);
        }

        Assert.Equal([9], File.ReadAllBytes(target));
        Assert.Empty(Directory.GetFileSystemEntries(outside.Path));
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
