namespace VoiceKit.Gpu.Kernels;

/// <summary>The threads along the edge of a group of a product: a type, so that it is a constant for the compiler of the kernel.</summary>
internal interface IGroupEdge
{
    int Threads { get; }
}

/// <summary>256 threads, tiles of 128 x 128: the most arithmetic for what is read.</summary>
internal readonly struct LargeEdge : IGroupEdge
{
    public int Threads => 16;
}

/// <summary>64 threads, tiles of 64 x 64: enough groups for small products.</summary>
internal readonly struct MiddleEdge : IGroupEdge
{
    public int Threads => 8;
}

/// <summary>16 threads, tiles of 32 x 32: what the simulator can do.</summary>
internal readonly struct SmallEdge : IGroupEdge
{
    public int Threads => 4;
}
