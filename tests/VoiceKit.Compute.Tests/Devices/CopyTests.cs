using VoiceKit.Devices;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Devices;

public class CopyTests
{
    public static TheoryData<string> Devices => TestDevices.All;

    public static TheoryData<string, int> Lengths =>
        TestDevices.With([0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 257, 100_003], length => length > 257);

    public static TheoryData<string, RowCopy> Rows =>
        TestDevices.With<RowCopy>(
            [
                new(0, 5, 0, 5, 0, 5),
                new(3, 0, 0, 7, 0, 7),
                new(1, 1, 40, 0, 50, 0),
                new(3, 5, 2, 9, 1, 7),
                new(4, 8, 0, 8, 3, 11),
                new(2, 17, 5, 20, 0, 17),
                new(7, 1, 0, 3, 0, 1),
                new(5, 4, 1, 0, 0, 4),
                new(257, 31, 3, 37, 2, 33),
                new(3, 50_001, 0, 50_001, 7, 50_003),
                new(50_001, 3, 1, 4, 0, 3),
            ],
            copy => copy.Count * copy.Length > 10_000
        );

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Allocate_AnyLength_GivesZeros(string deviceName, int length)
    {
        using var device = TestDevices.Create(deviceName);
        using var buffer = device.Allocate(length);
        Assert.Equal(new float[length], device.Read(new DeviceArray(buffer)));
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void FillAndCopy_Slice_LeaveTheRestAsItIs(string deviceName, int length)
    {
        using var device = TestDevices.Create(deviceName);
        var all = device.Garbage(length + 5);
        device.Fill(2.5f, all.Slice(3, length));
        var filled = device.Read(all);
        Assert.True(Array.TrueForAll(filled[3..^2], value => value == 2.5f));
        NumberAssert.AllUndefined([.. filled[..3], .. filled[^2..]]);

        var values = DeviceNumbers.Uniform(1, length);
        device.Copy(device.Put(values), all.Slice(1, length));
        Assert.Equal(values, device.Read(all.Slice(1, length)));
        Assert.True(float.IsNaN(device.Read(all)[0]));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void CopyRows_EachLayout_EqualsReference(string deviceName, RowCopy rows)
    {
        using var device = TestDevices.Create(deviceName);
        var source = DeviceNumbers.Uniform(1, rows.SourceOffset + (rows.Count * rows.SourceStride) + rows.Length);
        var expected = DeviceNumbers.Uniform(2, rows.DestinationOffset + (rows.Count * rows.DestinationStride) + rows.Length);
        var destination = device.Put(expected);
        device.CopyRows(rows, device.Put(source), destination);
        for (var row = 0; row < rows.Count; row++)
        {
            for (var i = 0; i < rows.Length; i++)
                expected[rows.DestinationOffset + (row * rows.DestinationStride) + i] = source[
                    rows.SourceOffset + (row * rows.SourceStride) + i
                ];
        }

        Assert.Equal(expected, device.Read(destination));
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void CopyRows_BeyondTheArrays_Throws(string deviceName)
    {
        using var device = TestDevices.Create(deviceName);
        var (ten, five) = (device.Garbage(10), device.Garbage(5));
        Assert.All(
            [
                new RowCopy(1, 6, 0, 0, 0, 0),
                new(2, 5, 0, 5, 0, 1),
                new(2, 2, 0, 2, 0, 4),
                new(1, 1, -1, 0, 0, 0),
                new(1, 1, 0, 0, -1, 0),
                new(-1, 1, 0, 0, 0, 0),
                new(2, 1, 4, -1, 4, -5),
                new(1, -1, 0, 0, 0, 0),
            ],
            rows => Assert.Throws<ArgumentException>(() => device.CopyRows(rows, ten, five))
        );
        Assert.Throws<ArgumentException>(() => device.CopyRows(new RowCopy(1, 6, 0, 0, 0, 0), five, ten));
        Assert.Throws<ArgumentException>(() => device.CopyRows(new RowCopy(3, 1, 0, int.MaxValue, 0, 1), ten, five));
        Assert.Throws<ArgumentException>(() => device.Copy(ten, five));
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void UploadAndDownload_OtherLength_Throw(string deviceName)
    {
        using var device = TestDevices.Create(deviceName);
        var array = device.Garbage(3);
        Assert.Throws<ArgumentException>(() => device.Upload([1, 2], array));
        Assert.Throws<ArgumentException>(() => device.Upload([1, 2, 3, 4], array));
        Assert.Throws<ArgumentException>(() => device.Download(array, new float[2]));
        Assert.Throws<ArgumentException>(() => device.Download(array, new float[4]));
        Assert.Throws<ArgumentException>(() => device.Download(array.Slice(1, 2), new float[3]));
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Operations_ArrayOfAnotherDevice_Throw(string deviceName)
    {
        using var device = TestDevices.Create(deviceName);
        using var buffer = new ForeignBuffer(4);
        var (own, foreign) = (device.Garbage(4), new DeviceArray(buffer));
        var plain = Broadcast.Of(new TensorShape(4), new TensorShape(4));
        var add = new BinaryFunction(BinaryKind.Add);
        var step = new AdamStep(1, 0, 0, 1);
        Assert.All<Action>(
            [
                () => device.Upload([1, 2, 3, 4], foreign),
                () => device.Download(foreign, new float[4]),
                () => device.Fill(1, foreign),
                () => device.Copy(own, foreign),
                () => device.Copy(foreign, own),
                () => device.Permute(new TensorShape(4), [0], own, foreign),
                () => device.Permute(new TensorShape(4), [0], foreign, own),
                () => device.Apply(new UnaryFunction(UnaryKind.Exp), own, foreign),
                () => device.Apply(new UnaryFunction(UnaryKind.Exp), foreign, own),
                () => device.Combine(add, plain, foreign, own, own),
                () => device.Combine(add, plain, own, foreign, own),
                () => device.Combine(add, plain, own, own, foreign),
                () => device.Sum(plain, own, foreign),
                () => device.Sum(plain, foreign, own),
                () => device.Repeat(plain, own, foreign),
                () => device.Repeat(plain, foreign, own),
                () => device.Multiply(new MatrixProduct(2, 2, 2), own, foreign, own),
                () => device.Softmax(2, foreign, own),
                () => device.OneHotOfMaximum(2, own, foreign),
                () => device.OneHot(1, own, foreign),
                () => device.Adam(step, own, own, own, foreign),
                () => device.Adam(step, foreign, own, own, own),
            ],
            action => Assert.Throws<ArgumentException>(action)
        );
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void Operations_DisposedBuffer_Throw(string deviceName)
    {
        using var device = TestDevices.Create(deviceName);
        var array = device.Garbage(4);
        array.Buffer.Dispose();
        array.Buffer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => device.Fill(1, array));
    }

    [Fact]
    public void DeviceArray_PartBeyondItsBuffer_Throws()
    {
        using var buffer = new ForeignBuffer(4);
        var array = new DeviceArray(buffer, 1, 2);
        Assert.Equal((1, 2), (array.Offset, array.Length));
        Assert.Equal(new DeviceArray(buffer, 2, 1), array.Slice(1, 1));
        Assert.All<Action>(
            [
                () => _ = new DeviceArray(buffer, -1, 1),
                () => _ = new DeviceArray(buffer, 0, 5),
                () => _ = new DeviceArray(buffer, 4, 1),
                () => _ = new DeviceArray(buffer, 0, -1),
                () => _ = new DeviceArray(buffer, int.MaxValue, int.MaxValue),
                () => array.Slice(0, 3),
                () => array.Slice(-1, 1),
                () => array.Slice(2, 1),
                () => new ForeignBuffer(-1).Dispose(),
            ],
            action => Assert.Throws<ArgumentOutOfRangeException>(action)
        );
        Assert.Throws<ArgumentNullException>(() => new DeviceArray(null!));
    }

    private sealed class ForeignBuffer(int length) : DeviceBuffer(length)
    {
        protected override void Dispose(bool disposing) { }
    }
}
