using VoiceKit.Audio;
using VoiceKit.Cepstra;
using VoiceKit.Features;
using VoiceKit.Numerics;
using VoiceKit.Synthesis;

namespace VoiceKit.Conversion;

/// <summary>Converts utterances of a model's source speaker into its target speaker's voice. Safe across threads.</summary>
public sealed class VoiceConverter
{
    private readonly VoiceModel model;
    private readonly ConversionOptions options;
    private readonly FeatureExtractor extractor;

    /// <summary>Prepares conversions.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">The settings.</param>
    public VoiceConverter(VoiceModel model, ConversionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        this.model = model;
        this.options = options ?? new ConversionOptions();
        extractor = new FeatureExtractor(model.Features with { F0Range = model.SourceRange });
    }

    /// <summary>Converts a waveform; the result has the model's sample rate and the source's length.</summary>
    public Waveform Convert(Waveform source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var input = Resampler.Resample(source, model.SampleRate);
        var features = extractor.Extract(input);
        if (options.Differential)
            return FilterByDifference(input, features);
        var converted = Vocoder.Synthesize(Convert(features));

        // The vocoder works in whole frames; the result is as long as what came in.
        var samples = new double[input.Length];
        converted.Samples[..Math.Min(samples.Length, converted.Length)].CopyTo(samples);
        return new Waveform(samples, model.SampleRate);
    }

    /// <summary>Converts features: the reading order of this method is the method of the paper.</summary>
    public SpeechFeatures Convert(SpeechFeatures source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return source with
        {
            F0 = model.F0.Convert(source.F0, options.F0),
            MelCepstrum = WithLevelsOf(source, MapSpectrum(source)),
            Aperiodicity = options.MapAperiodicity ? MapAperiodicity(source) : source.Aperiodicity,
        };
    }

    /// <summary>Maps the mel-cepstra without c0, [T, m].</summary>
    internal Frames MapSpectrum(SpeechFeatures source)
    {
        var statics = source.Statics();
        if (3 * statics.Dimension != model.Spectrum.SourceDimension)
            throw new ArgumentException($"The features have order {statics.Dimension}; the model was trained with order {model.Spectrum.SourceDimension / 3}.", nameof(source));
        ISpectralMapper mapper = options.Mapping == SpectralMapping.Frame ? new FrameMapper(model.Spectrum) : new TrajectoryMapper(model.Spectrum);
        if (options.GlobalVariance != GlobalVarianceMethod.None)
            mapper = new GlobalVarianceMapper(mapper, model.GlobalVariance, options.GlobalVariance, FrameLevel.SpeechFrames(source.Levels(), FrameLevel.SpeechRange));
        return mapper.Map(statics);
    }

    /// <summary>Prepends the c0 that gives every frame the level of the source's frame: loudness over time is the speaker's intent and is kept.</summary>
    private static Frames WithLevelsOf(SpeechFeatures source, Frames statics)
    {
        var result = new Frames(statics.Count, statics.Dimension + 1);
        for (var t = 0; t < statics.Count; t++)
            statics[t].CopyTo(result[t][1..]);
        var wanted = source.Levels();
        var present = FrameLevel.Of(result, source.Alpha);
        for (var t = 0; t < statics.Count; t++)
            result[t][0] = (wanted[t] - present[t]) * Math.Log(10) / 20;
        return result;
    }

    /// <summary>Maps band aperiodicity where the source is voiced; noise stays noise.</summary>
    private Frames MapAperiodicity(SpeechFeatures source)
    {
        var mapped = new FrameMapper(model.Aperiodicity).Map(source.Aperiodicity);
        for (var t = 0; t < mapped.Count; t++)
        {
            for (var band = 0; band < mapped.Dimension; band++)
                mapped[t][band] = source.Aperiodicity[t][band] >= 0 ? 0 : Math.Clamp(mapped[t][band], -60, -1e-3);
        }

        return mapped;
    }

    private Waveform FilterByDifference(Waveform input, SpeechFeatures source)
    {
        var difference = WithLevelsOf(source, MapSpectrum(source));
        for (var t = 0; t < difference.Count; t++)
        {
            for (var m = 0; m < difference.Dimension; m++)
                difference[t][m] -= source.MelCepstrum[t][m];
        }

        return new MlsaFilter(difference.Dimension - 1, source.Alpha).Filter(input, difference, source.F0.FramePeriod);
    }
}
