using System.CommandLine;

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
                "Where to compute: cpu (the default), cuda, opencl, or auto for the first GPU that works. VOICEKIT_DEVICE sets "
                    + "it for all verbs.",
        }.AcceptOnlyFromAmong(Auto, Cpu, Cuda, OpenCL);
}
