using VoiceKit.Devices;

namespace VoiceKit.Tests.TestKit;

/// <summary>A device that says it has TF32, or that it has none.</summary>
internal sealed class TensorCoreDevice(bool has) : RelayDevice, ITensorFloat32Device
{
    public override string Name => "tensor";

    public bool HasTensorFloat32 => has;

    public bool AllowsTensorFloat32 { get; set; }
}
