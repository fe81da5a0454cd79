using System.Numerics.Tensors;
using VoiceKit.Audio;
using VoiceKit.Files;
using VoiceKit.Spectra;
using static System.FormattableString;

namespace VoiceKit.Corpora;

/// <summary>
/// Brings recordings to one form: a constant offset is taken away, the rate changed, noise reduced if asked for, silence at the ends cut
/// off, a long recording split where nobody speaks, and all of it raised or lowered by one gain. Otherwise samples stay as they are. An
/// object may be used by several threads.
/// </summary>
public sealed class RecordingPreparer
{
    private const double NoticeableOffset = 1e-3;
    private static readonly double MaxPeak = Math.Pow(10, -1.0 / 20);
    private readonly PrepareOptions options;

    /// <summary>Prepares with the given options, or the defaults.</summary>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public RecordingPreparer(PrepareOptions? options = null)
    {
        this.options = options ?? new PrepareOptions();
        this.options.Validate();
    }

    /// <summary>Prepares one recording.</summary>
    /// <param name="waveform">The signal.</param>
    /// <exception cref="ArgumentException">The recording has no samples, is silent, or cannot be resampled.</exception>
    public PreparedRecording Prepare(Waveform waveform)
    {
        ArgumentNullException.ThrowIfNull(waveform);
        if (waveform.Length == 0)
            throw new UnusableDataException("There are no samples.");
        var warnings = new List<string>();
        var recording = WithoutOffset(waveform, warnings);
        if (SignalCheck.Inspect(recording).IsSilent)
            throw new UnusableDataException("The recording is silent: there is nothing to prepare.");
        if (options.SampleRate is { } rate)
            recording = Resampler.Resample(recording, rate);
        if (options.Denoise)
            recording = WithoutNoise(recording, warnings);

        var notes = new List<string>();
        var pieces = Cut(recording, warnings, notes);
        var gain = options.LoudnessTarget is { } target ? Gain(recording, pieces, target, warnings) : 1;
        return new PreparedRecording(
            [.. pieces.Select(piece => Piece(recording, piece, gain))],
            warnings,
            [.. Notes(recording, pieces), .. notes]
        );
    }

    /// <summary>The parts that were cut off, in words.</summary>
    private static IEnumerable<string> Notes(Waveform recording, IReadOnlyList<SampleRange> pieces)
    {
        double Seconds(long samples) => (double)samples / recording.SampleRate;
        var (before, after) = (pieces[0].Start, recording.Length - pieces[^1].End);
        if (before > 0 || after > 0)
            yield return Invariant($"{Seconds(before):0.00} s were cut off at the start and {Seconds(after):0.00} s at the end.");
        if (pieces.Count > 1)
        {
            var pauses = Seconds(recording.Length - before - after - pieces.Sum(piece => piece.Length));
            yield return Invariant($"It was split into {pieces.Count} pieces; {pauses:0.00} s of pauses between them were left out.");
        }
    }

    private static Waveform WithoutOffset(Waveform waveform, List<string> warnings)
    {
        var offset = waveform.DcOffset;
        if (!(Math.Abs(offset) > NoticeableOffset && double.IsFinite(offset)))
            return waveform;
        warnings.Add(Invariant($"A constant offset of {offset:0.####} was taken away."));
        return waveform.WithoutOffset(offset);
    }

    private static Waveform WithoutNoise(Waveform recording, List<string> warnings)
    {
        if (NoiseReduction.Apply(recording) is { } reduced)
            return reduced;
        warnings.Add("There is too little pause to know the noise from: it was left.");
        return recording;
    }

    private IReadOnlyList<SampleRange> Cut(Waveform recording, List<string> warnings, List<string> notes)
    {
        var whole = new SampleRange(0, recording.Length);
        if (!options.Trim && options.MaxPiece is null)
            return [whole];
        var found = SpeechActivity.Detect(recording).Segments;
        var speech = Pauses.Between(recording, found);
        if (speech.Count == 0)
        {
            warnings.Add("No speech was found: no silence was cut off.");
            speech = [whole];
        }
        else
        {
            var kept = Math.Max(found[0].Start - speech[0].Start, speech[^1].End - found[^1].End) / (double)recording.SampleRate;
            if (options.Trim && kept > Pauses.Shortest.TotalSeconds)
                notes.Add(
                    Invariant($"{kept:0.00} s of something quieter than the speech stayed at an end: it is too near the speech's level ")
                        + "to be surely a pause."
                );
        }

        var cutter = new SilenceCutter(recording, speech) { Trim = options.Trim, Margin = Samples(options.Margin, recording.SampleRate) };
        return options.MaxPiece is { } longest ? cutter.Split(Samples(longest, recording.SampleRate), warnings) : [cutter.Extent];
    }

    private static double Gain(Waveform recording, IReadOnlyList<SampleRange> pieces, double target, List<string> warnings)
    {
        var kept = new SampleRange(pieces[0].Start, pieces[^1].End);
        var loudness = Loudness.Integrated(Piece(recording, kept, 1).Waveform);
        if (!double.IsFinite(loudness))
        {
            warnings.Add(
                "The recording is too quiet, or its samples too large, for its loudness to be measured: its level was left as it is."
            );
            return 1;
        }

        if (kept.Length < Loudness.MinDuration.TotalSeconds * recording.SampleRate)
            warnings.Add(
                Invariant($"What is left is shorter than the {Loudness.MinDuration.TotalMilliseconds:0} ms for which loudness is ")
                    + "defined: it was set by the whole of it."
            );
        var gain = Math.Pow(10, (target - loudness) / 20);
        var peak = pieces.Max(piece => Math.Abs(TensorPrimitives.MaxMagnitude(Samples(recording, piece))));
        if (peak * gain <= MaxPeak)
            return gain;
        var lowered = MaxPeak / peak;
        warnings.Add(
            Invariant($"The loudness is {loudness + (20 * Math.Log10(lowered)):0.0} LUFS instead of {target:0.0}: more would raise the ")
                + "peak above -1 dB."
        );
        return lowered;
    }

    private static PreparedPiece Piece(Waveform recording, SampleRange range, double gain)
    {
        var samples = Samples(recording, range).ToArray();
        if (gain != 1)
            TensorPrimitives.Multiply(samples, gain, samples);
        return new PreparedPiece(
            TimeSpan.FromSeconds((double)range.Start / recording.SampleRate),
            Waveform.Wrap(samples, recording.SampleRate)
        );
    }

    private static ReadOnlySpan<double> Samples(Waveform recording, SampleRange range) =>
        recording.Samples.Slice((int)range.Start, (int)range.Length);

    private static int Samples(TimeSpan time, int sampleRate) => (int)Math.Min(Array.MaxLength, Math.Round(time.TotalSeconds * sampleRate));
}

/// <summary>The settings of <see cref="RecordingPreparer"/>.</summary>
public sealed record PrepareOptions
{
    /// <summary>
    /// Gets or sets the sample rate of the result in Hz, 1 .. <see cref="WaveFormat.MaxSampleRate"/>; null, the default, keeps the
    /// recording's.
    /// </summary>
    public int? SampleRate { get; init; }

    /// <summary>
    /// Gets or sets whether silence at both ends, and around the cuts of long recordings, is taken away. True by default.
    /// </summary>
    public bool Trim { get; init; } = true;

    /// <summary>
    /// Gets or sets whether steady noise is reduced, by <see cref="NoiseReduction"/>. False by default: where recordings are clean it can
    /// only take something away.
    /// </summary>
    public bool Denoise { get; init; }

    /// <summary>Gets or sets the silence that stays on each side of speech, 0 .. 10 s. The default is 100 ms.</summary>
    public TimeSpan Margin { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Gets or sets the integrated loudness of the result in LUFS, -70 .. 0; null leaves the level. The default is -23, as EBU R 128 has
    /// it.
    /// </summary>
    public double? LoudnessTarget { get; init; } = -23;

    /// <summary>
    /// Gets or sets the longest piece that a recording is split into, at least 1 s and four margins; null, the default, does not split.
    /// </summary>
    public TimeSpan? MaxPiece { get; init; }

    /// <summary>Throws where a value is out of its range.</summary>
    internal void Validate()
    {
        if (SampleRate is < 1 or > WaveFormat.MaxSampleRate)
            throw new ArgumentOutOfRangeException(
                nameof(SampleRate),
                SampleRate,
                $"The sample rate must be 1 .. {WaveFormat.MaxSampleRate} Hz."
            );
        if (Margin < TimeSpan.Zero || Margin > TimeSpan.FromSeconds(10))
            throw new ArgumentOutOfRangeException(nameof(Margin), Margin, "The margin must be 0 .. 10 s.");
        if (LoudnessTarget is { } target && !(target is >= -70 and <= 0))
            throw new ArgumentOutOfRangeException(nameof(LoudnessTarget), LoudnessTarget, "The loudness must be -70 .. 0 LUFS.");
        if (MaxPiece is { } longest && (longest < TimeSpan.FromSeconds(1) || longest < 4 * Margin))
            throw new ArgumentOutOfRangeException(
                nameof(MaxPiece),
                MaxPiece,
                "The longest piece must have at least 1 s, and four times the margin."
            );
    }
}

/// <summary>The result of <see cref="RecordingPreparer"/> for a recording.</summary>
/// <param name="Pieces">The pieces in order, at least one.</param>
/// <param name="Warnings">What was done beyond what was asked, or could not be done, one plain sentence each.</param>
/// <param name="Notes">What was cut off, one plain sentence each.</param>
public sealed record PreparedRecording(IReadOnlyList<PreparedPiece> Pieces, IReadOnlyList<string> Warnings, IReadOnlyList<string> Notes);

/// <summary>One piece of a prepared recording.</summary>
/// <param name="Start">Where it starts in the recording.</param>
/// <param name="Waveform">Its samples.</param>
public sealed record PreparedPiece(TimeSpan Start, Waveform Waveform);
