using System.Numerics.Tensors;
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
    private const int PauseSmoothing = 3;

    // Within these ratios of F0 a shifted waveform sounds better than a vocoder's.
    private const double MinFilterRatio = 0.75;
    private const double MaxFilterRatio = 1.35;

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
        extractor = new FeatureExtractor(model.Features with { F0Range = model.SourceRange, Order = Order + (model.Detail?.Count ?? 0) });
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
    /// <param name="source">Features of the model's rate, and of its order or of that with its detail.</param>
    /// <param name="cancellation">Ends the work between its steps.</param>
    /// <exception cref="ArgumentException">The features have another order than the model.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public SpeechFeatures Convert(SpeechFeatures source, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        RequireOrder(source);
        var (statics, levels) = MapSpectrum(source);
        cancellation.ThrowIfCancellationRequested();
        var spectrum = WithDetail(statics, source);
        if (options.Refinements.HasFlag(Refinements.Pauses))
            KeepPauses(spectrum, source);
        SetLevels(spectrum, levels, source.Alpha);
        return new SpeechFeatures(
            source.SampleRate,
            model.F0.Convert(source.F0, options.F0, options.Transpose),
            spectrum,
            source.Alpha,
            options.MapAperiodicity ? MapAperiodicity(source) : source.Aperiodicity
        );
    }

    /// <summary>Gets whether the source's own waveform is changed, and no vocoder used.</summary>
    public bool UsesFilter =>
        options.Synthesis switch
        {
            ConversionSynthesis.Filter => true,
            ConversionSynthesis.Vocoder => false,
            _ => F0Ratio is >= MinFilterRatio and <= MaxFilterRatio,
        };

    /// <summary>Gets the ratio of the converted mean F0 to the source's.</summary>
    public double F0Ratio => model.F0.MeanRatio(options.F0, options.Transpose);

    private int Order => model.Spectrum.SourceDimension / DeltaWindow.Count;

    private void RequireOrder(SpeechFeatures source)
    {
        if (source.Order != Order && source.Order != Order + (model.Detail?.Count ?? 0))
            throw new ArgumentException(
                $"The features have order {source.Order}; the model was trained with order {Order}.",
                nameof(source)
            );
    }

    /// <summary>Maps the mel-cepstra of the model's order without c0, [T, m], and the levels in dB, [T].</summary>
    private (Frames Statics, double[] Levels) MapSpectrum(SpeechFeatures source)
    {
        var statics = source.WithOrder(Order).Statics();
        var levels = source.Levels();
        var speech = FrameLevel.SpeechFrames(levels, FrameLevel.SpeechRange);
        var offsets = new FrameBuffer(source.Count, model.Spectrum.Joint.MixtureCount);
        var mapsLevels = options.Refinements.HasFlag(Refinements.Levels) && model.Levels is not null;
        var trajectory = new TrajectoryMapper(model.Spectrum)
        {
            Posteriors = mapsLevels ? (start, posteriors) => posteriors.Values.CopyTo(offsets.Values[(start * offsets.Dimension)..]) : null,
        };
        if (mapsLevels && options.Mapping == SpectralMapping.Frame)
            model.Spectrum.Posteriors(DeltaWindow.Append(statics)).Values.CopyTo(offsets.Values);
        var mapped = options switch
        {
            { Mapping: SpectralMapping.Frame } => new FrameMapper(model.Spectrum).Map(statics),
            { GlobalVariance: GlobalVarianceMethod.Gradient } => new GradientVarianceMapper(trajectory, model.GlobalVariance, speech).Map(
                statics
            ),
            _ => trajectory.Map(statics),
        };
        if (
            options is { Mapping: SpectralMapping.Trajectory }
            && options.Refinements.HasFlag(Refinements.Movement)
            && model.Movement is { } movement
        )
            mapped = movement.Apply(mapped, statics, source.F0.FramePeriod);
        if (options.GlobalVariance != GlobalVarianceMethod.None)
            mapped = VarianceScalingMapper.Scale(mapped, model.GlobalVariance, speech);
        if (mapsLevels)
        {
            // In pauses there is no sound to say louder or softer, and the whole stays as loud as it was.
            var speaking = Speaking(levels);
            var changes = model.Levels!.Of(offsets);
            TensorPrimitives.Add(changes, levels, changes);
            var gain = 10 * Math.Log10(FrameLevel.MeanPower(levels) / FrameLevel.MeanPower(changes));
            for (var t = 0; t < levels.Length; t++)
                levels[t] += speaking[t] * (changes[t] + gain - levels[t]);
        }

        return (mapped, levels);
    }

    /// <summary>
    /// Mel-cepstra with room for c0: the mapped coefficients, and the source's detail in the target's manner where there is any.
    /// </summary>
    private FrameBuffer WithDetail(Frames statics, SpeechFeatures source)
    {
        var hasDetail = options.Refinements.HasFlag(Refinements.Detail) && source.Order > Order;
        var result = new FrameBuffer(statics.Count, (hasDetail ? source.Order : Order) + 1);
        for (var t = 0; t < statics.Count; t++)
        {
            statics[t].CopyTo(result[t][1..]);
            if (hasDetail)
                model.Detail!.Convert(source.MelCepstrum[t][(Order + 1)..], result[t][(Order + 1)..]);
        }

        return result;
    }

    /// <summary>Sets the c0 that gives every frame its level.</summary>
    private static void SetLevels(FrameBuffer spectrum, double[] levels, double alpha)
    {
        var present = FrameLevel.Of(spectrum, alpha);
        for (var t = 0; t < spectrum.Count; t++)
            spectrum[t][0] = (levels[t] - present[t]) * Math.Log(10) / 20;
    }

    /// <summary>What is no speech keeps the source's spectrum: a mapping of speech makes a hiss of a room's silence.</summary>
    private static void KeepPauses(FrameBuffer spectrum, SpeechFeatures source)
    {
        var speaking = Speaking(source.Levels());
        for (var t = 0; t < spectrum.Count; t++)
            TensorPrimitives.Lerp(source.MelCepstrum[t][1..spectrum.Dimension], spectrum[t][1..], speaking[t], spectrum[t][1..]);
    }

    /// <summary>How much of each frame is speech, 0 .. 1: 40 dB below the mean power is pause, from 25 dB on it is speech.</summary>
    private static double[] Speaking(double[] levels)
    {
        const double pause = 40;
        const double speech = 25;
        var mean = 10 * Math.Log10(FrameLevel.MeanPower(levels));
        return LevelMapping.MovingAverage(
            Array.ConvertAll(levels, level => Math.Clamp((level - mean + pause) / (pause - speech), 0, 1)),
            PauseSmoothing
        );
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
        return UsesFilter ? Filter(input, features, cancellation) : Vocoder.Synthesize(Convert(features, cancellation));
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

    /// <summary>Changes F0 and the spectrum in the source's own waveform.</summary>
    private Waveform Filter(Waveform input, SpeechFeatures wide, CancellationToken cancellation)
    {
        var source = wide.WithOrder(Order);
        var converted = Convert(source, cancellation);
        var shifted = options is { F0: F0ConversionKind.None, Transpose: 0 } ? input : PitchShifter.Shift(input, source.F0, converted.F0);
        var difference = converted.MelCepstrum.ToBuffer();
        for (var t = 0; t < difference.Count; t++)
        {
            for (var m = 0; m < difference.Dimension; m++)
                difference[t][m] -= source.MelCepstrum[t][m];
        }

        var filtered = new MlsaFilter(Order, source.Alpha).Filter(shifted, difference, source.F0.FramePeriod).Samples.ToArray();

        // Filters that follow each other in time add up to more or less than each alone: the whole is as loud as it was.
        var (before, after) = (Reductions.SumOfSquares(input.Samples), Reductions.SumOfSquares(filtered));
        if (before > 0 && after > 0)
            TensorPrimitives.Multiply(filtered, Math.Sqrt(before / after), filtered);
        return Waveform.Wrap(filtered, input.SampleRate);
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

/// <summary>The ways to make the sound of a conversion.</summary>
public enum ConversionSynthesis
{
    /// <summary>The filter where the speakers' mean F0 are within a quarter below and a third above each other, else the vocoder.</summary>
    Auto,

    /// <summary>All is made anew: <see cref="Vocoder"/>.</summary>
    Vocoder,

    /// <summary>
    /// The source's own waveform with another F0 (<see cref="PitchShifter"/>), filtered by the difference of the spectra (Kobayashi and
    /// Toda 2018): it keeps what no vocoder models.
    /// </summary>
    Filter,
}

/// <summary>What is done for natural sound beside the mapping; a model of before has none of it but the pauses.</summary>
[Flags]
public enum Refinements
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The source's fine structure in the target's manner: <see cref="SpectralDetail"/>.</summary>
    Detail = 1,

    /// <summary>The movement that mapping takes away: <see cref="MovementFilter"/>.</summary>
    Movement = 2,

    /// <summary>The levels of the target's sounds: <see cref="LevelMapping"/>.</summary>
    Levels = 4,

    /// <summary>Pauses keep the source's spectrum.</summary>
    Pauses = 8,

    /// <summary>All of it.</summary>
    All = Detail | Movement | Levels | Pauses,
}

/// <summary>The settings of <see cref="VoiceConverter"/>.</summary>
public sealed record ConversionOptions
{
    /// <summary>Gets or sets the spectral mapping; trajectories by default.</summary>
    public SpectralMapping Mapping { get; init; } = SpectralMapping.Trajectory;

    /// <summary>Gets or sets how the global variance is restored; by scaling by default.</summary>
    public GlobalVarianceMethod GlobalVariance { get; init; } = GlobalVarianceMethod.Scaling;

    /// <summary>Gets or sets how F0 is converted; <see cref="F0ConversionKind.Fitted"/> by default.</summary>
    public F0ConversionKind F0 { get; init; } = F0ConversionKind.Fitted;

    /// <summary>Gets or sets what is done for natural sound; all by default.</summary>
    public Refinements Refinements { get; init; } = Refinements.All;

    /// <summary>Gets or sets how many semitones the converted F0 is raised by, -48 .. 48; 0 by default.</summary>
    public double Transpose { get; init; }

    /// <summary>
    /// Gets or sets where to look for the source's F0; null (the default) joins the model's range with that of each recording.
    /// </summary>
    public F0Range? F0Range { get; init; }

    /// <summary>Gets or sets whether aperiodicity is mapped too; else the source's is kept. True by default.</summary>
    public bool MapAperiodicity { get; init; } = true;

    /// <summary>Gets or sets how the sound is made; by the distance of the speakers' F0 by default.</summary>
    public ConversionSynthesis Synthesis { get; init; }
}
