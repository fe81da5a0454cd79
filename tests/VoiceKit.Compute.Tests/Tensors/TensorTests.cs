using VoiceKit.Devices;
using VoiceKit.Tensors;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Tensors;

public sealed class TensorTests : IDisposable
{
    private readonly CpuDevice device = new(1);

    public void Dispose() => device.Dispose();

    [Fact]
    public void Shape_SameDimensions_AreEqual()
    {
        var shape = new TensorShape(2, 3);
        Assert.Equal(shape, new TensorShape(2, 3));
        Assert.Equal(shape.GetHashCode(), new TensorShape(2, 3).GetHashCode());
        Assert.NotEqual(shape, new TensorShape(3, 2));
        Assert.NotEqual(shape, new TensorShape(2, 3, 1));
        Assert.False(shape.Equals((object?)null));
        Assert.Equal((2, 6, 3, "[2, 3]"), (shape.Rank, shape.Length, shape[^1], shape.ToString()));
        Assert.Equal((0, 1, "[]"), (new TensorShape().Rank, new TensorShape().Length, new TensorShape().ToString()));
        Assert.Equal(new TensorShape(2, 7), shape.With(1, 7));
    }

    [Fact]
    public void Shape_NegativeOrTooLong_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new TensorShape(2, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TensorShape(65536, 65536));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TensorShape(65536, 65536, 65536, 65536));
        Assert.Equal(0, new TensorShape(int.MaxValue, 0, int.MaxValue).Length);
    }

    [Fact]
    public void Operators_OrderOfOperands_GivesTheShapeOfTheLarger()
    {
        var (matrix, row, one) = (device.Random(1, 3, 4), device.Random(2, 4), device.Random(3, 1, 1));
        Assert.All(
            [matrix + row, row + matrix, matrix * one, one - matrix, row / matrix],
            tensor => Assert.Equal(new TensorShape(3, 4), tensor.Shape)
        );
        Assert.All([row + one, one + row, one * row], tensor => Assert.Equal(new TensorShape(4), tensor.Shape));
    }

    [Fact]
    public void Operators_Numbers_AreRight()
    {
        var (x, y) = (device.Variable(new TensorShape(2), 3, 5), device.Variable(new TensorShape(2), 2, 4));
        var values = device.Evaluate(
            x + y,
            x - y,
            x * y,
            x / y,
            x + 1,
            x - 1,
            1 - x,
            2 * x,
            x * 2,
            x / 2,
            -x,
            Tensor.Filled(7, new TensorShape(2))
        );
        float[][] expected =
        [
            [5, 9],
            [1, 1],
            [6, 20],
            [1.5f, 1.25f],
            [4, 6],
            [2, 4],
            [-2, -4],
            [6, 10],
            [6, 10],
            [1.5f, 2.5f],
            [-3, -5],
            [7, 7],
        ];
        Assert.Equal(expected, values);
    }

    [Fact]
    public void Functions_Layout_IsRowMajor()
    {
        var x = device.Variable(new TensorShape(2, 3), 1, 2, 3, 4, 5, 6);
        float[][] expected =
        [
            [1, 4, 2, 5, 3, 6],
            [2, 3, 5, 6],
            [4, 5, 6],
            [0, 1, 2, 3, 0, 0, 4, 5, 6, 0],
            [1, 2, 3, 4, 5, 6, 1, 2, 3],
            [1, 2, 3, 3, 4, 5, 6, 6],
            [21],
            [3.5f],
            [5, 7, 9],
            [2, 5],
            [1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6],
        ];
        var results = device.Evaluate(
            x.Permute(1, 0),
            x.Slice(1, 1, 2),
            x.Slice(0, 1, 1),
            x.Pad(1, 1, 5),
            Tensor.Concatenate(0, x, x.Slice(0, 0, 1)),
            Tensor.Concatenate(1, x, x.Slice(1, 2, 1)),
            x.Sum(),
            x.Mean(),
            x.Sum(0),
            x.Mean(1),
            x.RepeatTo(new TensorShape(2, 2, 3))
        );
        Assert.Equal(expected, results);
        Assert.Equal(new TensorShape(1, 3), x.Sum(0).Shape);
        Assert.Equal(new TensorShape(), x.Sum().Shape);
    }

    [Fact]
    public void Functions_NothingToDo_GiveTheTensorItself()
    {
        var x = device.Random(1, 2, 3);
        Assert.All(
            [
                x.Affine(1, 0),
                x + 0,
                x.Reshape(2, 3),
                x.Slice(1, 0, 3),
                x.Pad(0, 0, 2),
                x.SumTo(x.Shape),
                x.RepeatTo(x.Shape),
                Tensor.Concatenate(0, x),
            ],
            same => Assert.Same(x, same)
        );
    }

    [Fact]
    public void Functions_EmptyRanges_Work()
    {
        var x = device.Variable(new TensorShape(2, 2), 1, 2, 3, 4);
        var empty = x.Slice(1, 2, 0);
        Assert.Equal(new TensorShape(2, 0), empty.Shape);
        var values = device.Evaluate(empty, empty.Pad(1, 0, 2), Tensor.Concatenate(1, empty, x, empty), empty.Sum(), empty.Exp());
        Assert.Equal(
            [
                [],
                [0, 0, 0, 0],
                [1, 2, 3, 4],
                [0f],
                [],
            ],
            values
        );
    }

    [Fact]
    public void Functions_ShapesThatDoNotFit_Throw()
    {
        var x = device.Random(1, 2, 3);
        var shape = ConvolutionShape.OneDimensional(1, 6, 1, 3, 2, 1, 0);
        Assert.All<Func<object>>(
            [
                () => x.Reshape(5),
                () => x.Permute(0),
                () => x.Permute(0, 0),
                () => x.Permute(0, 2),
                () => x + device.Random(1, 2),
                () => x * device.Random(1, 2, 2),
                () => x.SumTo(new TensorShape(2)),
                () => x.RepeatTo(new TensorShape(3)),
                () => Tensor.Concatenate(0, x, device.Random(1, 2, 2)),
                () => Tensor.Concatenate(0, x, device.Random(1, 3)),
                () => Tensor.MatrixProduct(x, x),
                () => Tensor.MatrixProduct(x, device.Random(1, 2, 3, 1)),
                () => Tensor.MatrixProduct(device.Random(1, 2, 2, 3), device.Random(1, 3, 3, 2)),
                () => Tensor.Convolution(shape, x, device.Random(1, 1, 3, 1, 2)),
                () => Tensor.Convolution(shape, device.Random(1, 1, 6, 1), x),
            ],
            function => Assert.Throws<ArgumentException>(function)
        );
        Assert.All<Func<object>>(
            [
                () => x.Slice(0, -1, 1),
                () => x.Slice(0, 0, -1),
                () => x.Slice(1, 2, 2),
                () => x.Pad(0, -1, 4),
                () => x.Pad(0, 1, 2),
                () => Tensor.Concatenate(0),
            ],
            function => Assert.Throws<ArgumentOutOfRangeException>(function)
        );
    }
}
