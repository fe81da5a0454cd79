namespace VoiceKit.Tests.TestKit;

/// <summary>A device that says it has TF32, or that it has none.</summary>
internal sealed class TensorCoreDevice(bool has) : RelayDevice
{
    public override string Name => "tensor";

    public override bool HasTensorFloat32 => has;
}
