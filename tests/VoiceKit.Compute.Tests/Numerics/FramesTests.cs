using VoiceKit.Numerics;

namespace VoiceKit.Tests.Numerics;

public class FramesTests
{
    private static readonly Frames Sample = new(3, 2, [1, 2, 3, 4, 5, 6]);

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(1, 0)]
    [InlineData(1, -1)]
    public void Constructor_ImpossibleShape_Throws(int count, int dimension)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new FrameBuffer(count, dimension));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Frames(count, dimension, []));
    }

    [Fact]
    public void Constructor_ArrayOfOtherLength_NamesBothLengths()
    {
        var error = Assert.Throws<ArgumentException>(() => new Frames(2, 3, new double[5]));
        Assert.Contains("5 values; 2 x 3", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new Frames(65536, 65536, []));
        Assert.Throws<ArgumentNullException>(() => Frames.Wrap(0, 1, null!));
    }

    [Fact]
    public void Indexer_OutsideTheFrames_Throws()
    {
        Assert.Equal([3.0, 4], Sample[1].ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => Sample[3].Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => Sample[-1].Length);
    }

    [Fact]
    public void Slices_OfFramesAndColumns_AreCopies()
    {
        Assert.Equal([3.0, 4, 5, 6], Sample.Slice(1, 2).Values.ToArray());
        Assert.Equal([2.0, 4, 6], Sample.Columns(1, 1).Values.ToArray());
        Assert.Equal([2.0, 4, 6], Sample.Column(1));
        Assert.Equal([5.0, 6, 1, 2, 5, 6], Sample.Rows([2, 0, 2]).Values.ToArray());
        Assert.Equal(0, Sample.Slice(3, 0).Count);

        // A change of the buffer reaches no copy.
        var buffer = Sample.ToBuffer();
        var (slice, rows, columns, value) = (buffer.Slice(0, 3), buffer.Rows([0, 1, 2]), buffer.Columns(0, 2), buffer.ToImmutable());
        buffer.Values.Clear();
        Assert.All([slice, rows, columns, value, Sample], frames => Assert.Equal([1.0, 2, 3, 4, 5, 6], frames.Values.ToArray()));
    }

    [Fact]
    public void Constructor_ArrayThatChanges_IsCopied()
    {
        double[] values = [1, 2];
        var frames = new VoiceKit.Numerics.Frames(1, 2, values);
        values[0] = double.NaN;
        Assert.Equal([1.0, 2], frames.Values.ToArray());
        Assert.Same(frames, frames.ToImmutable());
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(2, 2)]
    [InlineData(0, -1)]
    public void Slice_OutsideTheFrames_Throws(int start, int count) =>
        Assert.ThrowsAny<ArgumentException>(() => Sample.Slice(start, count));

    [Fact]
    public void Concatenate_Parts_KeepsTheirOrder() =>
        Assert.Equal(
            [5.0, 6, 1, 2, 3, 4],
            Frames.Concatenate([Sample.Slice(2, 1), Sample.Slice(1, 0), Sample.Slice(0, 2)]).Values.ToArray()
        );

    [Fact]
    public void Concatenate_PartsThatDoNotFit_Throws()
    {
        Assert.Throws<ArgumentException>(() => Frames.Concatenate([]));
        Assert.Throws<ArgumentException>(() => Frames.Concatenate([Sample, new FrameBuffer(1, 1)]));
        Assert.Throws<ArgumentException>(() => Frames.Concatenate([Sample, new FrameBuffer(1, 3)]));
    }
}
