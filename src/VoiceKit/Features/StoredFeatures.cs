using System.IO.Compression;
using System.Numerics;
using System.Numerics.Tensors;
using VoiceKit.Audio;
using VoiceKit.Files;
using VoiceKit.Numerics;
using VoiceKit.Pitch;
using static System.FormattableString;

namespace VoiceKit.Features;

/// <summary>What a vocoder needs of a feature file: F0, with whole spectra, coded ones, or both.</summary>
/// <param name="SampleRate">The sampling frequency of the analysed signal in Hz, 1000 .. 768000.</param>
/// <param name="F0">F0, [T].</param>
/// <param name="Spectra">The power envelope and the aperiodicity, [T, N / 2 + 1]; null where the file lacks one of them.</param>
/// <param name="Coded">Mel-cepstra and band aperiodicity; null where the file lacks one of them.</param>
public sealed record StoredFeatures(int SampleRate, F0Contour F0, (Frames Envelope, Frames Aperiodicity)? Spectra, SpeechFeatures? Coded)
{
    private const double LargestPower = 1e20;
    private const double SmallestPower = 1e-40;
    private const double LargestLogGain = 60;
    private const double LowestF0 = 10;
    private const double LowestAperiodicityDb = -300;
    private const int LargestOrder = 256;

    // Frames further apart than this many transforms would make hours of sound of a small file.
    private const int MostTransformsAFrame = 16;

    // Whatever rate and period claim, sound takes no more than this beside the arrays. Real features have at most one sample a byte, at the highest rates a few.
    private const long FreeSamples = 16 << 20;
    private const long MostSamplesAByte = 4;

    /// <summary>Reads a file that <see cref="FeatureFile"/> (or numpy) wrote.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="BadFileException">The file is cut off, an array is missing, does not fit the others, or holds numbers that make no sense.</exception>
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
        Require(rate is >= FeatureExtractor.LowestSampleRate and <= WaveFormat.HighestSampleRate && Math.Truncate(rate) == rate, Invariant($"sample_rate is {rate}; it must be a whole number of Hz from {FeatureExtractor.LowestSampleRate} to {WaveFormat.HighestSampleRate}"));
        var period = archive.Number("frame_period");
        Require(period is not (>= 0.5 and <= 100), Invariant($"frame_period is {period}, which looks like milliseconds: this file counts in seconds, such as 0.005"));
        Require(period is >= 0.0005 and <= 0.1, Invariant($"frame_period is {period} s; it must be 0.0005 .. 0.1 s"));
        var f0 = new F0Contour(archive.Load("f0").Values, TimeSpan.FromSeconds(period));
        Require(f0.Count > 0, "there are no frames");
        Require(TensorPrimitives.Max(f0.Values) <= rate / 2, "an F0 is above half the sample rate");
        foreach (var value in f0.Values)
            Require(value is 0 or >= LowestF0, "an F0 is below 10 Hz; 0 stands for unvoiced");
        var spectra = archive.Has("spectral_envelope") && archive.Has("aperiodicity") ? Spectral(archive, f0.Count, rate * period) : ((Frames, Frames)?)null;
        var coded = archive.Has("mel_cepstrum") && archive.Has("band_aperiodicity") ? Cepstral(archive, (int)rate, f0) : null;
        var samples = f0.Count * period * rate;
        Require(samples < FreeSamples + (MostSamplesAByte * archive.BytesTaken) && samples < Array.MaxLength, Invariant($"{f0.Count} frames of {period} s at {rate} Hz are more sound than arrays of this size describe"));
        Require(spectra is not null || coded is not null, "there must be spectral_envelope and aperiodicity, or mel_cepstrum and band_aperiodicity");
        return new StoredFeatures((int)rate, f0, spectra, coded);
    }

    private static (Frames Envelope, Frames Aperiodicity) Spectral(ArrayArchive archive, int count, double frameShift)
    {
        var (envelope, aperiodicity) = (archive.Matrix("spectral_envelope"), archive.Matrix("aperiodicity"));
        Require(envelope.Count == count && aperiodicity.Count == count, "the arrays have different numbers of frames");
        Require(BitOperations.IsPow2(envelope.Dimension - 1) && aperiodicity.Dimension == envelope.Dimension && envelope.Dimension >= 3, "the spectra must have the same 2^n + 1 bins");
        Require(TensorPrimitives.Min<double>(envelope.Values) >= SmallestPower && TensorPrimitives.Max<double>(envelope.Values) <= LargestPower, "the spectral envelope must be above 0 (1e-40), and at most 1e20");
        Require(TensorPrimitives.Min<double>(aperiodicity.Values) >= 0 && TensorPrimitives.Max<double>(aperiodicity.Values) <= 1.001, "the aperiodicity must be 0 .. 1");
        Require(frameShift <= 2.0 * MostTransformsAFrame * envelope.Dimension, Invariant($"frames {frameShift:0} samples apart do not go with spectra of {envelope.Dimension} bins"));
        return (envelope, aperiodicity);
    }

    private static SpeechFeatures Cepstral(ArrayArchive archive, int rate, F0Contour f0)
    {
        var (alpha, melCepstrum) = (archive.Number("alpha"), archive.Matrix("mel_cepstrum"));
        Require(alpha is >= 0 and < 1, Invariant($"alpha is {alpha}; it must be at least 0, and below 1"));
        Require(melCepstrum.Dimension is >= 2 and <= LargestOrder + 1, Invariant($"the mel-cepstra have {melCepstrum.Dimension} coefficients; there must be 2 .. {LargestOrder + 1}"));
        for (var t = 0; t < melCepstrum.Count; t++)
            Require(TensorPrimitives.SumOfMagnitudes<double>(melCepstrum[t]) <= LargestLogGain, $"the mel-cepstrum of frame {t} is larger than any sound's");
        var bands = archive.Matrix("band_aperiodicity");
        var expected = Aperiodicity.BandAperiodicity.BandCountFor(rate);
        Require(bands.Dimension == expected, $"band_aperiodicity has {bands.Dimension} bands; at {rate} Hz there are {expected}");
        Require(TensorPrimitives.Min<double>(bands.Values) >= LowestAperiodicityDb && TensorPrimitives.Max<double>(bands.Values) <= 1, "band_aperiodicity must be -300 .. 0 dB");
        return new SpeechFeatures(rate, f0, melCepstrum, alpha, bands);
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
            throw new InvalidDataException(what);
    }
}
