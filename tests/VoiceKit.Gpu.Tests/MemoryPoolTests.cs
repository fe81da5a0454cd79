using VoiceKit.Devices;
using VoiceKit.Gpu;
using VoiceKit.Tensors;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Gpu;

public class MemoryPoolTests
{
    [Theory]
    [InlineData(0, 256)]
    [InlineData(256, 256)]
    [InlineData(257, 288)]
    [InlineData(1000, 1024)]
    [InlineData(1025, 1152)]
    [InlineData(int.MaxValue, 1L << 31)]
    public void SizeClass_Length_IsTheNextOfEightAnOctave(int length, long expected) =>
        Assert.Equal(expected, MemoryPool.SizeClass(length));

    [Fact]
    public void SizeClass_EveryLength_HoldsItAndWastesAnEighthAtMost()
    {
        for (var length = 256; length < 100_000; length += 7)
            Assert.InRange(MemoryPool.SizeClass(length), length, length + (length / 8) + 1);
    }

    [Fact]
    public void Allocate_WhatWasGivenBack_ServesAgainAndHoldsZeros()
    {
        using var device = GpuTestDevices.CreateSimulator();
        var first = new DeviceArray(device.Allocate(1000));
        device.Fill(7, first);
        first.Buffer.Dispose();
        using var second = device.Allocate(1010);
        Assert.Equal(1, device.Pool.AllocationCount);
        Assert.Equal(1024 * sizeof(float), device.Pool.HeldBytes);
        Assert.Equal(new float[1010], device.Read(new DeviceArray(second)));
        using var third = device.Allocate(1000);
        Assert.Equal(2, device.Pool.AllocationCount);
    }

    [Fact]
    public void Run_ProgramAgain_AsksTheDriverForNothing()
    {
        using var device = GpuTestDevices.CreateSimulator();
        var (x, w) = (device.Random(1, 3, 70), device.Random(2, 70, 3));
        var loss = Tensor.MatrixProduct(x, w).Tanh().Square().Mean();
        using var program = new ComputeProgram(device, [loss, .. Differentiation.Gradients(loss, x, w)]);
        program.Run();
        var before = device.Pool.AllocationCount;
        for (var run = 0; run < 3; run++)
            program.Run();
        Assert.Equal(before, device.Pool.AllocationCount);
    }

    [Fact]
    public void Dispose_DeviceWithLivingBuffers_TakesTheirMemory()
    {
        var device = GpuTestDevices.CreateSimulator();
        using var buffer = device.Allocate(10);
        device.Dispose();
        device.Dispose();
        Assert.Equal(0, device.Pool.HeldBytes);
    }
}
