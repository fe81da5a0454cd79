using System.IO.Compression;
using System.Text;
using VoiceKit.Cepstra;
using VoiceKit.Features;
using VoiceKit.Files;
using VoiceKit.Numerics;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Features;

/// <summary>Every number of a feature file is checked before anything is made of it.</summary>
public class StoredFeaturesTests
{
    private const int Frames = 20;
    private const int Bins = 513;

    [Fact]
    public void Read_AsNumpyWritesIt_IsRead()
    {
        foreach (var type in (string[])["<f8", "<f4", "<f2"])
        {
            var features = Read(Arrays(type));
            Assert.Equal((16000, Frames, Bins), (features.SampleRate, features.F0.Count, features.Spectra!.Value.Envelope.Dimension));
            Assert.Equal(120, features.F0[3]);
            Assert.Equal(0.25, features.Spectra.Value.Envelope[2][7]);
            Assert.Null(features.Coded);
        }
    }

    [Theory]
    [InlineData("sample_rate", 1e9, "768000")]
    [InlineData("sample_rate", 999, "from 1000")]
    [InlineData("sample_rate", 16000.5, "whole number")]
    [InlineData("sample_rate", -16000, "from 1000")]
    [InlineData("frame_period", 5, "looks like milliseconds: this file counts in seconds")]
    [InlineData("frame_period", 100, "looks like milliseconds")]
    [InlineData("frame_period", 1e300, "0.0005 .. 0.1 s")]
    [InlineData("frame_period", 0, "0.0005 .. 0.1 s")]
    [InlineData("frame_period", -0.005, "0.0005 .. 0.1 s")]
    public void Read_NumberThatMakesNoSense_IsRefusedInWords(string name, double value, string reason)
    {
        var arrays = Arrays("<f4");
        arrays[name] = NpyArray.Scalar(value).ToBytes();
        Assert.Contains(reason, Assert.Throws<BadFileException>(() => Read(arrays)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ArraysThatMakeNoSense_AreRefused()
    {
        void Refused(string name, byte[]? array, string reason)
        {
            var arrays = Arrays("<f4");
            if (array is null)
                arrays.Remove(name);
            else
                arrays[name] = array;
            Assert.Contains(reason, Assert.Throws<BadFileException>(() => Read(arrays)).Message, StringComparison.Ordinal);
        }

        Refused("f0", NpyArray.Vector([.. Enumerable.Repeat(9000.0, Frames)]).ToBytes(), "half the sample rate");
        Refused("f0", NpyArray.Vector([.. Enumerable.Repeat(-1.0, Frames)]).ToBytes(), "not negative");
        Refused("f0", NpyArray.Vector([100]).ToBytes(), "numbers of frames");
        Refused("spectral_envelope", null, "there must be");
        Refused("spectral_envelope", Matrix("<f8", Bins, 1e30), "at most 1e20");
        Refused("f0", NpyArray.Vector([.. Enumerable.Repeat(0.01, Frames)]).ToBytes(), "below 10 Hz");
        Refused("spectral_envelope", Matrix("<f8", Bins, 0), "above 0");
        Refused("spectral_envelope", Matrix("<f8", Bins, 5e-324), "above 0");
        Refused("aperiodicity", Matrix("<f8", Bins, 1e30), "0 .. 1");
        Refused("aperiodicity", Matrix("<f8", Bins, -5), "0 .. 1");
        Refused("aperiodicity", Matrix("<f8", Bins - 1, 0.5), "2^n + 1");
    }

    [Fact]
    public void Read_FramesFarApartWithTinySpectra_AreRefused()
    {
        // 100 ms at 768 kHz are 76,800 samples a frame: a small file would become hours of sound.
        var arrays = Arrays("<f4");
        (arrays["sample_rate"], arrays["frame_period"]) = (NpyArray.Scalar(768000).ToBytes(), NpyArray.Scalar(0.1).ToBytes());
        (arrays["spectral_envelope"], arrays["aperiodicity"]) = (Matrix("<f8", 3, 0.25), Matrix("<f8", 3, 0.5));
        Assert.Contains("do not go with", Assert.Throws<BadFileException>(() => Read(arrays)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MoreSoundThanItsArraysDescribe_IsRefused()
    {
        // 27,000 frames of 0.1 s at 768 kHz would be 17 GB of samples.
        const int count = 27_000;
        var arrays = Coded(768000, 0.1, count);
        Assert.Contains("more sound than", Assert.Throws<BadFileException>(() => Read(arrays)).Message, StringComparison.Ordinal);
        arrays["frame_period"] = NpyArray.Scalar(0.0005).ToBytes();
        Assert.Equal(count, Read(arrays).F0.Count);
    }

    [Theory]
    [InlineData("alpha", -0.99, "at least 0")]
    [InlineData("alpha", 1, "below 1")]
    [InlineData("mel_cepstrum", 70, "larger than any sound's")]
    [InlineData("band_aperiodicity", 1e300, "-300 .. 0 dB")]
    [InlineData("band_aperiodicity", -1e300, "-300 .. 0 dB")]
    public void Read_CodedNumberThatMakesNoSense_IsRefused(string name, double value, string reason)
    {
        var arrays = Coded(16000, 0.005, Frames);
        Assert.NotNull(Read(arrays).Coded);
        arrays[name] = name switch
        {
            "alpha" => NpyArray.Scalar(value).ToBytes(),
            "mel_cepstrum" => NpyArray
                .Matrix(new VoiceKit.Numerics.Frames(Frames, 10, [.. Enumerable.Repeat(value, Frames * 10)]))
                .ToBytes(),
            _ => NpyArray.Matrix(new VoiceKit.Numerics.Frames(Frames, 1, [.. Enumerable.Repeat(value, Frames)])).ToBytes(),
        };
        Assert.Contains(reason, Assert.Throws<BadFileException>(() => Read(arrays)).Message, StringComparison.Ordinal);
        arrays["mel_cepstrum"] = NpyArray.Matrix(new FrameBuffer(Frames, 600)).ToBytes();
        Assert.Throws<BadFileException>(() => Read(arrays));
    }

    [Fact]
    public void Read_ArrayOfBytesThatWidensBeyondTheLimit_IsRefused()
    {
        // 30 MB of bytes, within what an archive may expand to, would be 240 MB of numbers.
        var arrays = Arrays("<f4");
        var header = NpyArray.Header([30_000_000], asFloat32: true);
        Encoding.ASCII.GetBytes("|u1").CopyTo(header, header.AsSpan().IndexOf("<f4"u8));
        arrays["f0"] = [.. header, .. new byte[30_000_000]];
        Assert.Contains("more than features", Assert.Throws<BadFileException>(() => Read(arrays)).Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait(SlowTests.Category, SlowTests.Slow)]
    public void Read_ArchiveThatExpandsAHundredfoldAndMore_IsRefusedInBoundedMemory()
    {
        var arrays = Arrays("<f4");
        arrays["f0"] = NpyArray.Vector(new double[40_000_000]).ToBytes();
        var bytes = Archive(arrays);
        arrays.Clear();
        Assert.InRange(bytes.Length, 0, 2 << 20);
        GC.Collect();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains(
            "expands beyond",
            Assert.Throws<BadFileException>(() => StoredFeatures.Read(new MemoryStream(bytes), "bomb")).Message,
            StringComparison.Ordinal
        );
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 * ((32L << 20) + (100L * bytes.Length)));
    }

    [Fact]
    public void Write_ChosenArrays_AreThoseOfTheFileAndEnoughToSynthesise()
    {
        using var folder = new VoiceFolder();
        var speech = folder.Speech("a.wav");
        CommandRun
            .InProcess("analyze", speech, "-o", folder["a.npz"], "--features", "f0,mel_cepstrum, band_aperiodicity", "--f0-method", "dio")
            .Ended(0);
        CommandRun.InProcess("analyze", speech, "-o", folder["all.npz"], "--f0-method", "dio").Ended(0);
        CommandRun.InProcess("analyze", speech, "-o", folder["double.npz"], "--float64", "--f0-method", "dio").Ended(0);
        using (var archive = ZipFile.OpenRead(folder["a.npz"]))
            Assert.Equal(
                ["f0.npy", "mel_cepstrum.npy", "band_aperiodicity.npy", "sample_rate.npy", "frame_period.npy", "alpha.npy"],
                archive.Entries.Select(entry => entry.FullName)
            );
        Assert.True(new FileInfo(folder["a.npz"]).Length < new FileInfo(folder["all.npz"]).Length / 10);
        Assert.Equal(["<f4", "<f8"], ((string[])["all.npz", "double.npz"]).Select(name => TypeOf(folder[name], "spectral_envelope")));
        Assert.Equal(["<f8", "<f8"], ((string[])["all.npz", "double.npz"]).Select(name => TypeOf(folder[name], "mel_cepstrum")));
        CommandRun.InProcess("synthesize", folder["a.npz"], "-o", folder["coded.wav"]).Ended(0);
        CommandRun.InProcess("synthesize", folder["all.npz"], "--from-mel-cepstrum", "-o", folder["again.wav"]).Ended(0);
        Assert.Equal(File.ReadAllBytes(folder["again.wav"]), File.ReadAllBytes(folder["coded.wav"]));
        Assert.Contains(
            "there is no such array",
            CommandRun.InProcess("analyze", speech, "-o", folder["b.npz"], "--features", "f0,pitch").Refused(2),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "missing",
            CommandRun
                .InProcess("synthesize", folder.Write("none.npz", Archive(Arrays("<f4"))), "--from-mel-cepstrum", "-o", folder["n.wav"])
                .Refused(3),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Synthesize_StandardInput_IsTheSameAsTheFile()
    {
        using var folder = new VoiceFolder();
        CommandRun.InProcess("analyze", folder.Speech("a.wav", length: 8000), "-o", folder["a.npz"], "--f0-method", "dio").Ended(0);
        CommandRun.InProcess("synthesize", folder["a.npz"], "-o", folder["a-again.wav"]).Ended(0);
        var (code, output, error) = CommandRun.Program(File.ReadAllBytes(folder["a.npz"]), "synthesize", "-", "-o", "-");
        Assert.True(code == 0, error);
        Assert.Equal(File.ReadAllBytes(folder["a-again.wav"]), output);
    }

    private static Dictionary<string, byte[]> Coded(int rate, double period, int count) =>
        new()
        {
            ["sample_rate"] = NpyArray.Scalar(rate).ToBytes(),
            ["frame_period"] = NpyArray.Scalar(period).ToBytes(),
            ["alpha"] = NpyArray.Scalar(0.5).ToBytes(),
            ["f0"] = NpyArray.Vector(new double[count]).ToBytes(),
            ["mel_cepstrum"] = NpyArray.Matrix(new FrameBuffer(count, 10)).ToBytes(),
            ["band_aperiodicity"] = NpyArray.Matrix(new FrameBuffer(count, BandAperiodicity.BandCountFor(rate))).ToBytes(),
        };

    private static StoredFeatures Read(Dictionary<string, byte[]> arrays) => StoredFeatures.Read(new MemoryStream(Archive(arrays)), "test");

    private static Dictionary<string, byte[]> Arrays(string type) =>
        new()
        {
            ["f0"] = NpyArray.Vector([.. Enumerable.Repeat(120.0, Frames)]).ToBytes(),
            ["spectral_envelope"] = Matrix(type, Bins, 0.25),
            ["aperiodicity"] = Matrix(type, Bins, 0.5),
            ["sample_rate"] = NpyArray.Scalar(16000).ToBytes(),
            ["frame_period"] = NpyArray.Scalar(0.005).ToBytes(),
            ["alpha"] = NpyArray.Scalar(0.41).ToBytes(),
        };

    private static byte[] Matrix(string type, int bins, double value)
    {
        byte[] element = type switch
        {
            "<f2" => BitConverter.GetBytes((Half)value),
            "<f4" => BitConverter.GetBytes((float)value),
            _ => BitConverter.GetBytes(value),
        };
        var header = Encoding
            .ASCII.GetString(NpyArray.Header([Frames, bins], asFloat32: true)[10..])
            .Replace("<f4", type, StringComparison.Ordinal);
        return
        [
            .. NpyArray.Header([Frames, bins], asFloat32: true)[..10],
            .. Encoding.ASCII.GetBytes(header),
            .. Enumerable.Repeat(element, Frames * bins).SelectMany(item => item),
        ];
    }

    private static byte[] Archive(Dictionary<string, byte[]> arrays)
    {
        using var memory = new MemoryStream();
        using (var archive = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in arrays)
            {
                using var entry = archive.CreateEntry(name + ".npy").Open();
                entry.Write(bytes);
            }
        }

        return memory.ToArray();
    }

    private static string TypeOf(string path, string name)
    {
        using var archive = ZipFile.OpenRead(path);
        using var reader = new StreamReader(archive.GetEntry(name + ".npy")!.Open(), Encoding.Latin1);
        var header = new char[64];
        reader.ReadBlock(header);
        return new string(header).Split('\'')[3];
    }
}
