using System.IO.Compression;
using VoiceKit.Audio;
using VoiceKit.Files;
using VoiceKit.Numerics;
using VoiceKit.Pitch;
using VoiceKit.Spectra;

namespace VoiceKit.Features;

/// <summary>Features as .npz: named arrays that numpy.load reads. Names and shapes are listed in <see cref="Write"/>.</summary>
public static class FeatureFile
{
    // The zip format wants a time; a fixed one keeps equal features equal bytes.
    private static readonly DateTimeOffset Timestamp = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan MelFrameLength = TimeSpan.FromMilliseconds(25);

    /// <summary>
    /// Writes f0 [T], voiced [T], spectral_envelope [T, N / 2 + 1] (power), mel_cepstrum [T, m + 1], aperiodicity [T, N / 2 + 1] (0 .. 1),
    /// band_aperiodicity [T, bands] (dB), mel_spectrogram [T, 80] (ln), mfcc [T, 13], and the numbers sample_rate, frame_period (s), alpha.
    /// Spectra are float32, the others float64.
    /// </summary>
    /// <param name="stream">Where to write.</param>
    /// <param name="analysis">The features.</param>
    /// <param name="waveform">The analysed signal, for its mel spectrogram; null leaves that and the MFCC out.</param>
    public static void Write(Stream stream, SpeechAnalysis analysis, Waveform? waveform)
    {
        ArgumentNullException.ThrowIfNull(analysis);
        var features = analysis.Features;
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        Add(archive, "f0", NpyArray.Vector(features.F0.Values));
        Add(archive, "voiced", NpyArray.Vector(Array.ConvertAll(features.F0.Values.ToArray(), f0 => f0 > 0 ? 1.0 : 0)));
        Add(archive, "spectral_envelope", NpyArray.Matrix(analysis.Envelope), asFloat32: true);
        Add(archive, "mel_cepstrum", NpyArray.Matrix(features.MelCepstrum));
        Add(archive, "aperiodicity", NpyArray.Matrix(analysis.Aperiodicity), asFloat32: true);
        Add(archive, "band_aperiodicity", NpyArray.Matrix(features.Aperiodicity));
        if (waveform is not null)
        {
            var transform = ShortTimeFourierOptions.OfTimes(waveform.SampleRate, MelFrameLength, features.F0.FramePeriod);
            var mel = new MelSpectrogramOptions { Transform = transform, Logarithm = true };
            Add(archive, "mel_spectrogram", NpyArray.Matrix(new MelSpectrogram(waveform.SampleRate, mel).Compute(waveform)), asFloat32: true);
            var mfcc = new MelFrequencyCepstrumOptions { Spectrogram = mel };
            Add(archive, "mfcc", NpyArray.Matrix(new MelFrequencyCepstrum(waveform.SampleRate, mfcc).Compute(waveform)), asFloat32: true);
        }

        Add(archive, "sample_rate", NpyArray.Scalar(features.SampleRate));
        Add(archive, "frame_period", NpyArray.Scalar(features.F0.FramePeriod.TotalSeconds));
        Add(archive, "alpha", NpyArray.Scalar(features.Alpha));
    }

    /// <summary>Writes mel_spectrogram [T, M] as float32, and the numbers sample_rate and frame_period (s).</summary>
    /// <param name="stream">Where to write.</param>
    /// <param name="mel">The mel spectrogram, [T, M].</param>
    /// <param name="sampleRate">The signal's sampling frequency in Hz.</param>
    /// <param name="framePeriod">The time from one frame to the next.</param>
    public static void WriteMel(Stream stream, Frames mel, int sampleRate, TimeSpan framePeriod)
    {
        ArgumentNullException.ThrowIfNull(mel);
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        Add(archive, "mel_spectrogram", NpyArray.Matrix(mel), asFloat32: true);
        Add(archive, "sample_rate", NpyArray.Scalar(sampleRate));
        Add(archive, "frame_period", NpyArray.Scalar(framePeriod.TotalSeconds));
    }

    /// <summary>Reads what a vocoder needs of a file that <see cref="Write"/> (or numpy) wrote.</summary>
    /// <exception cref="BadFileException">The file is cut off, an array is missing or does not fit the others.</exception>
    public static SpeechAnalysis Read(string path)
    {
        using var stream = InputFile.Open(path);
        try
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Read);
            CheckNames(archive);
            var framePeriod = TimeSpan.FromSeconds(Load(archive, "frame_period").Values[0]);
            var f0 = new F0Contour(Load(archive, "f0").Values, framePeriod);
            var features = new SpeechFeatures(
                (int)Load(archive, "sample_rate").Values[0],
                f0,
                LoadFrames(archive, "mel_cepstrum"),
                Load(archive, "alpha").Values[0],
                LoadFrames(archive, "band_aperiodicity"));
            var envelope = LoadFrames(archive, "spectral_envelope");
            var aperiodicity = LoadFrames(archive, "aperiodicity");
            if (envelope.Count != f0.Count || aperiodicity.Count != f0.Count || f0.Count == 0)
                throw new InvalidDataException("the arrays have different numbers of frames, or none");
            if (!System.Numerics.BitOperations.IsPow2(envelope.Dimension - 1) || aperiodicity.Dimension != envelope.Dimension || envelope.Dimension < 3)
                throw new InvalidDataException("the spectra must have the same 2^n + 1 bins");
            if (features.SampleRate < 1 || System.Numerics.Tensors.TensorPrimitives.Min<double>(envelope.Values) <= 0)
                throw new InvalidDataException("the sample rate and the spectral envelope must be positive");
            return new SpeechAnalysis(features, envelope, aperiodicity);
        }
        catch (Exception exception) when (exception is InvalidDataException or ArgumentException or OverflowException)
        {
            throw new BadFileException(path, null, $"these are no features: {exception.Message}", exception);
        }
    }

    private static void Add(ZipArchive archive, string name, NpyArray array, bool asFloat32 = false)
    {
        var entry = archive.CreateEntry(name + ".npy", CompressionLevel.Fastest);
        entry.LastWriteTime = Timestamp;
        using var stream = entry.Open();
        stream.Write(array.ToBytes(asFloat32));
    }

    /// <summary>An .npz holds arrays under plain names, each once: anything else is damage or an attempt to mislead another reader.</summary>
    private static void CheckNames(ZipArchive archive)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in archive.Entries)
        {
            if (entry.FullName != entry.Name || entry.Name.Contains('\\', StringComparison.Ordinal) || !entry.Name.EndsWith(".npy", StringComparison.Ordinal))
                throw new InvalidDataException($"the entry '{entry.FullName}' is no array");
            if (!names.Add(entry.Name))
                throw new InvalidDataException($"the entry '{entry.Name}' is there twice");
        }
    }

    private static NpyArray Load(ZipArchive archive, string name)
    {
        var entry = archive.GetEntry(name + ".npy") ?? throw new InvalidDataException($"the array '{name}' is missing");

        // The announced length is a claim: the bytes are counted as they come, and a small file that expands beyond reason is refused.
        if (entry.Length > Math.Max(1 << 20, 1100 * entry.CompressedLength))
            throw new InvalidDataException($"the array '{name}' claims to expand beyond what its compression can do");
        using var stream = entry.Open();
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        var bytes = memory.ToArray();
        if (Crc32.Of(bytes) != entry.Crc32)
            throw new InvalidDataException($"the array '{name}' is damaged: its checksum is wrong");
        var array = NpyArray.Parse(bytes);
        return array.Values.Length > 0 && Array.TrueForAll(array.Values, double.IsFinite)
            ? array
            : throw new InvalidDataException($"the array '{name}' is empty or holds values that are not finite");
    }

    private static Frames LoadFrames(ZipArchive archive, string name)
    {
        var array = Load(archive, name);
        return array.Shape.Count == 2 ? new Frames(array.Shape[0], array.Shape[1], array.Values) : throw new InvalidDataException($"the array '{name}' is no matrix");
    }
}
