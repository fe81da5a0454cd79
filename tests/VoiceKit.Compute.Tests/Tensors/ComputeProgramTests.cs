using VoiceKit.Devices;
using VoiceKit.Networks;
using VoiceKit.Numerics;
using VoiceKit.Tensors;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Tensors;

public sealed class ComputeProgramTests : IDisposable
{
    private readonly CpuDevice device = new(1);

    public void Dispose() => device.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Run_SharedMemory_GivesTheSameBitsAsMemoryOfItsOwn(int seed)
    {
        var (nodes, variables) = RandomExpression(seed, 200);
        var scalar = nodes[^1].Square().Sum();
        Tensor[] results = [nodes[^1], nodes[^2], scalar, .. Differentiation.Gradients(scalar, variables)];
        using var sharing = new ComputeProgram(device, results);
        using var keeping = new ComputeProgram(device, [.. nodes, .. AllInputs(results)]);
        keeping.Run();
        for (var run = 0; run < 3; run++)
        {
            sharing.Run();
            foreach (var result in results)
                NumberAssert.SameBits(keeping.Read(result), sharing.Read(result));
        }

        Assert.InRange(sharing.MemoryLength, 1, keeping.MemoryLength / 3);
    }

    [Fact]
    public void Run_LongChain_NeedsMemoryForTwoTensors()
    {
        Tensor x = device.Random(1, 100);
        for (var i = 0; i < 50; i++)
            x = (x * 0.9f).Reshape(10, 10).StopGradient().Reshape(100).Tanh();
        using var program = new ComputeProgram(device, [x]);
        Assert.Equal(200, program.MemoryLength);
    }

    [Fact]
    public void Run_ChangedVariable_UsesItsNewNumbers()
    {
        var x = device.Variable(new TensorShape(2), 1, 2);
        var square = x.Square();
        using var program = new ComputeProgram(device, [square, x]);
        program.Run();
        Assert.Equal([1, 4], program.Read(square));
        device.Upload([3, 4], x.Storage);
        program.Run();
        Assert.Equal([9, 16], program.Read(square));
        Assert.Equal([3, 4], program.Read(x));
    }

    [Fact]
    public void Run_Constant_IsComputedOnceAndStays()
    {
        // The constant comes when the memory of the first results is free again; a run computes these anew, but not the constant.
        var softmax = device.Random(1, 5, 7).Softmax().Permute(1, 0).Permute(1, 0).Softmax();
        var result = softmax * Tensor.Filled(2, new TensorShape(5, 7));
        using var program = new ComputeProgram(device, [result]);
        Assert.Equal(5, program.OperationCount);
        for (var run = 0; run < 2; run++)
        {
            program.Run();
            NumberAssert.SameBits(Array.ConvertAll(device.Evaluate(softmax)[0], value => 2 * value), program.Read(result));
        }
    }

    [Fact]
    public void Run_PartsOfAJoinedTensor_AreComputedInTheirPlaces()
    {
        var (x, y) = (device.Random(1, 10), device.Random(2, 20));
        var whole = Tensor.Concatenate(
            0,
            x.Tanh().Reshape(10),
            y.Reshape(20, 1).Softmax().Reshape(20),
            x,
            Tensor.Concatenate(0, x.Exp(), y.Tanh())
        );
        using var program = new ComputeProgram(device, [whole]);
        program.Run();
        Assert.Equal(70, program.MemoryLength);
        Assert.Equal(
            [
                .. device.Evaluate(x.Tanh())[0],
                .. Enumerable.Repeat(1f, 20),
                .. device.Read(x.Storage),
                .. device.Evaluate(x.Exp())[0],
                .. device.Evaluate(y.Tanh())[0],
            ],
            program.Read(whole)
        );
    }

    [Fact]
    public void Run_PartThatIsReadElsewhere_IsCopied()
    {
        var x = device.Random(1, 3);
        var part = x.Exp();
        var (whole, twice) = (Tensor.Concatenate(0, part, part.Tanh()), Tensor.Concatenate(0, part, part));
        using var program = new ComputeProgram(device, [whole, part, twice]);
        program.Run();
        Assert.Equal([.. program.Read(part), .. device.Evaluate(part.Tanh())[0]], program.Read(whole));
        Assert.Equal([.. program.Read(part), .. program.Read(part)], program.Read(twice));
    }

    [Fact]
    public void Run_SameResultTwice_CanBeRead()
    {
        var x = device.Variable(new TensorShape(2), 1, 2);
        var y = x + 1;
        using var program = new ComputeProgram(device, [y, y, y.Reshape(2, 1)]);
        program.Run();
        Assert.Equal([2, 3], program.Read(y));
    }

    [Fact]
    public void Run_Updates_ComeAfterAllComputingInTheirOrder()
    {
        var (a, b) = (device.Variable(new TensorShape(1), 1), device.Variable(new TensorShape(1), 0));
        var seen = new List<float>();
        var (before, result) = (a * 10, a * 100);
        using var program = new ComputeProgram(
            device,
            [result],
            new Assignment(a, a + 1),
            new Watch(() => seen.Add(device.Read(a.Storage)[0])),
            new Assignment(b, before),
            new Assignment(a, a + 5),
            new Watch(() => seen.Add(device.Read(a.Storage)[0]))
        );
        program.Run();

        // Both sums see the old a; the later one stays.
        Assert.Equal([2, 6], seen);
        Assert.Equal([10f], device.Read(b.Storage));
        Assert.Equal([100f], program.Read(result));
        program.Run();
        Assert.Equal([2, 6, 7, 11], seen);
        Assert.Equal([60f], device.Read(b.Storage));
        Assert.Equal([600f], program.Read(result));
    }

    [Fact]
    public void Run_AfterTheFirst_AllocatesNothing()
    {
        using var parameters = new ParameterSet();
        using var state = new ParameterSet();
        using var average = new ParameterSet();
        var convolution = new ConvolutionLayer(
            parameters,
            "convolution",
            2,
            3,
            new KernelExtent(3, 2, 1),
            options: new WeightOptions { SpectralState = state }
        );
        var normalization = new BatchNormalization(parameters, state, "normalization", 3);
        var dense = new Dense(parameters, "dense", 12, 2);
        average.Add("all", new TensorShape(parameters.Length), Initializations.Constant(0));
        foreach (var set in new[] { parameters, state, average })
            set.Allocate(device, new RandomNumbers(1));
        using var adam = new Adam(device, parameters, new AdamOptions());
        var pass = new ForwardPass(true);
        var hidden = normalization.Apply(convolution.Apply(device.Random(1, 5, 8, 2), pass), pass).LeakyRelu();
        var output = dense.Apply(
            Tensor
                .Concatenate(1, hidden.Reshape(5, 12).Permute(1, 0).Permute(1, 0).Slice(1, 0, 6).Pad(1, 6, 12), hidden.Reshape(5, 12))
                .Slice(1, 6, 12),
            pass
        );
        var loss = output.Softmax().Log().Mean() + output.StraightThroughMaximum().Exp().Mean();
        using var program = new ComputeProgram(
            device,
            [loss],
            [
                adam.Step(Differentiation.Gradients(loss, parameters.Variables)),
                new MovingAverage(average, parameters) { Decay = 0.9 },
                .. pass.Updates,
            ]
        );
        program.Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var run = 0; run < 5; run++)
            program.Run();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Read_TensorThatIsNoResult_Throws()
    {
        var x = device.Variable(new TensorShape(2), 1, 2);
        var intermediate = x + 1;
        var result = intermediate.Exp();
        using var program = new ComputeProgram(device, [result]);
        program.Run();
        Assert.Throws<ArgumentException>(() => program.Read(x.Exp()));
        Assert.Throws<ArgumentException>(() => program.Read(device.Random(1, 2)));
        Assert.Throws<ArgumentException>(() => program.Read(result, new float[3]));

        // Its memory may hold the numbers of another tensor by now.
        Assert.Throws<ArgumentException>(() => program.Read(intermediate));
        Assert.Equal([1, 2], program.Read(x));
    }

    [Fact]
    public void Constructor_VariableWithoutMemory_Throws()
    {
        var x = new Variable(new TensorShape(2));
        Assert.Throws<InvalidOperationException>(() => x.Storage);
        Assert.Throws<InvalidOperationException>(() => new ComputeProgram(device, [x.Exp()]));
    }

    [Fact]
    public void Place_Variable_TakesMemoryOnceOfItsLength()
    {
        var x = new Variable(new TensorShape(2));
        Assert.Throws<ArgumentException>(() => x.Place(device.Garbage(3)));
        x.Place(device.Put(1, 2));
        Assert.Throws<InvalidOperationException>(() => x.Place(device.Put(1, 2)));
        Assert.Equal([1, 2], device.Read(x.Storage));
    }

    /// <summary>A tangle of operations of bounded values, all of shape [4, 4].</summary>
    private (List<Tensor> Nodes, Variable[] Variables) RandomExpression(int seed, int count)
    {
        var random = new RandomNumbers((ulong)seed);
        Variable[] variables = [device.Random(seed, 4, 4), device.Random(seed + 1, 4, 4)];
        var nodes = new List<Tensor>(variables);
        Tensor Recent() => nodes[Math.Max(0, nodes.Count - 1 - random.NextIndex(8))];
        while (nodes.Count < count)
        {
            var (x, y) = (Recent(), Recent());
            nodes.Add(
                random.NextIndex(13) switch
                {
                    0 => x + y,
                    1 => x * y,
                    2 => x.Permute(1, 0),
                    3 => x.Reshape(2, 8).Tanh().Reshape(4, 4),
                    4 => x.Slice(0, 1, 2).Pad(0, 1, 4) + y.Slice(1, 0, 3).Pad(1, 0, 4),
                    5 => Tensor.MatrixProduct(x, y).Tanh(),
                    6 => x.Softmax(),
                    7 => x - y.Mean(0),
                    8 => Tensor.Concatenate(1, x.Slice(1, 2, 2), y.Slice(1, 0, 2)),
                    9 => x.StopGradient() * Tensor.Filled(0.5f, new TensorShape(4, 4)),
                    10 => x.Sum(1).RepeatTo(new TensorShape(4, 4)).Sigmoid(),
                    11 => x.LeakyRelu() + nodes[random.NextIndex(nodes.Count)].Tanh(),
                    _ => x.Reshape(16).Slice(0, 3, 4) + y.Tanh(),
                }
            );
        }

        return (nodes, variables);
    }

    private static HashSet<Tensor> AllInputs(IEnumerable<Tensor> results)
    {
        var (open, seen) = (new Stack<Tensor>(results), new HashSet<Tensor>());
        while (open.TryPop(out var tensor))
        {
            if (!seen.Add(tensor))
                continue;
            foreach (var input in tensor.Inputs)
                open.Push(input);
        }

        return seen;
    }

    private sealed class Watch(Action action) : VariableUpdate
    {
        public override IReadOnlyList<Tensor> Inputs => [];

        public override void Run(ComputeDevice device, ReadOnlySpan<DeviceArray> inputs) => action();
    }
}
