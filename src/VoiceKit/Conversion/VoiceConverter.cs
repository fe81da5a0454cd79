using VoiceKit.Audio;
using VoiceKit.Cepstra;
using VoiceKit.Features;
using VoiceKit.Files;
using VoiceKit.Numerics;
using VoiceKit.Pitch;
using VoiceKit.Synthesis;

namespace VoiceKit.Conversion;

/// <summary>Converts utterances of a model's source speaker into its target speaker's voice. Safe across threads.</summary>
public sealed class VoiceConverter
{
    private const int MinVoicedFrames = 40;

    // Pieces of a long recording are faded into each other over this time, within a pause.
    private static readonly TimeSpan JoinTime = TimeSpan.FromMilliseconds(20);
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
        if (!(Math.Abs(this.options.Transpose) <= 48))
            throw new ArgumentOutOfRangeException(
                nameof(options),
                this.options.Transpose,
                "The transposition must be -48 .. 48 semitones."
            );
        if (this.options is { GlobalVariance: GlobalVarianceMethod.Gradient, Mapping: SpectralMapping.Frame })
            throw new ArgumentException(
                $"{nameof(GlobalVarianceMethod.Gradient)} needs whole trajectories: use {nameof(SpectralMapping.Trajectory)} or "
                    + $"{nameof(GlobalVarianceMethod.Scaling)}.",
                nameof(options)
            );
        extractor = new FeatureExtractor(model.Features with { F0Range = model.SourceRange });
    }

    /// <summary>Gets the sampling frequency of what is converted, in Hz: the model's.</summary>
    public int SampleRate => model.SampleRate;

    /// <summary>
    /// Converts a waveform; the result has the model's sample rate and the source's length. A constant offset is left out.
    /// </summary>
    /// <param name="source">The waveform.</param>
    /// <param name="cancellation">Ends the work between its steps.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Waveform Convert(Waveform source, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        var reader = AudioReader.Of(source);
        var input = Input(reader, 0, source.Length);
        var converted = ConvertPiece(input, RangeFor(reader, cancellation), new F0Histogram(), cancellation);
        return Waveform.Wrap(Cut(converted, 0, input.Length), model.SampleRate);
    }

    /// <summary>
    /// Converts a recording of any length. One of more than 10 minutes is converted in pieces that are cut in pauses (see
    /// <see cref="RecordingPieces"/>) and faded into each other: memory does not grow with it.
    /// </summary>
    /// <param name="source">The recording.</param>
    /// <param name="destination">Receives the samples at the model's rate, part by part.</param>
    /// <param name="progress">Receives the part that is done, 0 .. 1.</param>
    /// <param name="cancellation">Ends the work between two pieces.</param>
    /// <returns>Warnings about the result, one plain sentence each.</returns>
    public IReadOnlyList<string> Convert(
        AudioReader source,
        Action<ReadOnlySpan<double>> destination,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(destination);
        var range = RangeFor(source, cancellation);
        var voiced = new F0Histogram();
        var divisor = (int)System.Numerics.BigInteger.GreatestCommonDivisor(source.SampleRate, model.SampleRate);
        var fade = (int)(model.SampleRate * JoinTime.TotalSeconds);
        double[] tail = [];
        foreach (var piece in RecordingPieces.Of(source, source.SampleRate / divisor))
        {
            cancellation.ThrowIfCancellationRequested();
            var input = Input(source, piece.From, piece.To);
            var start = Place(piece.Start - piece.From);
            var end = piece.End == source.Length ? input.Length : Place(piece.End - piece.From);
            var converted = ConvertPiece(input, range, voiced, cancellation);
            var samples = Cut(converted, start, end);
            for (var i = 0; i < Math.Min(tail.Length, samples.Length); i++)
                samples[i] = tail[i] + ((samples[i] - tail[i]) * (i + 0.5) / tail.Length);
            destination(samples);
            tail = piece.End == source.Length ? [] : Cut(converted, end, end + fade);
            progress?.Report((double)piece.End / Math.Max(1, source.Length));
        }

        return [.. Warnings(voiced)];

        int Place(long sample) => (int)(sample * (model.SampleRate / divisor) / (source.SampleRate / divisor));
    }

    /// <summary>Makes sure, before the work, that a WAV file can hold the result.</summary>
    /// <param name="path">The recording's name, for the error.</param>
    /// <param name="source">The recording.</param>
    /// <param name="encoding">How the result will be stored.</param>
    /// <exception cref="BadFileException">The result would pass 4 GiB.</exception>
    public void RequireFits(string path, AudioReader source, WaveEncoding encoding)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (!WaveFile.CanHold((long)(source.Duration.TotalSeconds * model.SampleRate) + 1, encoding))
            throw new BadFileException(
                path,
                null,
                "the result would pass the 4 GiB that a WAV file can hold: split the recording first (voicekit corpus prepare "
                    + "--split), or write fewer bits"
            );
    }

    /// <summary>
    /// Where to look for a recording's F0: the options' range, or the model's joined with the recording's own, found as in training.
    /// </summary>
    /// <param name="source">The recording.</param>
    /// <param name="cancellation">Ends the search.</param>
    public F0Range RangeFor(AudioReader source, CancellationToken cancellation = default) =>
        options.F0Range ?? (F0RangeFinder.TryFind(source, cancellation) is { } own ? model.SourceRange.Union(own) : model.SourceRange);

    /// <summary>Converts features: the reading order of this method is the method of the paper.</summary>
    /// <param name="source">Features of the model's order and rate.</param>
    /// <param name="cancellation">Ends the work between its steps.</param>
    /// <exception cref="ArgumentException">The features have another order than the model.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public SpeechFeatures Convert(SpeechFeatures source, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        var spectrum = WithLevelsOf(source, MapSpectrum(source));
        cancellation.ThrowIfCancellationRequested();
        return new SpeechFeatures(
            source.SampleRate,
            model.F0.Convert(source.F0, options.F0, options.Transpose),
            spectrum,
            source.Alpha,
            options.MapAperiodicity ? MapAperiodicity(source) : source.Aperiodicity
        );
    }

    /// <summary>Maps the mel-cepstra without c0, [T, m].</summary>
    internal Frames MapSpectrum(SpeechFeatures source)
    {
        var statics = source.Statics();
        if (3 * statics.Dimension != model.Spectrum.SourceDimension)
            throw new ArgumentException(
                $"The features have order {statics.Dimension}; the model was trained with order {model.Spectrum.SourceDimension / 3}.",
                nameof(source)
            );
        return MapperFor(FrameLevel.SpeechFrames(source.Levels(), FrameLevel.SpeechRange)).Map(statics);
    }

    private ISpectralMapper MapperFor(int[] speech)
    {
        if (options.GlobalVariance == GlobalVarianceMethod.Gradient)
            return new GradientVarianceMapper(new TrajectoryMapper(model.Spectrum), model.GlobalVariance, speech);
        ISpectralMapper mapper =
            options.Mapping == SpectralMapping.Frame ? new FrameMapper(model.Spectrum) : new TrajectoryMapper(model.Spectrum);
        return options.GlobalVariance == GlobalVarianceMethod.None
            ? mapper
            : new VarianceScalingMapper(mapper, model.GlobalVariance, speech);
    }

    /// <summary>
    /// Prepends the c0 that gives every frame the level of the source's frame: loudness over time is the speaker's intent and is kept.
    /// </summary>
    private static FrameBuffer WithLevelsOf(SpeechFeatures source, Frames statics)
    {
        var result = new FrameBuffer(statics.Count, statics.Dimension + 1);
        for (var t = 0; t < statics.Count; t++)
            statics[t].CopyTo(result[t][1..]);
        var wanted = source.Levels();
        var present = FrameLevel.Of(result, source.Alpha);
        for (var t = 0; t < statics.Count; t++)
            result[t][0] = (wanted[t] - present[t]) * Math.Log(10) / 20;
        return result;
    }

    /// <summary>Maps band aperiodicity where the source is voiced; noise stays noise.</summary>
    private FrameBuffer MapAperiodicity(SpeechFeatures source)
    {
        var mapped = new FrameMapper(model.Aperiodicity).Map(source.Aperiodicity).ToBuffer();
        for (var t = 0; t < mapped.Count; t++)
        {
            for (var band = 0; band < mapped.Dimension; band++)
                mapped[t][band] = source.Aperiodicity[t][band] >= 0 ? 0 : Math.Clamp(mapped[t][band], -60, -1e-3);
        }

        return mapped;
    }

    /// <summary>A part of a recording at the model's rate, without offset.</summary>
    private Waveform Input(AudioReader source, long start, long end)
    {
        var input =
            source.SampleRate == model.SampleRate
                ? source.Read(start, (int)(end - start))
                : new Resampler(source.SampleRate, model.SampleRate).Read(source, start, end);
        return input.WithoutOffset(input.DcOffset);
    }

    private Waveform ConvertPiece(Waveform input, F0Range range, F0Histogram voiced, CancellationToken cancellation)
    {
        var features = extractor.Begin(input, range).Features;
        cancellation.ThrowIfCancellationRequested();
        voiced.Add(features.F0);
        return options.Differential ? FilterByDifference(input, features) : Vocoder.Synthesize(Convert(features, cancellation));
    }

    /// <summary>Some samples of a result. The vocoder works in whole frames: what it lacks at the end is silence.</summary>
    private static double[] Cut(Waveform converted, int start, int end)
    {
        var samples = new double[end - start];
        var last = Math.Min(end, converted.Length);
        if (start < last)
            converted.Samples[start..last].CopyTo(samples);
        return samples;
    }

    private IEnumerable<string> Warnings(F0Histogram voiced)
    {
        if (voiced.Count < MinVoicedFrames)
            yield break;
        var median = voiced.Median;
        var (low, high) = model.F0.SourceMiddle;
        if (median < low || median > high)
            yield return string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"the median F0 is {median:0} Hz; the model was trained on a voice of {low:0} - {high:0} Hz, so this speaker, or "
                    + $"way of speaking, may convert badly (--transpose shifts the result)"
            );
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

/// <summary>The spectral mappings to choose from.</summary>
public enum SpectralMapping
{
    /// <summary>Whole trajectories (MLPG): <see cref="TrajectoryMapper"/>.</summary>
    Trajectory,

    /// <summary>Frame by frame: <see cref="FrameMapper"/>.</summary>
    Frame,
}

/// <summary>The settings of <see cref="VoiceConverter"/>.</summary>
public sealed record ConversionOptions
{
    /// <summary>Gets or sets the spectral mapping; trajectories by default.</summary>
    public SpectralMapping Mapping { get; init; } = SpectralMapping.Trajectory;

    /// <summary>Gets or sets how the global variance is restored; by scaling by default.</summary>
    public GlobalVarianceMethod GlobalVariance { get; init; } = GlobalVarianceMethod.Scaling;

    /// <summary>Gets or sets how F0 is converted; log-Gaussian by default.</summary>
    public F0ConversionKind F0 { get; init; } = F0ConversionKind.LogGaussian;

    /// <summary>Gets or sets how many semitones the converted F0 is raised by, -48 .. 48; 0 by default.</summary>
    public double Transpose { get; init; }

    /// <summary>
    /// Gets or sets where to look for the source's F0; null (the default) joins the model's range with that of each recording.
    /// </summary>
    public F0Range? F0Range { get; init; }

    /// <summary>Gets or sets whether aperiodicity is mapped too; else the source's is kept. True by default.</summary>
    public bool MapAperiodicity { get; init; } = true;

    /// <summary>
    /// Gets or sets whether only the difference of the spectra is applied to the source's own waveform, by a filter and with no vocoder:
    /// the most natural sound, but F0 stays the source's. False by default.
    /// </summary>
    public bool Differential { get; init; }
}
