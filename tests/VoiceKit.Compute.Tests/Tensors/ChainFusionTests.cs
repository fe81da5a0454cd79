using VoiceKit.Devices;
using VoiceKit.Tensors;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Tensors;

public sealed class ChainFusionTests : IDisposable
{
    private readonly CpuDevice device = new(1);
    private readonly Variable x,
        y,
        row;

    public ChainFusionTests() => (x, y, row) = (device.Random(1, 4, 3), device.Random(2, 4, 3), device.Random(3, 3));

    public void Dispose() => device.Dispose();

    [Fact]
    public void Fuse_FunctionsOfOneReaderEach_AreOneChain()
    {
        var result = (((x * y) + row).LeakyRelu() - y).Square();
        var (chain, inputs) = Fused(result);
        Assert.Equal([null, null, UnaryKind.LeakyRelu, null, UnaryKind.Square], Kinds(chain));
        Assert.Equal([x, y, row, y], inputs);
    }

    [Fact]
    public void Fuse_ChainIsTheSecondOperand_TakesTheFirstFromMemory()
    {
        var (chain, inputs) = Fused(
            new Tensor(
                x.Shape,
                new BinaryOperation(new BinaryFunction(BinaryKind.LeakyReluGradient), Broadcast.Of(x.Shape, x.Shape)),
                x,
                y.Exp()
            )
        );
        Assert.True(chain.Steps[1].OperandIsFirst);
        Assert.Equal([y, x], inputs);
    }

    [Fact]
    public void Fuse_BehindViews_GoesThrough()
    {
        var (chain, inputs) = Fused((x.Reshape(12).Exp().StopGradient().Reshape(3, 4) * 2).Reshape(12).Tanh());
        Assert.Equal([UnaryKind.Exp, UnaryKind.Affine, UnaryKind.Tanh], Kinds(chain));
        Assert.Equal(x, Assert.Single(inputs).Inputs[0]);
    }

    [Fact]
    public void Fuse_RepeatedNumbers_AreReadWhereTheyLie()
    {
        var (chain, inputs) = Fused(row.RepeatTo(x.Shape) * x);
        Assert.False(chain.Source.IsPlain);
        Assert.Equal([row, x], inputs);
    }

    [Fact]
    public void Fuse_SecondReader_KeepsTheResult()
    {
        var exp = x.Exp();
        Assert.IsType<UnaryOperation>(Replaced(exp.Tanh() * exp.Sum(), exp)[1].Operation);
        Assert.IsType<ChainOperation>(Replaced(exp.Tanh().Sqrt() * exp.Sum())[0].Operation);
    }

    [Fact]
    public void Fuse_ScaleAndOffsetReadTwice_AreComputedByEachReader()
    {
        var mean = x.Sum(0) * 0.25f;
        var replaced = Replaced(mean.Square(), mean + row);
        Assert.All(replaced, tensor => Assert.IsType<SumOperation>(tensor.Inputs[0].Operation));
    }

    [Fact]
    public void Fuse_ResultThatIsAskedFor_EndsItsChain()
    {
        var exp = x.Exp();
        var replaced = Replaced(exp.Tanh(), exp);
        Assert.All(replaced, tensor => Assert.IsType<UnaryOperation>(tensor.Operation));
        Assert.Same(replaced[1], replaced[0].Inputs[0]);
    }

    [Fact]
    public void Program_OfAChain_RunsOneOperation()
    {
        using var program = new ComputeProgram(device, [((x * y) + row).Tanh().Sum()]);
        Assert.Equal(2, program.OperationCount);
    }

    [Fact]
    public void Fuse_LongChain_IsCut()
    {
        Tensor result = x;
        for (var i = 0; i < ElementwiseFusion.MaxSteps + 2; i++)
            result = result.Tanh();
        var (chain, inputs) = Fused(result);
        Assert.Equal(2, chain.Steps.Length);
        Assert.Equal(ElementwiseFusion.MaxSteps, Assert.IsType<ChainOperation>(Assert.Single(inputs).Operation).Chain.Steps.Length);
    }

    private static UnaryKind?[] Kinds(ElementwiseFusion chain) =>
        [.. chain.Steps.ToArray().Select(step => step.Operand is null ? step.Unary.Kind : (UnaryKind?)null)];

    private static (ElementwiseFusion Chain, IReadOnlyList<Tensor> Inputs) Fused(Tensor result)
    {
        var tensor = Assert.Single(Replaced(result));
        return (Assert.IsType<ChainOperation>(tensor.Operation).Chain, tensor.Inputs);
    }

    private static Tensor[] Replaced(params Tensor[] wanted)
    {
        var fusion = new ChainFusion(EvaluationOrder.Of(wanted), wanted);
        return Array.ConvertAll(wanted, tensor => fusion[tensor]);
    }
}
