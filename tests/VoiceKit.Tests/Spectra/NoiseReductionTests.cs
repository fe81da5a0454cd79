using VoiceKit.Audio;
using VoiceKit.Spectra;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Spectra;

public class NoiseReductionTests
{
    private static double[] Speech { get; } = [.. new double[8000], .. TrainedVoice.Shared.HeldOutSource[0].Samples, .. new double[8000]];

    [Theory]
    [InlineData(10)]
    [InlineData(20)]
    public void Apply_SpeechInNoise_ComesNearerToTheSpeechAlone(int decibels)
    {
        var noisy = Noisy(decibels);
        var reduced = NoiseReduction.Apply(noisy)!;
        Assert.Equal((noisy.Length, 16000), (reduced.Length, reduced.SampleRate));
        Assert.InRange(Error(noisy) - Error(reduced), 3, 12);

        // In pauses the noise falls by the most that is allowed; nothing falls by more.
        var pause = Level(noisy.Samples[1000..7000]) - Level(reduced.Samples[1000..7000]);
        Assert.InRange(pause, 9, 12.5);
    }

    [Fact]
    public void Apply_CleanSpeech_ChangesLittle()
    {
        var clean = Noisy(70);
        Assert.InRange(Error(NoiseReduction.Apply(clean)!), double.NegativeInfinity, -35);
    }

    [Fact]
    public void Apply_NothingToTellTheNoiseFrom_IsNull()
    {
        Assert.Null(NoiseReduction.Apply(new Waveform([], 16000)));
        Assert.Null(NoiseReduction.Apply(new Waveform(new double[16000], 16000)));
        Assert.Null(NoiseReduction.Apply(Tones.Noise(16000, 1)));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(8000)]
    [InlineData(48000)]
    public void Apply_AnyRate_IsFiniteAndAsLong(int rate)
    {
        var recording = Resampler.Resample(Noisy(20), rate);
        var reduced = NoiseReduction.Apply(recording);
        Assert.True(reduced is null || reduced.Length == recording.Length);
    }

    private static Waveform Noisy(int decibels)
    {
        var noise = SmallModels.Normal(Speech.Length, 1, 80).Values.ToArray();
        var deviation = Math.Sqrt(
            TrainedVoice.Shared.HeldOutSource[0].Samples.ToArray().Average(x => x * x) / Math.Pow(10, decibels / 10.0)
        );
        return new Waveform([.. Speech.Select((sample, i) => sample + (deviation * noise[i]))], 16000);
    }

    /// <summary>The power of the difference from the speech alone over that of the speech, in dB.</summary>
    private static double Error(Waveform waveform) => Level([.. waveform.Samples.ToArray().Zip(Speech, (a, b) => a - b)]) - Level(Speech);

    private static double Level(ReadOnlySpan<double> samples)
    {
        var sum = 0.0;
        foreach (var sample in samples)
            sum += sample * sample;
        return 10 * Math.Log10(sum / samples.Length);
    }
}
