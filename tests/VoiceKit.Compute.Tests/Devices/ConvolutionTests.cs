using VoiceKit.Devices;

namespace VoiceKit.Tests.Devices;

public unsafe class ConvolutionTests
{
    private static readonly ConvolutionShape[] Shapes =
    [
        .. ConvolutionReference.SmallShapes,
        ConvolutionShape.OneDimensional(2, 17, 16, 4, 16, 2, 1),
        ConvolutionShape.OneDimensional(2, 19, 33, 4, 40, 4, 0),
        ConvolutionShape.OneDimensional(2, 64, 130, 4, 70, 2, 1),
        new(3, (8, 14, 64), (4, 4, 20), (2, 2), (1, 1)),
        new(2, (10, 12, 1), (4, 4, 24), (2, 2), (1, 1)),
        new(1, (6, 1, 2), (3, 1, 2), (2, 1), (1, 0)),
    ];

    private delegate void Operation(Convolution convolution, ConvolutionShape shape, float* x, float* w, float* y);

    public static TheoryData<int> ShapeIndices => [.. Enumerable.Range(0, Shapes.Length)];

    private static Operation[] Operations =>
        [
            (convolution, shape, x, w, y) => convolution.Forward(shape, x, w, y),
            (convolution, shape, x, w, y) => convolution.InputGradient(shape, y, w, x),
            (convolution, shape, x, w, y) => convolution.WeightGradient(shape, x, y, w),
        ];

    [Theory]
    [MemberData(nameof(ShapeIndices))]
    public void Operations_EachShape_EqualTheReference(int index)
    {
        var shape = Shapes[index];
        using var workers = new WorkerPool(2);
        for (var operation = 0; operation < Operations.Length; operation++)
        {
            var (x, w, y) = Noise(shape);
            var expected = ConvolutionReference.Of(shape, x, w, y, operation);
            var actual = Result(workers, shape, operation, shift: 1);
            Assert.Equal(expected.Length, actual.Length);
            var tolerance = 1e-6 * Math.Sqrt(1 + ((double)w.Length * y.Length / Math.Max(1, expected.Length)));
            for (var i = 0; i < expected.Length; i++)
            {
                if (!(Math.Abs(expected[i] - actual[i]) <= tolerance))
                    Assert.Fail($"operation {operation} at {i}: {actual[i]} where {expected[i]} was expected");
            }
        }
    }

    [Theory]
    [MemberData(nameof(ShapeIndices))]
    public void Gradients_EachShape_AreAdjoint(int index)
    {
        var shape = Shapes[index];
        using var workers = new WorkerPool(1);
        var (x, w, y) = Noise(shape);
        var forward = Dot(Result(workers, shape, 0, 0), y);
        var tolerance = 1e-6 * (1 + x.Length + w.Length + y.Length);
        Assert.Equal(forward, Dot(Result(workers, shape, 1, 0), x), tolerance);
        Assert.Equal(forward, Dot(Result(workers, shape, 2, 0), w), tolerance);
    }

    [Theory]
    [MemberData(nameof(ShapeIndices))]
    public void Operations_OtherThreadsOrPlacesInMemory_AreTheSameBits(int index)
    {
        using var one = new WorkerPool(1);
        using var two = new WorkerPool(2);
        using var three = new WorkerPool(3);
        for (var operation = 0; operation < Operations.Length; operation++)
        {
            var expected = Result(one, Shapes[index], operation, shift: 0);
            Assert.Equal(expected, Result(two, Shapes[index], operation, shift: 3));
            Assert.Equal(expected, Result(three, Shapes[index], operation, shift: 7));
        }
    }

    [Fact]
    public void InputGradient_InputsThatNoOutputSees_AreZero()
    {
        using var workers = new WorkerPool(1);
        var shape = ConvolutionShape.OneDimensional(1, 19, 2, 4, 3, 4, 0);
        var gradient = Result(workers, shape, 1, shift: 0);
        Assert.All(gradient[(16 * 2)..], value => Assert.Equal(0, value));
        Assert.All(gradient[..(16 * 2)], value => Assert.NotEqual(0, value));
    }

    [Theory]
    [InlineData(9)]
    [InlineData(16)]
    public void Operations_SecondCall_AllocateNothing(int index)
    {
        var shape = Shapes[index];
        using var workers = new WorkerPool(2);
        var convolution = new Convolution(workers);
        var (x, w, y) = Noise(shape);
        fixed (
            float* px = x,
                pw = w,
                py = y
        )
        {
            foreach (var operation in Operations)
            {
                operation(convolution, shape, px, pw, py);
                var before = GC.GetAllocatedBytesForCurrentThread();
                operation(convolution, shape, px, pw, py);
                Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
            }
        }
    }

    private static (float[] X, float[] W, float[] Y) Noise(ConvolutionShape shape) =>
        (
            NativeFloats.Noise(shape.Batch * shape.Height * shape.Width * shape.InputChannels, 1),
            NativeFloats.Noise(shape.KernelHeight * shape.KernelWidth * shape.InputChannels * shape.OutputChannels, 2),
            NativeFloats.Noise(shape.Batch * shape.OutputHeight * shape.OutputWidth * shape.OutputChannels, 3)
        );

    /// <summary>The result of an operation into memory that held NaN.</summary>
    private static float[] Result(WorkerPool workers, ConvolutionShape shape, int operation, int shift)
    {
        var (x, w, y) = Noise(shape);
        using var nx = operation == 1 ? new NativeFloats(x.Length, shift) : new NativeFloats(x, shift);
        using var nw = operation == 2 ? new NativeFloats(w.Length, shift) : new NativeFloats(w, shift);
        using var ny = operation == 0 ? new NativeFloats(y.Length, shift) : new NativeFloats(y, shift);
        Operations[operation](new Convolution(workers), shape, nx.Pointer, nw.Pointer, ny.Pointer);
        return (
            operation == 0 ? ny
            : operation == 1 ? nx
            : nw
        ).Values.ToArray();
    }

    private static double Dot(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();
}
