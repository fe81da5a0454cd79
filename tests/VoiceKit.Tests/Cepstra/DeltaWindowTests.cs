using VoiceKit.Cepstra;
using VoiceKit.Numerics;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Cepstra;

public class DeltaWindowTests
{
    [Fact]
    public void Append_AtTheEnds_RepeatsTheEndFrames()
    {
        // Columns: static, delta, deltaDelta of 1, 3, 9.
        var result = DeltaWindow.Append(new Frames(3, 1, [1, 3, 9]));
        Assert.Equal([1.0, 1, 2, 3, 4, 4, 9, 3, -6], result.Values.ToArray());
    }

    [Fact]
    public void Append_OneFrame_HasNoMotion() =>
        Assert.Equal([5.0, 6, 0, 0, 0, 0], DeltaWindow.Append(new Frames(1, 2, [5, 6])).Values.ToArray());

    [Fact]
    public void Append_NoFrames_IsEmpty() =>
        Assert.Equal((0, 6), (DeltaWindow.Append(new FrameBuffer(0, 2)).Count, DeltaWindow.Append(new FrameBuffer(0, 2)).Dimension));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(6)]
    public void Weight_EveryFrame_MakesWhatAppendMakes(int count)
    {
        var statics = new Frames(count, 1, RandomMatrices.Vector(count, 1));
        var appended = DeltaWindow.Append(statics);
        for (var t = 0; t < count; t++)
        {
            for (var window = 0; window < DeltaWindow.Count; window++)
            {
                var sum = 0.0;
                for (var offset = -1; offset <= 1; offset++)
                {
                    var weight = DeltaWindow.Weight(window, offset, t, count);
                    if (t + offset >= 0 && t + offset < count)
                        sum += weight * statics[t + offset][0];
                    else
                        Assert.Equal(0, weight);
                }

                Assert.Equal(appended[t][window], sum, 1e-12);
            }
        }
    }
}
