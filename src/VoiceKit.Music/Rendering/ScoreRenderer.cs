using VoiceKit.Audio;
using VoiceKit.Numerics;

namespace VoiceKit.Music;

/// <summary>Makes a score audible with built-in instruments, by additive synthesis; nothing has to be installed or downloaded.</summary>
/// <remarks>
/// Partials are kept below the Nyquist frequency, so nothing aliases; notes begin and end smoothly; the peak is at -3 dB of full scale and
/// there is no DC. Percussion (channel 10 of MIDI's count from 1) is left out. Time grows with the sum of the notes' lengths, memory only
/// with the length of the sound. Equal scores give equal bits, on any number of threads.
/// </remarks>
public static class ScoreRenderer
{
    private const int BlockLength = 4096;

    /// <summary>Renders a score.</summary>
    /// <param name="score">The score; one without notes gives silence of the tail's length.</param>
    /// <param name="options">The settings; null takes the default ones.</param>
    /// <returns>The sound, from the score's tick 0 to the last note's end and the tail.</returns>
    /// <exception cref="ArgumentException">The sound would be longer than <see cref="RenderOptions.MaxDuration"/>.</exception>
    public static Waveform Render(MidiScore score, RenderOptions? options = null) =>
        Render(score, options ?? new RenderOptions(), Environment.ProcessorCount);

    /// <summary>
    /// The built-in instrument nearest to a General MIDI program: what is struck or plucked is piano-like, what is blown or bowed
    /// organ-like.
    /// </summary>
    /// <param name="program">The program, 0 .. 127.</param>
    public static Instrument NearestTo(int program) =>
        program switch
        {
            // Pizzicato, harp and timpani among the strings, the orchestra hit among the ensembles, bagpipe, fiddle and shanai among the
            // plucked.
            45 or 46 or 47 or 55 => Instrument.Piano,
            109 or 110 or 111 => Instrument.Organ,
            >= 16 and < 24 or >= 40 and < 104 => Instrument.Organ,
            _ => Instrument.Piano,
        };

    internal static Waveform Render(MidiScore score, RenderOptions options, int threadCount)
    {
        var performance = new Performance(score, options.Tail);
        var samples = new double[performance.SampleCount(options.SampleRate)];
        var notes = Place(performance, options);
        var blockCount = (samples.Length + BlockLength - 1) / BlockLength;
        _ = Parallel.For(
            0,
            blockCount,
            new ParallelOptions { MaxDegreeOfParallelism = Math.Min(threadCount, ParallelLimit.MaxDegreeOfParallelism) },
            block =>
            {
                var start = block * BlockLength;
                AddNotes(notes, start, options.SampleRate, samples.AsSpan(start, Math.Min(BlockLength, samples.Length - start)));
            }
        );
        if (options.Reverb > 0)
            new Reverberator(options.SampleRate).Apply(samples, options.Reverb);
        Mastering.Finish(samples, options);
        return Waveform.Wrap(samples, options.SampleRate);
    }

    private static PlacedTone[] Place(Performance performance, RenderOptions options)
    {
        var tones = new Dictionary<(Instrument, int Pitch, int Velocity), Tone[]>();
        var placed = new List<PlacedTone>(performance.Notes.Count);
        foreach (var played in performance.Notes)
        {
            if (played.Note.Channel == NoteEvent.PercussionChannel)
                continue;
            var key = (options.Instrument ?? NearestTo(played.Program), played.Note.Pitch, played.Note.Velocity);
            if (!tones.TryGetValue(key, out var toneGroup))
            {
                toneGroup =
                    key.Item1 == Instrument.Organ
                        ? OrganTone.Of(key.Pitch, key.Velocity, options.SampleRate)
                        : [PianoTone.Of(key.Pitch, key.Velocity, options.SampleRate)];
                tones.Add(key, toneGroup);
            }

            foreach (var tone in toneGroup)
                placed.Add(new(tone, played.Start, played.End, options.SampleRate));
        }

        return [.. placed];
    }

    // Always in the order of the notes: the sum's rounding must not depend on who computes the block.
    private static void AddNotes(PlacedTone[] notes, int blockStart, int sampleRate, Span<double> block)
    {
        Span<double> scratch = stackalloc double[BlockLength];
        foreach (var note in notes)
        {
            if (note.Start >= blockStart + block.Length)
                break;
            var from = Math.Max(note.Start, blockStart);
            var length = Math.Min(note.Silence, blockStart + block.Length) - from;
            if (length <= 0)
                continue;
            var part = scratch[..((length + PartialBank.Lanes - 1) / PartialBank.Lanes * PartialBank.Lanes)];
            part.Clear();
            if (!PartialBank.Add(note.Tone.Partials, from - note.Start, sampleRate, part))
                continue;
            note.Shape(part[..length], from);
            var sum = block[(from - blockStart)..];
            for (var i = 0; i < length; i++)
                sum[i] += part[i];
        }
    }

    /// <summary>A tone at its place in the sound, in samples.</summary>
    private readonly record struct PlacedTone(Tone Tone, int Start, int End, int AttackLength, int ReleaseLength)
    {
        public PlacedTone(Tone tone, double start, double end, int sampleRate)
            : this(
                tone,
                Sample(start, sampleRate),
                Sample(end, sampleRate),
                1 + Sample(tone.Attack, sampleRate),
                1 + Sample(tone.Release, sampleRate)
            )
        { }

        /// <summary>Gets the first sample after the release.</summary>
        public int Silence => End + ReleaseLength;

        /// <summary>Multiplies samples from <paramref name="from"/> on by the envelope.</summary>
        /// <param name="samples">The samples, which are changed.</param>
        /// <param name="from">The first sample that is changed.</param>
        public void Shape(Span<double> samples, int from)
        {
            for (var i = 0; i < Math.Min(samples.Length, Start + AttackLength - from); i++)
                samples[i] *= Ramp((double)(from + i - Start) / AttackLength);
            for (var i = Math.Max(0, End - from); i < samples.Length; i++)
                samples[i] *= Ramp((double)(Silence - from - i) / ReleaseLength);
        }

        private static int Sample(double seconds, int sampleRate) => (int)Math.Round(seconds * sampleRate);

        // From 0 to 1 with no slope or curvature at either end.
        private static double Ramp(double x) => x * x * x * ((x * ((6 * x) - 15)) + 10);
    }
}

/// <summary>The settings of <see cref="ScoreRenderer"/>.</summary>
public sealed record RenderOptions
{
    /// <summary>The lowest sample rate in Hz.</summary>
    public const int MinSampleRate = 8000;

    /// <summary>The highest sample rate in Hz.</summary>
    public const int MaxSampleRate = 96000;

    /// <summary>Gets the longest sound that is rendered, with its tail.</summary>
    public static TimeSpan MaxDuration { get; } = TimeSpan.FromHours(1);

    /// <summary>Gets the sample rate in Hz, <see cref="MinSampleRate"/> .. <see cref="MaxSampleRate"/>; 44100 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rate is out of its range.</exception>
    public int SampleRate
    {
        get;
        init =>
            field = value is >= MinSampleRate and <= MaxSampleRate
                ? value
                : throw new ArgumentOutOfRangeException(
                    nameof(value),
                    value,
                    $"The sample rate must be {MinSampleRate} .. {MaxSampleRate} Hz."
                );
    } = 44100;

    /// <summary>
    /// Gets or sets the built-in instrument of every note; null (the default) takes for each note the one nearest to its MIDI program. A
    /// soundfont's own instruments are always chosen by program.
    /// </summary>
    public Instrument? Instrument { get; init; }

    /// <summary>Gets how much of the room is heard, 0 (nothing) .. 1; 0.3 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The amount is out of its range.</exception>
    public double Reverb
    {
        get;
        init =>
            field = value is >= 0 and <= 1
                ? value
                : throw new ArgumentOutOfRangeException(nameof(value), value, "The reverb must be 0 .. 1.");
    } = 0.3;

    /// <summary>Gets how long the sound goes on after the last note's end, 0 .. 60 s; 2 s by default. It fades out before that.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The tail is out of its range.</exception>
    public TimeSpan Tail
    {
        get;
        init =>
            field =
                value >= TimeSpan.Zero && value <= TimeSpan.FromMinutes(1)
                    ? value
                    : throw new ArgumentOutOfRangeException(nameof(value), value, "The tail must be 0 .. 60 s.");
    } = TimeSpan.FromSeconds(2);
}

/// <summary>The mastering of rendered sound: the offset is removed, the end fades, the level is set.</summary>
internal static class Mastering
{
    /// <summary>The peak of what is rendered: -3 dB of full scale.</summary>
    public const double Peak = 0.7079;

    /// <summary>
    /// What never gets above this, -120 dB of full scale, is silence: libfluidsynth's reverb keeps a noise floor of its own.
    /// </summary>
    private const double Silence = 1e-6;

    private const double HighPassHertz = 12;
    private const double MaxFade = 0.8;
    private const double MinFade = 0.01;

    /// <summary>Takes out DC, fades the tail and sets the peak to <see cref="Peak"/>; silence stays silence.</summary>
    public static void Finish(Span<double> samples, RenderOptions options)
    {
        RemoveConstant(samples, options.SampleRate);
        FadeOut(samples, (int)(Math.Clamp(0.6 * options.Tail.TotalSeconds, MinFade, MaxFade) * options.SampleRate));
        var peak = 0.0;
        foreach (var sample in samples)
            peak = Math.Max(peak, Math.Abs(sample));
        if (peak < Silence)
        {
            samples.Clear();
            return;
        }

        var gain = Peak / peak;
        foreach (ref var sample in samples)
            sample *= gain;
    }

    // A high pass of first order.
    private static void RemoveConstant(Span<double> samples, int sampleRate)
    {
        var pole = Math.Exp(-2 * Math.PI * HighPassHertz / sampleRate);
        var (before, output) = (0.0, 0.0);
        foreach (ref var sample in samples)
        {
            output = sample - before + (pole * output);
            before = sample;
            sample = output;
        }
    }

    private static void FadeOut(Span<double> samples, int length)
    {
        var part = samples[^Math.Min(length, samples.Length)..];
        for (var i = 0; i < part.Length; i++)
        {
            var left = (double)(part.Length - 1 - i) / part.Length;
            part[i] *= left * left * (3 - (2 * left));
        }
    }
}
