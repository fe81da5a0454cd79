using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.OpenCL;
using VoiceKit.Devices;
using VoiceKit.Gpu.Kernels;
using ChainLauncher = System.Action<
    ILGPU.Index1D,
    VoiceKit.Gpu.Kernels.ChainLinks,
    ILGPU.ArrayView<float>,
    ILGPU.ArrayView<float>,
    ILGPU.ArrayView<float>,
    ILGPU.ArrayView<float>,
    ILGPU.ArrayView<float>,
    ILGPU.ArrayView<float>,
    ILGPU.ArrayView<float>,
    ILGPU.ArrayView<float>
>;

namespace VoiceKit.Gpu;

/// <summary>An accelerator with the kernels that were compiled for it, each on its first use.</summary>
internal sealed class GpuProgram(Context context, Accelerator accelerator) : IDisposable
{
    private readonly Dictionary<Type, Delegate> products = [];
    private Action<Index1D, float, ArrayView<float>>? fill;
    private Action<Index1D, int, float, float, ArrayView<float>, ArrayView<float>>? apply;
    private Action<Index1D, int, float, BroadcastPlaces, ArrayView<float>, ArrayView<float>, ArrayView<float>>? combine;
    private ChainLauncher? evaluate;
    private Action<Index1D, BroadcastPlaces, ArrayView<float>, ArrayView<float>>? repeat;
    private Action<Index1D, RowCopy, ArrayView<float>, ArrayView<float>>? copyRows;
    private Action<Index1D, PermutationPlaces, ArrayView<float>, ArrayView<float>>? permute;
    private Action<Index1D, int, ArrayView<float>, ArrayView<float>>? oneHot,
        oneHotOfMaximum,
        softmaxOfShortRows;
    private Action<KernelConfig, int, ArrayView<float>, ArrayView<float>>? softmaxOfLongRows;
    private Action<Index1D, AdamStep, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>>? adam;
    private Action<Index1D, SumPlaces, int, int, ArrayView<float>, ArrayView<float>>? sumByThreads;
    private Action<KernelConfig, SumPlaces, int, int, ArrayView<float>, ArrayView<float>>? sumByGroups;
    private Action<Index1D, int, int, int, int, ArrayView<float>, ArrayView<float>>? addSlices;
    private Action<Index1D, int, int, PhaseProducts, ArrayView<float>, ArrayView<float>, ArrayView<float>>? thinPhases;
    private Action<
        KernelConfig,
        MixtureSizes,
        ArrayView<double>,
        ArrayView<double>,
        ArrayView<double>,
        ArrayView<double>,
        ArrayView<double>
    >? writeLogDensities;
    private Action<Index1D, MixtureSizes, double, ArrayView<double>, ArrayView<double>>? normalize;
    private Action<KernelConfig, MixtureSizes, int, ArrayView<double>, ArrayView<double>, ArrayView<double>, ArrayView<double>>? addMoments;
    private Action<Index1D, int, int, ArrayView<double>, ArrayView<double>>? addUp;
    private Action<Index1D, ArrayView<double>>? clear;
    private Action<KernelConfig, FrameSizes, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>>? writePowers;

    public Accelerator Accelerator => accelerator;

    /// <summary>Gets or sets whether kernels may compute in double precision; tests say that they may not.</summary>
    public bool HasDoublePrecision { get; init; } = accelerator.Capabilities is not CLCapabilityContext { Float64: false };

    /// <summary>Gets the threads of a group that adds up: a power of two.</summary>
    public int SumThreads { get; } = 1 << Math.Min(int.Log2(SumKernels.MaxThreads), int.Log2(accelerator.MaxNumThreadsPerGroup));

    public Action<Index1D, float, ArrayView<float>> Fill =>
        fill ??= accelerator.LoadAutoGroupedStreamKernel<Index1D, float, ArrayView<float>>(ElementwiseKernels.Fill);

    public Action<Index1D, int, float, float, ArrayView<float>, ArrayView<float>> Apply =>
        apply ??= accelerator.LoadAutoGroupedStreamKernel<Index1D, int, float, float, ArrayView<float>, ArrayView<float>>(
            ElementwiseKernels.Apply
        );

    public Action<Index1D, int, float, BroadcastPlaces, ArrayView<float>, ArrayView<float>, ArrayView<float>> Combine =>
        combine ??= accelerator.LoadAutoGroupedStreamKernel<
            Index1D,
            int,
            float,
            BroadcastPlaces,
            ArrayView<float>,
            ArrayView<float>,
            ArrayView<float>
        >(ElementwiseKernels.Combine);

    public ChainLauncher Evaluate =>
        evaluate ??= accelerator.LoadAutoGroupedStreamKernel<
            Index1D,
            ChainLinks,
            ArrayView<float>,
            ArrayView<float>,
            ArrayView<float>,
            ArrayView<float>,
            ArrayView<float>,
            ArrayView<float>,
            ArrayView<float>,
            ArrayView<float>
        >(ChainKernel.Evaluate);

    public Action<Index1D, BroadcastPlaces, ArrayView<float>, ArrayView<float>> Repeat =>
        repeat ??= accelerator.LoadAutoGroupedStreamKernel<Index1D, BroadcastPlaces, ArrayView<float>, ArrayView<float>>(
            ElementwiseKernels.Repeat
        );

    public Action<Index1D, RowCopy, ArrayView<float>, ArrayView<float>> CopyRows =>
        copyRows ??= accelerator.LoadAutoGroupedStreamKernel<Index1D, RowCopy, ArrayView<float>, ArrayView<float>>(
            ElementwiseKernels.CopyRows
        );

    public Action<Index1D, PermutationPlaces, ArrayView<float>, ArrayView<float>> Permute =>
        permute ??= accelerator.LoadAutoGroupedStreamKernel<Index1D, PermutationPlaces, ArrayView<float>, ArrayView<float>>(
            PermutationKernel.Permute
        );

    public Action<Index1D, int, ArrayView<float>, ArrayView<float>> OneHot =>
        oneHot ??= accelerator.LoadAutoGroupedStreamKernel<Index1D, int, ArrayView<float>, ArrayView<float>>(ElementwiseKernels.OneHot);

    public Action<Index1D, int, ArrayView<float>, ArrayView<float>> OneHotOfMaximum =>
        oneHotOfMaximum ??= accelerator.LoadAutoGroupedStreamKernel<Index1D, int, ArrayView<float>, ArrayView<float>>(
            RowKernels.OneHotOfMaximum
        );

    public Action<Index1D, int, ArrayView<float>, ArrayView<float>> SoftmaxOfShortRows =>
        softmaxOfShortRows ??= accelerator.LoadAutoGroupedStreamKernel<Index1D, int, ArrayView<float>, ArrayView<float>>(
            RowKernels.SoftmaxOfShortRows
        );

    public Action<KernelConfig, int, ArrayView<float>, ArrayView<float>> SoftmaxOfLongRows =>
        softmaxOfLongRows ??= accelerator.LoadStreamKernel<int, ArrayView<float>, ArrayView<float>>(RowKernels.SoftmaxOfLongRows);

    public Action<Index1D, AdamStep, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>> Adam =>
        adam ??= accelerator.LoadAutoGroupedStreamKernel<
            Index1D,
            AdamStep,
            ArrayView<float>,
            ArrayView<float>,
            ArrayView<float>,
            ArrayView<float>
        >(ElementwiseKernels.Adam);

    public Action<Index1D, SumPlaces, int, int, ArrayView<float>, ArrayView<float>> SumByThreads =>
        sumByThreads ??= accelerator.LoadAutoGroupedStreamKernel<Index1D, SumPlaces, int, int, ArrayView<float>, ArrayView<float>>(
            SumKernels.ByThreads
        );

    public Action<KernelConfig, SumPlaces, int, int, ArrayView<float>, ArrayView<float>> SumByGroups =>
        sumByGroups ??= accelerator.LoadStreamKernel<SumPlaces, int, int, ArrayView<float>, ArrayView<float>>(SumKernels.ByGroups);

    public Action<Index1D, int, int, int, int, ArrayView<float>, ArrayView<float>> AddSlices =>
        addSlices ??= accelerator.LoadAutoGroupedStreamKernel<Index1D, int, int, int, int, ArrayView<float>, ArrayView<float>>(
            SumKernels.AddSlices
        );

    public Action<Index1D, int, int, PhaseProducts, ArrayView<float>, ArrayView<float>, ArrayView<float>> ThinPhases =>
        thinPhases ??= accelerator.LoadAutoGroupedStreamKernel<
            Index1D,
            int,
            int,
            PhaseProducts,
            ArrayView<float>,
            ArrayView<float>,
            ArrayView<float>
        >(ProductKernel.MultiplyThinPhases);

    /// <summary>Gets the threads along the edge of a group of the kernels of mixtures.</summary>
    public int MixtureEdge => accelerator.MaxNumThreadsPerGroup >= 256 ? default(LargeEdge).Threads : default(SmallEdge).Threads;

    public Action<
        KernelConfig,
        MixtureSizes,
        ArrayView<double>,
        ArrayView<double>,
        ArrayView<double>,
        ArrayView<double>,
        ArrayView<double>
    > WriteLogDensities =>
        writeLogDensities ??= accelerator.LoadStreamKernel<
            MixtureSizes,
            ArrayView<double>,
            ArrayView<double>,
            ArrayView<double>,
            ArrayView<double>,
            ArrayView<double>
        >(
            MixtureEdge == default(LargeEdge).Threads
                ? DensityKernels.WriteLogDensities<LargeEdge>
                : DensityKernels.WriteLogDensities<SmallEdge>
        );

    public Action<Index1D, MixtureSizes, double, ArrayView<double>, ArrayView<double>> Normalize =>
        normalize ??= accelerator.LoadAutoGroupedStreamKernel<Index1D, MixtureSizes, double, ArrayView<double>, ArrayView<double>>(
            DensityKernels.Normalize
        );

    public Action<KernelConfig, MixtureSizes, int, ArrayView<double>, ArrayView<double>, ArrayView<double>, ArrayView<double>> AddMoments =>
        addMoments ??= accelerator.LoadStreamKernel<
            MixtureSizes,
            int,
            ArrayView<double>,
            ArrayView<double>,
            ArrayView<double>,
            ArrayView<double>
        >(MixtureEdge == default(LargeEdge).Threads ? MomentKernels.AddMoments<LargeEdge> : MomentKernels.AddMoments<SmallEdge>);

    public Action<Index1D, int, int, ArrayView<double>, ArrayView<double>> AddUp =>
        addUp ??= accelerator.LoadAutoGroupedStreamKernel<Index1D, int, int, ArrayView<double>, ArrayView<double>>(MomentKernels.AddUp);

    public Action<Index1D, ArrayView<double>> Clear =>
        clear ??= accelerator.LoadAutoGroupedStreamKernel<Index1D, ArrayView<double>>(MomentKernels.Clear);

    public Action<KernelConfig, FrameSizes, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>> WritePowers =>
        writePowers ??= accelerator.LoadStreamKernel<FrameSizes, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>>(
            SpectrumKernel.WritePowers
        );

    /// <summary>The product kernel for an edge, two operands and a target.</summary>
    public Action<KernelConfig, ProductTiles, TLeft, TRight, TTarget, ArrayView<float>, ArrayView<float>, ArrayView<float>> Product<
        TEdge,
        TLeft,
        TRight,
        TTarget
    >()
        where TEdge : unmanaged, IGroupEdge
        where TLeft : unmanaged, IProductOperand
        where TRight : unmanaged, IProductOperand
        where TTarget : unmanaged, IProductTarget
    {
        var key = typeof((TEdge, TLeft, TRight, TTarget));
        if (!products.TryGetValue(key, out var launcher))
        {
            products[key] = launcher = accelerator.LoadStreamKernel<
                ProductTiles,
                TLeft,
                TRight,
                TTarget,
                ArrayView<float>,
                ArrayView<float>,
                ArrayView<float>
            >(ProductKernel.Multiply<TEdge, TLeft, TRight, TTarget>);
        }

        return (Action<KernelConfig, ProductTiles, TLeft, TRight, TTarget, ArrayView<float>, ArrayView<float>, ArrayView<float>>)launcher;
    }

    /// <summary>The kernel of transposed convolutions for an edge.</summary>
    public Action<KernelConfig, ProductTiles, PhaseProducts, ArrayView<float>, ArrayView<float>, ArrayView<float>> PhaseProducts<TEdge>()
        where TEdge : unmanaged, IGroupEdge
    {
        if (!products.TryGetValue(typeof(TEdge), out var launcher))
            products[typeof(TEdge)] = launcher = accelerator.LoadStreamKernel<
                ProductTiles,
                PhaseProducts,
                ArrayView<float>,
                ArrayView<float>,
                ArrayView<float>
            >(ProductKernel.MultiplyPhases<TEdge>);
        return (Action<KernelConfig, ProductTiles, PhaseProducts, ArrayView<float>, ArrayView<float>, ArrayView<float>>)launcher;
    }

    public void Dispose()
    {
        accelerator.Dispose();
        context.Dispose();
    }
}
