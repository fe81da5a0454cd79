namespace VoiceKit.Pictures;

/// <summary>A point on a <see cref="Canvas"/>, in pixels: pixel (0, 0) covers 0 .. 1 in both directions, so its centre is (0.5, 0.5).</summary>
/// <param name="X">The distance from the left edge.</param>
/// <param name="Y">The distance from the top edge.</param>
public readonly record struct CanvasPoint(double X, double Y)
{
    /// <summary>Whether both coordinates are finite.</summary>
    public bool IsFinite => double.IsFinite(X) && double.IsFinite(Y);
}
