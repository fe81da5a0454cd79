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
        var (gain, warnings) = Protect(SignalCheck.Inspect(output), SignalCheck.Inspect(input).IsSilent);
        if (gain == 1)
            return (output, warnings);
        var lowered = new double[output.Length];
        TensorPrimitives.Multiply(output.Samples, gain, lowered);
        return (new Waveform(lowered, output.SampleRate), warnings);
    }

    /// <summary>Sets the gain of a signal so that it can be written: below 1 where its peak is above 0.99. Returns sentences on what was found.</summary>
    /// <param name="output">The signal to write.</param>
    /// <param name="isInputSilent">Whether what it was made from is silent: only a silent output of an audible input is worth a word.</param>
    public static IReadOnlyList<string> Protect(SampleSpool output, bool isInputSilent)
    {
        ArgumentNullException.ThrowIfNull(output);
        (output.Gain, var warnings) = Protect(output.Report, isInputSilent);
        return warnings;
    }

    private static (double Gain, IReadOnlyList<string> Warnings) Protect(SignalReport output, bool isInputSilent)
    {
        if (output.IsSilent)
            return (1, isInputSilent ? [] : ["the result is silent although the input is not"]);
        if (output.Peak <= FullScale)
            return (1, []);
        var decibels = 20 * Math.Log10(output.Peak / FullScale);
        return (FullScale / output.Peak, [string.Create(CultureInfo.InvariantCulture, $"lowered by {decibels:F1} dB so that it does not clip")]);
    }
}
