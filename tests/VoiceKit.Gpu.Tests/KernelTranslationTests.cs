using System.Reflection;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using VoiceKit.Gpu.Kernels;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Gpu;

/// <summary>
/// Translates every kernel for real devices, which needs none: what the simulator runs may still be beyond a GPU's language.
/// </summary>
[Trait(SlowTests.Category, SlowTests.Slow)]
public class KernelTranslationTests
{
    private static readonly Type[] Places =
    [
        typeof(ElementwiseKernels),
        typeof(ChainKernel),
        typeof(PermutationKernel),
        typeof(RowKernels),
        typeof(SumKernels),
        typeof(ProductKernel),
        typeof(DensityKernels),
        typeof(MomentKernels),
        typeof(SpectrumKernel),
    ];

    private static readonly Type[] Edges = [typeof(LargeEdge), typeof(MiddleEdge), typeof(SmallEdge)];

    private static readonly Type[][] Products =
    [
        [typeof(MatrixOperand), typeof(MatrixOperand), typeof(MatrixTarget)],
        [typeof(PatchOperand), typeof(MatrixOperand), typeof(MatrixTarget)],
        [typeof(TransposedOperand<PatchOperand>), typeof(MatrixOperand), typeof(MatrixTarget)],
    ];

    [Fact]
    public void Translate_EachKernelToPtx_HasAnEntryAndNoAtomics()
    {
        using var context = Context.Create(builder => builder.DefaultCPU().Optimize(OptimizationLevel.O2));
        foreach (
            var (architecture, instructions) in new[]
            {
                (CudaArchitecture.SM_60, CudaInstructionSet.ISA_60),
                (CudaArchitecture.SM_90, CudaInstructionSet.ISA_80),
            }
        )
        {
            using var backend = new PTXBackend(context, new CudaCapabilityContext(architecture), architecture, instructions, null);
            Assert.All(
                Kernels(),
                method =>
                {
                    var kernel = Compile(backend, method);
                    var text = Assert.IsType<PTXCompiledKernel>(kernel).PTXAssembly;
                    Assert.Contains(".entry", text, StringComparison.Ordinal);

                    // The bits of an integer as a number: a condition that became one (ILGPU 1.5.3).
                    Assert.DoesNotContain("0d0000000000000001", text, StringComparison.Ordinal);
                    Assert.DoesNotContain("0f00000001", text, StringComparison.Ordinal);
                    Assert.DoesNotContain("\tatom.", text, StringComparison.Ordinal);
                    Assert.DoesNotContain("\tred.", text, StringComparison.Ordinal);

                    // Registers alone: an array in local memory would be an order of magnitude slower.
                    Assert.DoesNotContain(".local", text, StringComparison.Ordinal);
                }
            );
        }
    }

    [Fact]
    public void Translate_EachKernelToOpenCL_HasAnEntryAndNoAtomics()
    {
        using var context = Context.Create(builder => builder.DefaultCPU().Optimize(OptimizationLevel.O2));
        using CLBackend single = OpenCLBackend(context, hasDoubles: false),
            both = OpenCLBackend(context, hasDoubles: true);
        Assert.All(
            Kernels(),
            method =>
            {
                // What has no doubles must not ask a device for them.
                var isDouble = method.GetParameters().Any(parameter => parameter.ParameterType == typeof(ArrayView<double>));
                var kernel = Compile(isDouble ? both : single, method);
                var text = Assert.IsType<CLCompiledKernel>(kernel).Source;
                Assert.Contains("kernel void", text, StringComparison.Ordinal);
                Assert.DoesNotContain("atomic_", text, StringComparison.Ordinal);
            }
        );
    }

    private static CLBackend OpenCLBackend(Context context, bool hasDoubles) =>
        new(
            context,
            new CLCapabilityContext(float16: false, hasDoubles, genericAddressSpace: true, int64_Atomics: false, subGroups: false),
            CLDeviceVendor.AMD,
            new CLCVersion(2, 0)
        );

    private static CompiledKernel Compile(Backend backend, MethodInfo method) =>
        backend.Compile(
            method.GetParameters()[0].ParameterType == typeof(Index1D)
                ? EntryPointDescription.FromImplicitlyGroupedKernel(method)
                : EntryPointDescription.FromExplicitlyGroupedKernel(method),
            KernelSpecialization.Empty
        );

    private static IEnumerable<MethodInfo> Kernels() =>
        Places
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static))
            .Where(method => method.ReturnType == typeof(void))
            .SelectMany(method =>
                method.GetGenericArguments().Length switch
                {
                    0 => [method],
                    1 => Edges.Select(edge => method.MakeGenericMethod(edge)),
                    _ => Edges.SelectMany(edge => Products.Select(types => method.MakeGenericMethod([edge, .. types]))),
                }
            );
}
