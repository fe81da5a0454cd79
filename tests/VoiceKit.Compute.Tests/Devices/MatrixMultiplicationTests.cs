using VoiceKit.Devices;

namespace VoiceKit.Tests.Devices;

public unsafe class MatrixMultiplicationTests
{
    private static readonly int[] AwkwardSizes = [0, 1, 2, 5, 6, 7, 15, 16, 17, 31];

    public static TheoryData<int, int, int> LargeSizes =>
        new()
        {
            { 131, 257, 257 },
            { 257, 67, 31 },
            { 1, 257, 300 },
            { 13, 1031, 17 },
            { 101, 3, 263 },
            { 263, 521, 1 },
            { 24, 300, 259 },
            { 25, 700, 48 },
            { 400, 64, 31 },
            { 6, 0, 40 },
        };

    public static TheoryData<bool, bool, bool> Flags
    {
        get
        {
            var data = new TheoryData<bool, bool, bool>();
            for (var i = 0; i < 8; i++)
                data.Add((i & 1) != 0, (i & 2) != 0, (i & 4) != 0);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Flags))]
    public void Multiply_AwkwardSizes_EqualsTheReference(bool transposeLeft, bool transposeRight, bool accumulate)
    {
        using var workers = new WorkerPool(2);
        var multiplication = new MatrixMultiplication(workers);
        foreach (var rows in AwkwardSizes)
        {
            foreach (var inner in AwkwardSizes)
            {
                foreach (var columns in AwkwardSizes)
                    Check(
                        multiplication,
                        new MatrixProduct(rows, inner, columns, transposeLeft, transposeRight, accumulate, (rows + inner + columns) % 3)
                    );
            }
        }
    }

    [Theory]
    [MemberData(nameof(LargeSizes))]
    public void Multiply_ManyBlocks_EqualsTheReference(int rows, int inner, int columns)
    {
        using var workers = new WorkerPool(3);
        var multiplication = new MatrixMultiplication(workers);
        for (var i = 0; i < 8; i++)
            Check(multiplication, new MatrixProduct(rows, inner, columns, (i & 1) != 0, (i & 2) != 0, (i & 4) != 0, 2));
    }

    [Theory]
    [InlineData(257, 600, 130, 1)]
    [InlineData(20, 64, 200, 9)]
    [InlineData(64, 700, 33, 3)]
    public void Multiply_OtherThreadsOrPlacesInMemory_IsTheSameBits(int rows, int inner, int columns, int batch)
    {
        for (var i = 0; i < 8; i++)
        {
            var product = new MatrixProduct(rows, inner, columns, (i & 1) != 0, (i & 2) != 0, (i & 4) != 0, batch);
            var expected = Multiplied(product, threads: 1, shift: 0);
            Assert.Equal(expected, Multiplied(product, threads: 2, shift: 1));
            Assert.Equal(expected, Multiplied(product, threads: 3, shift: 3));
            Assert.Equal(expected, Multiplied(product, threads: 1, shift: 7));
        }
    }

    [Fact]
    public void Multiply_SecondCall_AllocatesNothing()
    {
        using var workers = new WorkerPool(2);
        var multiplication = new MatrixMultiplication(workers);
        using var a = new NativeFloats(NativeFloats.Noise(200 * 200, 1));
        using var b = new NativeFloats(NativeFloats.Noise(200 * 200, 2));
        using var c = new NativeFloats(200 * 200);
        long Allocated()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 8; i++)
                multiplication.Multiply(
                    new MatrixProduct(200, 200, 200, (i & 1) != 0, (i & 2) != 0, (i & 4) != 0),
                    a.Pointer,
                    b.Pointer,
                    c.Pointer
                );
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Allocated();
        Assert.Equal(0, Allocated());
    }

    [Fact]
    public void Multiply_NegativeSize_IsRefused()
    {
        using var workers = new WorkerPool(1);
        var multiplication = new MatrixMultiplication(workers);
        Assert.Throws<ArgumentOutOfRangeException>(() => multiplication.Multiply(new MatrixProduct(-1, 2, 3), null, null, null));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            multiplication.Multiply(new MatrixProduct(1, 2, 3, BatchCount: -1), null, null, null)
        );
    }

    private static float[] Multiplied(MatrixProduct product, int threads, int shift)
    {
        using var workers = new WorkerPool(threads);
        using var a = new NativeFloats(NativeFloats.Noise(product.BatchCount * product.Rows * product.Inner, 1), shift);
        using var b = new NativeFloats(NativeFloats.Noise(product.BatchCount * product.Inner * product.Columns, 2), shift * 2);
        using var c = new NativeFloats(NativeFloats.Noise(product.BatchCount * product.Rows * product.Columns, 3), shift * 3);
        new MatrixMultiplication(workers).Multiply(product, a.Pointer, b.Pointer, c.Pointer);
        return c.Values.ToArray();
    }

    private static void Check(MatrixMultiplication multiplication, MatrixProduct product)
    {
        var (rows, inner, columns) = (product.Rows, product.Inner, product.Columns);
        using var a = new NativeFloats(NativeFloats.Noise(product.BatchCount * rows * inner, 1), 1);
        using var b = new NativeFloats(NativeFloats.Noise(product.BatchCount * inner * columns, 2), 2);
        var length = product.BatchCount * rows * columns;
        using var c = product.Accumulate ? new NativeFloats(NativeFloats.Noise(length, 3), 3) : new NativeFloats(length, 3);
        var expected = new double[length];
        for (var i = 0; i < length; i++)
        {
            var (batch, place) = int.DivRem(i, rows * columns);
            var (r, column) = int.DivRem(place, columns);
            var left = a.Pointer + (batch * rows * inner);
            var right = b.Pointer + (batch * inner * columns);
            expected[i] = product.Accumulate ? c.Values[i] : 0;
            for (var k = 0; k < inner; k++)
            {
                var x = product.TransposeLeft ? left[(k * rows) + r] : left[(r * inner) + k];
                expected[i] += (double)x * (product.TransposeRight ? right[(column * inner) + k] : right[(k * columns) + column]);
            }
        }

        multiplication.Multiply(product, a.Pointer, b.Pointer, c.Pointer);
        var tolerance = 1e-6 * Math.Sqrt(inner + 1);
        for (var i = 0; i < length; i++)
        {
            if (!(Math.Abs(expected[i] - c.Values[i]) <= tolerance))
                Assert.Fail($"{product} at {i}: {c.Values[i]} where {expected[i]} was expected");
        }
    }
}
