using System.CommandLine;
using VoiceKit.Devices;

namespace VoiceKit.Cli;

/// <summary>--device and its values.</summary>
internal static class DeviceOption
{
    public const string Name = "--device",
        Auto = "auto",
        Cpu = "cpu",
        Cuda = "cuda",
        OpenCL = "opencl";

    public const string TensorFloat32Name = "--tf32";

    public static Option<bool> CreateTensorFloat32() =>
        new(TensorFloat32Name) { Description = "On CUDA let cuBLAS multiply matrices in TF32: faster, with an error of about 1e-3." };

    public static Option<string?> Create() =>
        new Option<string?>(Name)
        {
            Description =
                "Where to compute: cpu (the default), cuda, opencl, or auto for the first GPU that works. The "
                + "environment variable VOICEKIT_DEVICE sets it for all verbs that have this option.",
        }.AcceptOnlyFromAmong(Auto, Cpu, Cuda, OpenCL);

    /// <summary>The value that asks for a kind of device.</summary>
    public static string NameOf(ComputeBackend backend) =>
        backend switch
        {
            ComputeBackend.Cuda => Cuda,
            ComputeBackend.OpenCL => OpenCL,
            _ => Cpu,
        };
}
