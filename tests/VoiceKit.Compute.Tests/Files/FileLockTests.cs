using VoiceKit.Files;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Files;

public class FileLockTests
{
    [Theory]
    [InlineData(false, false, false)]
    [InlineData(false, true, false)]
    [InlineData(true, false, false)]
    [InlineData(true, true, true)]
    public void TryTake_WhileHeld_IsForThoseWhoShare(bool firstRatios, bool secondRatios, bool isTaken)
    {
        using var folder = new ScratchFolder();
        using (var first = FileLock.TryTake(folder["lock"], firstRatios))
        {
            Assert.NotNull(first);
            using var second = FileLock.TryTake(folder["lock"], secondRatios);
            Assert.Equal(isTaken, second is not null);
        }

        using var free = FileLock.TryTake(folder["lock"]);
        Assert.NotNull(free);
    }

    [Fact]
    public void TryTake_InNoFolder_IsAnErrorAndNotALockThatIsHeld()
    {
        using var folder = new ScratchFolder();
        Assert.ThrowsAny<IOException>(() => FileLock.TryTake(folder["nowhere/lock"]));
    }
}
