using VoiceKit.Devices;
using VoiceKit.Files;
using VoiceKit.Networks;
using VoiceKit.Numerics;
using VoiceKit.Tensors;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Networks;

public class AdamTests
{
    private static readonly AdamOptions Options = new()
    {
        LearningRate = 0.05,
        Beta1 = 0.9,
        Beta2 = 0.999,
    };

    [Fact]
    public void Step_Quadratic_FindsItsMinimum()
    {
        using var training = new Training(1);
        training.Run(600);
        Assert.Equal(600, training.Adam.StepCount);
        NumberAssert.Near([1, 2, 3, 4, 5, 6, -1, -2], training.Values, 1e-2);
    }

    [Fact]
    public void Step_FirstOne_HasTheSizeOfTheRate()
    {
        using var training = new Training(1);
        var before = training.Values;
        training.Run(1);
        Assert.All(before.Zip(training.Values), pair => Assert.Equal(0.05f, Math.Abs(pair.First - pair.Second), 1e-5f));
    }

    [Fact]
    public void RateFactor_Zero_ChangesNothing()
    {
        using var training = new Training(1);
        var before = training.Values;
        training.Adam.RateFactor = 0;
        training.Run(3);
        NumberAssert.SameBits(before, training.Values);
        training.Adam.RateFactor = 0.5;
        training.Run(1);
        Assert.NotEqual(before, training.Values);
    }

    [Fact]
    public void Write_WhatReadGaveThroughAFile_ContinuesWithTheSameBits()
    {
        using var folder = new ScratchFolder();
        using var training = new Training(1);
        training.Run(10);
        var tensors = training.Parameters.Read("net.").Concat(training.Adam.Read("adam.")).ToDictionary(StringComparer.Ordinal);
        using (var stream = File.Create(folder["state"]))
            new SafetensorsFile(new Dictionary<string, string>(), tensors).Write(stream);
        training.Run(10);

        using var other = new Training(2);
        other.Run(3);
        var read = SafetensorsFile.Read(folder["state"]).Tensors;
        other.Parameters.Write(read, "net.");
        other.Adam.Write(read, "adam.");
        Assert.Equal(10, other.Adam.StepCount);
        other.Run(10);
        NumberAssert.SameBits(training.Values, other.Values);
    }

    [Fact]
    public void Write_MissingOrOtherLength_Throws()
    {
        using var training = new Training(1);
        foreach (var name in new[] { "first", "second", "steps" })
        {
            var tensors = training.Adam.Read("adam.").ToDictionary(StringComparer.Ordinal);
            tensors["adam." + name] = new NamedTensor([2], [1, 2]);
            Assert.Throws<InvalidDataException>(() => training.Adam.Write(tensors, "adam."));
            tensors.Remove("adam." + name);
            Assert.Contains(
                "adam." + name,
                Assert.Throws<InvalidDataException>(() => training.Adam.Write(tensors, "adam.")).Message,
                StringComparison.Ordinal
            );
        }
    }

    [Theory]
    [InlineData(0.9)]
    [InlineData(0.999)]
    public void MovingAverage_SomeRuns_FollowsTheParameters(double decay)
    {
        using var training = new Training(1);
        using var average = new ParameterSet();
        average.Add("all", new TensorShape(8), Initializations.Normal(1));
        average.Allocate(training.Device, new RandomNumbers(3));
        var expected = Array.ConvertAll(training.Device.Read(average.Storage), value => (double)value);
        using var program = new ComputeProgram(training.Device, [], new MovingAverage(average, training.Parameters) { Decay = decay });
        for (var run = 0; run < 10; run++)
        {
            training.Run(1);
            program.Run();
            for (var i = 0; i < expected.Length; i++)
                expected[i] = (decay * expected[i]) + ((1 - decay) * training.Values[i]);
        }

        NumberAssert.Near(expected, training.Device.Read(average.Storage), 1e-5);
    }

    [Fact]
    public void MovingAverage_NothingKept_Copies()
    {
        using var training = new Training(1);
        using var average = new ParameterSet();
        average.Add("all", new TensorShape(8), Initializations.Constant(1e9f));
        average.Allocate(training.Device, new RandomNumbers(3));
        using var program = new ComputeProgram(training.Device, [], new MovingAverage(average, training.Parameters));
        program.Run();
        NumberAssert.SameBits(training.Values, training.Device.Read(average.Storage));
    }

    [Fact]
    public void MovingAverage_OtherLength_Throws()
    {
        using var training = new Training(1);
        using var average = new ParameterSet();
        average.Add("all", new TensorShape(7), Initializations.Constant(0));
        Assert.Throws<ArgumentException>(() => new MovingAverage(average, training.Parameters));
    }

    /// <summary>Two parameters that are to become given numbers.</summary>
    private sealed class Training : IDisposable
    {
        private readonly ComputeProgram program;

        public Training(ulong seed)
        {
            var (x, y) = (
                Parameters.Add("x", new TensorShape(2, 3), Initializations.Normal(1)),
                Parameters.Add("y", new TensorShape(2), Initializations.Normal(1))
            );
            Parameters.Allocate(Device, new RandomNumbers(seed));
            Adam = new Adam(Device, Parameters, Options);
            var loss =
                (x - Device.Variable(x.Shape, 1, 2, 3, 4, 5, 6)).Square().Sum()
                + (3 * (y - Device.Variable(y.Shape, -1, -2)).Square().Sum());
            program = new ComputeProgram(Device, [], Adam.Step(Differentiation.Gradients(loss, Parameters.Variables)));
        }

        public CpuDevice Device { get; } = new(1);

        public ParameterSet Parameters { get; } = new();

        public Adam Adam { get; }

        public float[] Values => Device.Read(Parameters.Storage);

        public void Run(int count)
        {
            for (var run = 0; run < count; run++)
                program.Run();
        }

        public void Dispose()
        {
            program.Dispose();
            Adam.Dispose();
            Parameters.Dispose();
            Device.Dispose();
        }
    }
}
