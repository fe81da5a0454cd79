namespace VoiceKit.Pictures;

/// <summary>Which colour stands for which value.</summary>
internal sealed record ColorScale(ColorMap Map, AxisRange Range, string Label)
{
    public Rgb this[double value] => Map[(value - Range.Minimum) / Range.Length];
}
