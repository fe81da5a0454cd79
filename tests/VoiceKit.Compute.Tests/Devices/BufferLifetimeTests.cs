using VoiceKit.Devices;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Devices;

/// <summary>
/// Operations on buffers that nobody else holds: a device works with addresses, and a collection in the midst of an operation must not
/// give their memory to others.
/// </summary>
[Collection(nameof(RunsAlone))]
public class BufferLifetimeTests
{
    private const int Length = 50_000;

    [Fact]
    public void Evaluate_CollectionsMeanwhile_KeepItsBuffers()
    {
        // Rows of two elements are slow: most collections fall into the operation.
        TensorShape large = new(Length / 2, 2),
            small = new(2);
        var (repeated, numbers) = (Broadcast.Of(large, small), DeviceNumbers.Uniform(1, 2));
        var multiply = ChainStep.Of(new BinaryFunction(BinaryKind.Multiply), repeated);
        var chain = new ElementwiseFusion(repeated, multiply, multiply, multiply);
        Check(device =>
        {
            var destination = device.Garbage(Length);
            device.Evaluate(chain, Array.ConvertAll([numbers, numbers, numbers, numbers], device.Put), destination);
            return device.Read(destination);
        });
    }

    /// <summary>Compares an operation on three threads with the same on one, while another thread collects and writes.</summary>
    private static void Check(Func<CpuDevice, float[]> operation)
    {
        using var one = new CpuDevice(1);
        var expected = operation(one);
        var isDone = false;
        var collector = new Thread(() =>
        {
            using var other = new CpuDevice(1);
            while (!Volatile.Read(ref isDone))
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                for (var i = 0; i < 20; i++)
                    _ = other.Garbage(Length);
            }
        });
        collector.Start();
        try
        {
            using var device = new CpuDevice(3);
            for (var run = 0; run < 150; run++)
                NumberAssert.SameBits(expected, operation(device));
        }
        finally
        {
            Volatile.Write(ref isDone, true);
            collector.Join();
        }
    }
}

/// <summary>Tests that run when no others do: their collections would show in tests that count allocations.</summary>
[CollectionDefinition(nameof(RunsAlone), DisableParallelization = true)]
public class RunsAlone;
