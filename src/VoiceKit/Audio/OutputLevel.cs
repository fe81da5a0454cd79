using System.Globalization;
using System.Numerics.Tensors;

namespace VoiceKit.Audio;

/// <summary>Looks at a waveform before it is written: what was made must be neither silent nor beyond full scale.</summary>
public static class OutputLevel
{
    private const double FullScale = 0.99;

    /// <summary>Returns the waveform as it can be written, lowered as a whole where its peak is above 0.99, and sentences on what was found.</summary>
    /// <param name="output">The waveform to write.</param>
    /// <param name="input">The waveform that it was made from: only a silent output of an audible input is worth a word.</param>
    public static (Waveform Waveform, IReadOnlyList<string> Warnings) Protect(Waveform output, Waveform input)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(input);
        if (SignalCheck.Inspect(output).IsSilent)
            return (output, SignalCheck.Inspect(input).IsSilent ? [] : ["the result is silent although the input is not"]);
        var peak = Math.Abs(TensorPrimitives.MaxMagnitude(output.Samples));
        if (peak <= FullScale)
            return (output, []);
        var lowered = new double[output.Length];
        TensorPrimitives.Multiply(output.Samples, FullScale / peak, lowered);
        var decibels = 20 * Math.Log10(peak / FullScale);
        return (new Waveform(lowered, output.SampleRate), [string.Create(CultureInfo.InvariantCulture, $"lowered by {decibels:F1} dB so that it does not clip")]);
    }
}
