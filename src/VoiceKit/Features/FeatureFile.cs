using System.IO.Compression;
using System.Numerics;
using System.Numerics.Tensors;
using VoiceKit.Audio;
using VoiceKit.Cepstra;
using VoiceKit.Files;
using VoiceKit.Numerics;
using VoiceKit.Pitch;
using VoiceKit.Spectra;
using static System.FormattableString;

namespace VoiceKit.Features;

/// <summary>Writes features as .npz: named arrays that numpy.load reads. <see cref="StoredFeatures"/> reads them.</summary>
/// <remarks>
/// f0 [T], voiced [T], spectral_envelope [T, N / 2 + 1] (power), mel_cepstrum [T, m + 1], aperiodicity [T, N / 2 + 1] (0 .. 1),
/// band_aperiodicity [T, bands] (dB), mel_spectrogram [T', 80] (ln), mfcc [T', 13], and the numbers sample_rate, frame_period (s), alpha.
/// Spectra are float32, or float64 where that is asked for; the others are float64.
/// </remarks>
public static class FeatureFile
{
    private const int MaxShiftedFrames = 1000;
    private static readonly TimeSpan MelFrameLength = TimeSpan.FromMilliseconds(25);

    /// <summary>Writes features that are in memory.</summary>
    /// <param name="stream">Where to write.</param>
    /// <param name="analysis">The features.</param>
    /// <param name="waveform">The analysed signal, for its mel spectrogram; null leaves that and the MFCC out.</param>
    /// <param name="options">Which arrays; null for all.</param>
    public static void Write(Stream stream, SpeechAnalysis analysis, Waveform? waveform, FeatureFileOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(analysis);
        using var spool = new FeatureSpool(options ?? new FeatureFileOptions(), Path.GetTempPath());
        var features = analysis.Features;
        AppendFeatures(spool, features, 0, features.Count);
        spool.Append("spectral_envelope", analysis.Envelope);
        spool.Append("aperiodicity", analysis.Aperiodicity);
        if (waveform is not null)
            AppendMel(spool, AudioReader.Of(waveform), new RecordingPiece(0, 0, waveform.Length, waveform.Length), features.F0.FramePeriod);
        Finish(stream, spool, features);
    }

    /// <summary>
    /// Extracts the features of a recording to be written. A recording of more than 10 minutes is worked on in pieces that are cut in
    /// pauses (see
    /// <see cref="RecordingPieces"/>): memory does not grow with it, and the temporary folder holds the arrays as they come.
    /// </summary>
    /// <param name="recording">The recording, at least one sample.</param>
    /// <param name="extractor">The extractor.</param>
    /// <param name="temporaryFolder">An existing folder for what is too large for memory.</param>
    /// <param name="options">Which arrays; null for all.</param>
    /// <param name="progress">Receives the part that is done, 0 .. 1.</param>
    /// <param name="cancellation">Ends the work between two pieces.</param>
    /// <exception cref="ArgumentException">The recording is empty, or its sample rate is below 1000 Hz.</exception>
    /// <exception cref="IOException">Something cannot be written.</exception>
    public static ExtractedFeatures Extract(
        AudioReader recording,
        FeatureExtractor extractor,
        string temporaryFolder,
        FeatureFileOptions? options = null,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(recording);
        ArgumentNullException.ThrowIfNull(extractor);
        if (recording.Length == 0)
            throw new ArgumentException("There are no samples.", nameof(recording));
        FeatureExtractor.RequireRate(recording.SampleRate);
        var period = extractor.Options.FramePeriod;
        var frameShift = period.TotalSeconds * recording.SampleRate;
        var count = F0Contour.FrameCount(recording.Length, recording.SampleRate, period);
        var range = RecordingPieces.IsWhole(recording)
            ? null
            : extractor.Options.F0Range ?? F0RangeFinder.TryFind(recording, cancellation) ?? F0Range.Speech;
        var spool = new FeatureSpool(options ?? new FeatureFileOptions(), temporaryFolder);
        try
        {
            return new ExtractedFeatures(spool, Collect(spool));
        }
        catch
        {
            spool.Dispose();
            throw;
        }

        SpeechFeatures Collect(FeatureSpool spool)
        {
            SpeechFeatures? features = null;
            foreach (var piece in RecordingPieces.Of(recording, WholeFrames(frameShift)))
            {
                cancellation.ThrowIfCancellationRequested();
                var spectra = extractor.Begin(piece.Read(recording), range);
                features = spectra.Features;
                var first = Frame(piece.Start);
                var start = Frame(piece.Start - piece.From);
                var end = Math.Min(start + (piece.End == recording.Length ? count : Frame(piece.End)) - first, features.Count);
                AppendFeatures(spool, features, start, end - start);
                if (spool.Wants("spectral_envelope") || spool.Wants("aperiodicity"))
                    AppendSpectra(spool, spectra, start, end);
                AppendMel(spool, recording, piece, period);
                progress?.Report((double)piece.End / recording.Length);
            }

            return features!;
        }

        int Frame(long sample) => (int)Math.Round(sample / frameShift);
    }

    /// <summary>Writes mel_spectrogram [T, M] as float32, and the numbers sample_rate and frame_period (s).</summary>
    /// <param name="stream">Where to write.</param>
    /// <param name="mel">The mel spectrogram, [T, M].</param>
    /// <param name="sampleRate">The signal's sampling frequency in Hz.</param>
    /// <param name="framePeriod">The time from one frame to the next.</param>
    public static void WriteMel(Stream stream, Frames mel, int sampleRate, TimeSpan framePeriod)
    {
        ArgumentNullException.ThrowIfNull(mel);
        using var spool = new FeatureSpool(new FeatureFileOptions(), Path.GetTempPath());
        spool.Append("mel_spectrogram", mel);
        spool.WriteTo(stream, ("sample_rate", sampleRate), ("frame_period", framePeriod.TotalSeconds));
    }

    /// <summary>Counts the mel filters of a feature file, of 80, that are empty at a sampling frequency in Hz.</summary>
    /// <param name="sampleRate">The sampling frequency in Hz.</param>
    /// <param name="framePeriod">The time from one frame to the next.</param>
    public static int EmptyMelFilters(int sampleRate, TimeSpan framePeriod) =>
        new MelSpectrogram(sampleRate, MelOptions(sampleRate, framePeriod)).Filterbank.EmptyFilterCount;

    /// <summary>The smallest number of samples, if it is not large, that is a whole number of frames.</summary>
    private static int WholeFrames(double frameShift)
    {
        var frames = Enumerable
            .Range(1, MaxShiftedFrames)
            .FirstOrDefault(number => Math.Abs((number * frameShift) - Math.Round(number * frameShift)) < 1e-6);
        return Math.Max(1, (int)Math.Round(Math.Max(1, frames) * frameShift));
    }

    private static void AppendFeatures(FeatureSpool spool, SpeechFeatures features, int start, int count)
    {
        var f0 = features.F0.Values.Slice(start, count);
        spool.Append("f0", f0);
        if (spool.Wants("voiced"))
            spool.Append("voiced", Array.ConvertAll(f0.ToArray(), value => value > 0 ? 1.0 : 0));
        spool.Append("mel_cepstrum", features.MelCepstrum.Slice(start, count));
        spool.Append("band_aperiodicity", features.Aperiodicity.Slice(start, count));
    }

    private static void AppendSpectra(FeatureSpool spool, UtteranceSpectra spectra, int start, int end)
    {
        var first = 0;
        foreach (var (envelope, aperiodicity) in spectra.Pieces())
        {
            var (from, to) = (Math.Max(start, first) - first, Math.Min(end, first + envelope.Count) - first);
            if (from < to)
            {
                spool.Append("spectral_envelope", envelope.Slice(from, to - from));
                spool.Append("aperiodicity", aperiodicity.Slice(from, to - from));
            }

            first += envelope.Count;
        }
    }

    /// <summary>
    /// Appends the mel frames whose centres lie in a piece; each is computed from the sound around it, whatever the piece.
    /// </summary>
    private static void AppendMel(FeatureSpool spool, AudioReader recording, RecordingPiece piece, TimeSpan framePeriod)
    {
        if (recording.Length == 0 || (!spool.Wants("mel_spectrogram") && !spool.Wants("mfcc")))
            return;
        var options = MelOptions(recording.SampleRate, framePeriod);
        var mel = new MelSpectrogram(recording.SampleRate, options);
        var shift = options.Transform.FrameShift;
        var around = (options.Transform.FrameLength / shift) + 2;
        var (first, end) = (
            (piece.Start + shift - 1) / shift,
            piece.End == recording.Length ? (piece.End / shift) + 1 : (piece.End + shift - 1) / shift
        );
        var from = Math.Max(0, first - around);
        var waveform = recording.Read(from * shift, (int)((end + around - from) * shift));
        var (start, count) = ((int)(first - from), (int)(end - first));
        if (spool.Wants("mel_spectrogram"))
            spool.Append("mel_spectrogram", mel.Compute(waveform).Slice(start, count));
        if (spool.Wants("mfcc"))
            spool.Append(
                "mfcc",
                new MelFrequencyCepstrum(recording.SampleRate, new MelFrequencyCepstrumOptions { Spectrogram = options })
                    .Compute(waveform)
                    .Slice(start, count)
            );
    }

    private static MelSpectrogramOptions MelOptions(int sampleRate, TimeSpan framePeriod) =>
        new() { Transform = ShortTimeFourierOptions.OfTimes(sampleRate, MelFrameLength, framePeriod), Logarithm = true };

    internal static void Finish(Stream stream, FeatureSpool spool, SpeechFeatures features) =>
        spool.WriteTo(
            stream,
            ("sample_rate", features.SampleRate),
            ("frame_period", features.F0.FramePeriod.TotalSeconds),
            ("alpha", features.Alpha)
        );
}

/// <summary>Features of a recording, ready to be written.</summary>
public sealed class ExtractedFeatures : IDisposable
{
    private readonly FeatureSpool spool;
    private readonly SpeechFeatures last;

    internal ExtractedFeatures(FeatureSpool spool, SpeechFeatures last) => (this.spool, this.last) = (spool, last);

    /// <summary>Writes the .npz.</summary>
    /// <param name="stream">Where to.</param>
    public void Write(Stream stream) => FeatureFile.Finish(stream, spool, last);

    /// <summary>Deletes what was set aside.</summary>
    public void Dispose() => spool.Dispose();
}

/// <summary>The settings of <see cref="FeatureFile"/>.</summary>
public sealed record FeatureFileOptions
{
    /// <summary>Gets the names of all arrays, in the order of the file.</summary>
    public static IReadOnlyList<string> AllFeatures { get; } =
    ["f0", "voiced", "spectral_envelope", "mel_cepstrum", "aperiodicity", "band_aperiodicity", "mel_spectrogram", "mfcc"];

    /// <summary>
    /// Gets or sets the arrays to write, of <see cref="AllFeatures"/>; all by default. The numbers sample_rate, frame_period and alpha are
    /// always written.
    /// </summary>
    public IReadOnlyCollection<string> Features { get; init; } = AllFeatures;

    /// <summary>
    /// Gets or sets whether spectra (spectral_envelope, aperiodicity, mel_spectrogram, mfcc) are float64 as the rest is; else, by default,
    /// float32.
    /// </summary>
    public bool IsDoublePrecision { get; init; }

    internal bool Wants(string name) => Features.Contains(name);

    internal bool IsSingle(string name) =>
        !IsDoublePrecision && name is ("spectral_envelope" or "aperiodicity" or "mel_spectrogram" or "mfcc");
}

/// <summary>The content of a feature file that a vocoder needs: F0, with whole spectra, coded ones, or both.</summary>
/// <param name="SampleRate">The sampling frequency of the analysed signal in Hz, 1000 .. 768000.</param>
/// <param name="F0">F0, [T].</param>
/// <param name="Spectra">The power envelope and the aperiodicity, [T, N / 2 + 1]; null where the file lacks one of them.</param>
/// <param name="Coded">Mel-cepstra and band aperiodicity; null where the file lacks one of them.</param>
public sealed record StoredFeatures(int SampleRate, F0Contour F0, (Frames Envelope, Frames Aperiodicity)? Spectra, SpeechFeatures? Coded)
{
    private const double MaxPower = 1e20;
    private const double MinPower = 1e-40;
    private const double MaxLogGain = 60;
    private const double MinF0 = 10;
    private const double MinAperiodicityDb = -300;
    private const int MaxOrder = 256;

    // Frames further apart than this many transforms would make hours of sound of a small file.
    private const int MaxTransformsAFrame = 16;

    // Whatever rate and period claim, sound takes no more than this beside the arrays. Real features have at most one sample a byte, at the
    // highest rates a few.
    private const long FreeSamples = 16 << 20;
    private const long MaxSamplesAByte = 4;

    /// <summary>Reads a file that <see cref="FeatureFile"/> (or numpy) wrote.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="BadFileException">The file is cut off, an array is missing, does not fit the others, or holds numbers that make no
    /// sense.</exception>
    public static StoredFeatures Read(string path)
    {
        using var stream = InputFile.Open(path);
        return Read(stream, path);
    }

    /// <summary>Reads a file from a stream; one that cannot seek is first read into memory.</summary>
    /// <param name="stream">The bytes.</param>
    /// <param name="name">What to call the stream in errors.</param>
    /// <exception cref="BadFileException">See <see cref="Read(string)"/>.</exception>
    public static StoredFeatures Read(Stream stream, string name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (!stream.CanSeek)
        {
            using var memory = new MemoryStream();
            stream.CopyTo(memory);
            return Read(memory, name);
        }

        try
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            return Assemble(new ArrayArchive(archive, stream.Length));
        }
        catch (Exception exception) when (exception is InvalidDataException or ArgumentException or OverflowException)
        {
            throw new BadFileException(name, null, $"these are no features: {exception.Message}", exception);
        }
    }

    private static StoredFeatures Assemble(ArrayArchive archive)
    {
        var rate = archive.Number("sample_rate");
        Require(
            rate is >= FeatureExtractor.MinSampleRate and <= WaveFormat.MaxSampleRate && Math.Truncate(rate) == rate,
            Invariant($"sample_rate is {rate}; it must be a whole number of Hz from {FeatureExtractor.MinSampleRate} to ")
                + Invariant($"{WaveFormat.MaxSampleRate}")
        );
        var period = archive.Number("frame_period");
        Require(
            period is not (>= 0.5 and <= 100),
            Invariant($"frame_period is {period}, which looks like milliseconds: this file counts in seconds, such as 0.005")
        );
        Require(period is >= 0.0005 and <= 0.1, Invariant($"frame_period is {period} s; it must be 0.0005 .. 0.1 s"));
        var f0 = new F0Contour(archive.Load("f0").Values, TimeSpan.FromSeconds(period));
        Require(f0.Count > 0, "there are no frames");
        Require(TensorPrimitives.Max(f0.Values) <= rate / 2, "an F0 is above half the sample rate");
        foreach (var value in f0.Values)
            Require(value is 0 or >= MinF0, "an F0 is below 10 Hz; 0 stands for unvoiced");
        var spectra =
            archive.Has("spectral_envelope") && archive.Has("aperiodicity")
                ? Spectral(archive, f0.Count, rate * period)
                : ((Frames, Frames)?)null;
        var coded = archive.Has("mel_cepstrum") && archive.Has("band_aperiodicity") ? Cepstral(archive, (int)rate, f0) : null;
        var samples = f0.Count * period * rate;
        Require(
            samples < FreeSamples + (MaxSamplesAByte * archive.BytesTaken) && samples < Array.MaxLength,
            Invariant($"{f0.Count} frames of {period} s at {rate} Hz are more sound than arrays of this size describe")
        );
        Require(
            spectra is not null || coded is not null,
            "there must be spectral_envelope and aperiodicity, or mel_cepstrum and band_aperiodicity"
        );
        return new StoredFeatures((int)rate, f0, spectra, coded);
    }

    private static (Frames Envelope, Frames Aperiodicity) Spectral(ArrayArchive archive, int count, double frameShift)
    {
        var (envelope, aperiodicity) = (archive.Matrix("spectral_envelope"), archive.Matrix("aperiodicity"));
        Require(envelope.Count == count && aperiodicity.Count == count, "the arrays have different numbers of frames");
        Require(
            BitOperations.IsPow2(envelope.Dimension - 1) && aperiodicity.Dimension == envelope.Dimension && envelope.Dimension >= 3,
            "the spectra must have the same 2^n + 1 bins"
        );
        Require(
            TensorPrimitives.Min<double>(envelope.Values) >= MinPower && TensorPrimitives.Max<double>(envelope.Values) <= MaxPower,
            "the spectral envelope must be above 0 (1e-40), and at most 1e20"
        );
        Require(
            TensorPrimitives.Min<double>(aperiodicity.Values) >= 0 && TensorPrimitives.Max<double>(aperiodicity.Values) <= 1.001,
            "the aperiodicity must be 0 .. 1"
        );
        Require(
            frameShift <= 2.0 * MaxTransformsAFrame * envelope.Dimension,
            Invariant($"frames {frameShift:0} samples apart do not go with spectra of {envelope.Dimension} bins")
        );
        return (envelope, aperiodicity);
    }

    private static SpeechFeatures Cepstral(ArrayArchive archive, int rate, F0Contour f0)
    {
        var (alpha, melCepstrum) = (archive.Number("alpha"), archive.Matrix("mel_cepstrum"));
        Require(alpha is >= 0 and < 1, Invariant($"alpha is {alpha}; it must be at least 0, and below 1"));
        Require(
            melCepstrum.Dimension is >= 2 and <= MaxOrder + 1,
            Invariant($"the mel-cepstra have {melCepstrum.Dimension} coefficients; there must be 2 .. {MaxOrder + 1}")
        );
        for (var t = 0; t < melCepstrum.Count; t++)
            Require(
                TensorPrimitives.SumOfMagnitudes<double>(melCepstrum[t]) <= MaxLogGain,
                $"the mel-cepstrum of frame {t} is larger than any sound's"
            );
        var bands = archive.Matrix("band_aperiodicity");
        var expected = BandAperiodicity.BandCountFor(rate);
        Require(bands.Dimension == expected, $"band_aperiodicity has {bands.Dimension} bands; at {rate} Hz there are {expected}");
        Require(
            TensorPrimitives.Min<double>(bands.Values) >= MinAperiodicityDb && TensorPrimitives.Max<double>(bands.Values) <= 1,
            "band_aperiodicity must be -300 .. 0 dB"
        );
        return new SpeechFeatures(rate, f0, melCepstrum, alpha, bands);
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
            throw new InvalidDataException(what);
    }
}
