namespace VoiceKit.Compute;

/// <summary>
/// A device whose tensor cores can multiply matrices in TF32: the operands keep 10 of their 23 bits of mantissa, the sums stay float32.
/// That is several times faster, and off by about 1e-3 relative to the largest terms, so it is off unless asked for.
/// </summary>
public interface ITensorFloat32Device
{
    /// <summary>Whether the device and its library can do so.</summary>
    bool HasTensorFloat32 { get; }

    /// <summary>Whether they may; false at first. It changes nothing where they cannot.</summary>
    bool AllowsTensorFloat32 { get; set; }
}
