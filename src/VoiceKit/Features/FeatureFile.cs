using VoiceKit.Audio;
using VoiceKit.Numerics;
using VoiceKit.Pitch;
using VoiceKit.Spectra;

namespace VoiceKit.Features;

/// <summary>Writes features as .npz: named arrays that numpy.load reads. <see cref="StoredFeatures"/> reads them.</summary>
/// <remarks>
/// f0 [T], voiced [T], spectral_envelope [T, N / 2 + 1] (power), mel_cepstrum [T, m + 1], aperiodicity [T, N / 2 + 1] (0 .. 1), band_aperiodicity [T, bands] (dB),
/// mel_spectrogram [T', 80] (ln), mfcc [T', 13], and the numbers sample_rate, frame_period (s), alpha. Spectra are float32, or float64 where that is asked for; the others are float64.
/// </remarks>
public static class FeatureFile
{
    private const int MostShiftedFrames = 1000;
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
    /// Extracts the features of a recording to be written. A recording of more than 10 minutes is worked on in pieces that are cut in pauses (see
    /// <see cref="RecordingPieces"/>): memory does not grow with it, and the temporary folder holds the arrays as they come.
    /// </summary>
    /// <param name="recording">The recording, at least one sample.</param>
    /// <param name="extractor">The extractor.</param>
    /// <param name="temporaryFolder">An existing folder for what is too large for memory.</param>
    /// <param name="options">Which arrays; null for all.</param>
    /// <param name="progress">Receives the share that is done.</param>
    /// <param name="cancellation">Ends the work between two pieces.</param>
    /// <exception cref="ArgumentException">The recording is empty, or its sample rate is below 1000 Hz.</exception>
    /// <exception cref="IOException">Something cannot be written.</exception>
    public static ExtractedFeatures Extract(
        AudioReader recording, FeatureExtractor extractor, string temporaryFolder, FeatureFileOptions? options = null, Action<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(recording);
        ArgumentNullException.ThrowIfNull(extractor);
        if (recording.Length == 0)
            throw new ArgumentException("There are no samples.", nameof(recording));
        FeatureExtractor.RequireRate(recording.SampleRate);
        var period = extractor.Options.FramePeriod;
        var frameShift = period.TotalSeconds * recording.SampleRate;
        var count = F0Contour.FrameCount(recording.Length, recording.SampleRate, period);
        var range = RecordingPieces.IsWhole(recording) ? null : extractor.Options.F0Range ?? F0RangeFinder.TryFind(recording, cancellation) ?? F0Range.Speech;
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
                progress?.Invoke((double)piece.End / recording.Length);
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

    /// <summary>How many of the 80 mel filters of a feature file are empty at a sampling frequency in Hz.</summary>
    public static int EmptyMelFilters(int sampleRate, TimeSpan framePeriod) => new MelSpectrogram(sampleRate, MelOptions(sampleRate, framePeriod)).Filterbank.EmptyFilterCount;

    /// <summary>The smallest number of samples, if it is not large, that is a whole number of frames.</summary>
    private static int WholeFrames(double frameShift)
    {
        var frames = Enumerable.Range(1, MostShiftedFrames).FirstOrDefault(number => Math.Abs((number * frameShift) - Math.Round(number * frameShift)) < 1e-6);
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

    /// <summary>Appends the mel frames whose centres lie in a piece; each is computed from the sound around it, whatever the piece.</summary>
    private static void AppendMel(FeatureSpool spool, AudioReader recording, RecordingPiece piece, TimeSpan framePeriod)
    {
        if (recording.Length == 0 || (!spool.Wants("mel_spectrogram") && !spool.Wants("mfcc")))
            return;
        var options = MelOptions(recording.SampleRate, framePeriod);
        var mel = new MelSpectrogram(recording.SampleRate, options);
        var shift = options.Transform.FrameShift;
        var around = (options.Transform.FrameLength / shift) + 2;
        var (first, end) = ((piece.Start + shift - 1) / shift, piece.End == recording.Length ? (piece.End / shift) + 1 : (piece.End + shift - 1) / shift);
        var from = Math.Max(0, first - around);
        var waveform = recording.Read(from * shift, (int)((end + around - from) * shift));
        var (start, count) = ((int)(first - from), (int)(end - first));
        if (spool.Wants("mel_spectrogram"))
            spool.Append("mel_spectrogram", mel.Compute(waveform).Slice(start, count));
        if (spool.Wants("mfcc"))
            spool.Append("mfcc", new MelFrequencyCepstrum(recording.SampleRate, new MelFrequencyCepstrumOptions { Spectrogram = options }).Compute(waveform).Slice(start, count));
    }

    private static MelSpectrogramOptions MelOptions(int sampleRate, TimeSpan framePeriod) =>
        new() { Transform = ShortTimeFourierOptions.OfTimes(sampleRate, MelFrameLength, framePeriod), Logarithm = true };

    internal static void Finish(Stream stream, FeatureSpool spool, SpeechFeatures features) =>
        spool.WriteTo(stream, ("sample_rate", features.SampleRate), ("frame_period", features.F0.FramePeriod.TotalSeconds), ("alpha", features.Alpha));
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
