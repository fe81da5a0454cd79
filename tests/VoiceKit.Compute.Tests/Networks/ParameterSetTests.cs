using VoiceKit.Devices;
using VoiceKit.Files;
using VoiceKit.Networks;
using VoiceKit.Numerics;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Networks;

public sealed class ParameterSetTests : IDisposable
{
    private readonly CpuDevice device = new(1);

    public void Dispose() => device.Dispose();

    [Fact]
    public void Add_Parameters_LieOneAfterAnother()
    {
        using var set = Create(1);
        Assert.Equal(11, set.Length);
        Assert.Equal([new TensorShape(2, 3), new TensorShape(4), new TensorShape()], set.Variables.Select(variable => variable.Shape));
        Assert.Equal([0, 6, 10], set.Variables.Select(variable => variable.Storage.Offset));
        Assert.Equal(["a.weight", "b", "c"], set.Read("").Keys.Order(StringComparer.Ordinal));
        Assert.Equal(device.Read(set.Storage)[6..10].Select(value => (double)value), set.Read("net.")["net.b"].Values.ToArray());
        Assert.Equal([2, 3], set.Read("")["a.weight"].Shape);
        Assert.Equal([0.5], set.Read("")["c"].Values);
    }

    [Fact]
    public void Add_NameTakenOrTooLate_Throws()
    {
        using var set = new ParameterSet();
        set.Add("a", new TensorShape(1), Initializations.Constant(0));
        Assert.Throws<InvalidOperationException>(() => set.Add("a", new TensorShape(2), Initializations.Constant(0)));
        Assert.Throws<InvalidOperationException>(() => set.Storage);
        set.Allocate(device, new RandomNumbers(1));
        Assert.Throws<InvalidOperationException>(() => set.Add("b", new TensorShape(1), Initializations.Constant(0)));
    }

    [Fact]
    public void Allocate_SameSeed_GivesTheSameValues()
    {
        using var first = Create(1);
        using var same = Create(1);
        using var other = Create(2);
        NumberAssert.SameBits(device.Read(first.Storage), device.Read(same.Storage));
        Assert.NotEqual(device.Read(first.Storage), device.Read(other.Storage));
    }

    [Fact]
    public void Allocate_NoParameters_GivesNone()
    {
        using var set = new ParameterSet();
        set.Allocate(device, new RandomNumbers(1));
        Assert.Equal(0, set.Storage.Length);
        Assert.Empty(set.Read(""));
        set.Write(new Dictionary<string, NamedTensor>(), "");
    }

    [Fact]
    public void Initializations_ManyValues_HaveTheirSpread()
    {
        float[] Values(Initialization initialization)
        {
            var values = new float[20_000];
            initialization(new RandomNumbers(1), values);
            return values;
        }

        Assert.All(Values(Initializations.Constant(3)), value => Assert.Equal(3, value));
        var uniform = Values(Initializations.Uniform(0.5));
        Assert.Equal((-0.5, 0.5), (Math.Round(uniform.Min(), 2), Math.Round(uniform.Max(), 2)));
        Assert.Equal(0, uniform.Average(), 0.01);
        Assert.Equal(2, Math.Sqrt(Values(Initializations.Normal(2)).Average(value => value * value)), 0.04);
        Assert.Equal(0.5, Math.Sqrt(Values(Initializations.Scaled(16, 2)).Average(value => value * value)), 0.01);
    }

    [Fact]
    public void Write_WhatReadGaveThroughAFile_GivesTheSameBits()
    {
        using var folder = new ScratchFolder();
        using var set = Create(1);
        using (var stream = File.Create(folder["set.safetensors"]))
            new SafetensorsFile(new Dictionary<string, string>(), set.Read("net.")).Write(stream);
        using var other = Create(2);
        other.Write(SafetensorsFile.Read(folder["set.safetensors"]).Tensors, "net.");
        NumberAssert.SameBits(device.Read(set.Storage), device.Read(other.Storage));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(1e300)]
    public void Write_ValueThatIsNotFinite_NamesTheArray(double value)
    {
        using var set = Create(1);
        var tensors = new Dictionary<string, NamedTensor>(set.Read("")) { ["b"] = new NamedTensor([4], [1, 2, value, 4]) };
        AssertRefused(set, tensors, "", "'b'");
    }

    [Fact]
    public void Write_MissingOrOtherShape_NamesTheArray()
    {
        using var set = Create(1);
        AssertRefused(set, set.Read("other."), "net.", "'net.a.weight' is missing");
        AssertRefused(
            set,
            new Dictionary<string, NamedTensor>(set.Read("")) { ["b"] = new NamedTensor([2, 2], new double[4]) },
            "",
            "[2, 2]"
        );
        AssertRefused(
            set,
            new Dictionary<string, NamedTensor>(set.Read("")) { ["a.weight"] = new NamedTensor([3, 2], new double[6]) },
            "",
            "[2, 3]"
        );
        AssertRefused(set, new Dictionary<string, NamedTensor>(set.Read("")) { ["c"] = new NamedTensor([1], new double[1]) }, "", "'c'");
    }

    private void AssertRefused(ParameterSet set, IReadOnlyDictionary<string, NamedTensor> tensors, string prefix, string message)
    {
        var before = device.Read(set.Storage);
        var error = Assert.Throws<InvalidDataException>(() => set.Write(tensors, prefix));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        NumberAssert.SameBits(before, device.Read(set.Storage));
    }

    private ParameterSet Create(ulong seed)
    {
        var set = new ParameterSet();
        set.Add("a.weight", new TensorShape(2, 3), Initializations.Scaled(2));
        set.Add("b", new TensorShape(4), Initializations.Uniform(1));
        set.Add("c", new TensorShape(), Initializations.Constant(0.5f));
        set.Allocate(device, new RandomNumbers(seed));
        return set;
    }
}
