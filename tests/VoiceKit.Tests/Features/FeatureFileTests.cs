using VoiceKit.Features;
using VoiceKit.Files;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Features;

public class FeatureFileTests
{
    [Fact]
    public void Read_OfWrite_IsTheSame()
    {
        var waveform = Golden.Input("slt_01");
        var analysis = new FeatureExtractor().Analyze(waveform);
        var path = Path.Combine(Directory.CreateTempSubdirectory().FullName, "a.npz");
        AtomicFile.Write(path, stream => FeatureFile.Write(stream, analysis, waveform));
        var again = StoredFeatures.Read(path);
        Assert.Equal(analysis.Features.F0.Values.ToArray(), again.F0.Values.ToArray());
        Assert.Equal(analysis.Features.MelCepstrum.Values.ToArray(), again.Coded!.MelCepstrum.Values.ToArray());
        Assert.Equal(analysis.Features.SampleRate, again.SampleRate);
        Assert.Equal(analysis.Features.F0.FramePeriod, again.F0.FramePeriod);
        Assert.Equal(
            Array.ConvertAll(analysis.Envelope.Values.ToArray(), value => (float)value),
            Array.ConvertAll(again.Spectra!.Value.Envelope.Values.ToArray(), value => (float)value)
        );
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
    }

    [Fact]
    public void Read_CutOffAnywhere_IsABadFile()
    {
        var waveform = Signals.Harmonic(150, 16000, 0.1);
        using var memory = new MemoryStream();
        FeatureFile.Write(memory, new FeatureExtractor().Analyze(waveform), waveform);
        var bytes = memory.ToArray();
        var folder = Directory.CreateTempSubdirectory().FullName;
        for (var length = 0; length < bytes.Length; length += 997)
        {
            var path = Path.Combine(folder, $"{length}.npz");
            File.WriteAllBytes(path, bytes[..length]);
            Assert.Throws<BadFileException>(() => StoredFeatures.Read(path));
        }

        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000,), }")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (65536, 65536, 65536), }")]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }")]
    [InlineData("{'descr': '<f8', 'shape': (1,), }")]
    [InlineData("__import__('os').system('true')")]
    public void Parse_BadHeader_IsRefusedInLittleMemory(string header)
    {
        byte[] bytes = [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. System.Text.Encoding.ASCII.GetBytes(header), .. new byte[8]];
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidDataException>(() => NpyArray.Parse(bytes));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Parse_OfToBytes_IsTheArray(int rank)
    {
        int[] shape = [.. Enumerable.Repeat(3, rank)];
        var array = new NpyArray(shape, [.. Enumerable.Range(0, (int)Math.Pow(3, rank)).Select(i => i + 0.5)]);
        var again = NpyArray.Parse(array.ToBytes());
        Assert.Equal(array.Shape, again.Shape);
        Assert.Equal(array.Values, again.Values);
        Assert.Equal(0, (array.ToBytes().Length - (8 * array.Values.Length)) % 64);
    }
}
