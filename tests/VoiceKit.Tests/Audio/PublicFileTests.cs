using VoiceKit.Audio;
using VoiceKit.Files;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Audio;

public class PublicFileTests
{
    public static TheoryData<string> Names => [.. PublicWaveFiles.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_PublicFile_IsReadOrRefusedCleanly(string name)
    {
        var path = Path.Combine(PublicWaveFiles.Folder, name);
        if (PublicWaveFiles.IsBad(name))
            Assert.Throws<BadFileException>(() => WaveFile.Read(path));
        else
            Assert.True(WaveFile.Read(path).Waveform.Length > 0 || name.Contains("no_samples", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("rochars/RIFX-16bit-mono.wav", "16-bit PCM, big-endian", 48000)]
    [InlineData("rochars/27bit-8kHz-noBext-mono.wav", "27-bit PCM in 32 bits", 48000)]
    [InlineData("rochars/8bit-alaw-8kHz-noBext-mono-encoded.wav", "A-law", 48000)]
    [InlineData("rochars/8bit-mulaw-8kHz-noBext-mono-encoded.wav", "mu-law", 48000)]
    [InlineData("rochars/M1F1-int12WE-AFsp.wav", "12-bit PCM in 16 bits", 23493)]
    [InlineData("cpython/pluck-pcm24-ext.wav", "24-bit PCM", 3307)]
    [InlineData("hound/nonstandard-01.wav", "24-bit PCM", 1)]
    [InlineData("hound/pcmwaveformat-24bit-4byte-48kHz-stereo.wav", "24-bit PCM in 32 bits", 2)]
    public void Read_PublicFile_SeesItsFormat(string name, string encoding, int length)
    {
        var recording = WaveFile.Read(Path.Combine(PublicWaveFiles.Folder, name));
        Assert.Equal(encoding, recording.Encoding);
        Assert.Equal(length, recording.Waveform.Length);
    }

    // libsndfile is the oracle: written by others, in wide use for twenty years.
    [SndFileFact]
    public void Read_PublicFiles_AgreesWithLibsndfile()
    {
        // The plain header with 24 bits in 4 bytes is left out: libsndfile takes those for 3 bytes, and reads noise.
        var others = PublicWaveFiles.Names.Where(name =>
            !PublicWaveFiles.IsBad(name) && !name.Contains("pcmwaveformat-24bit-4byte", StringComparison.Ordinal)
        );
        var signature = new FileSignature(AudioDecoder.SndFile, "a WAV file");
        var compared = 0;
        foreach (var name in others)
        {
            var path = Path.Combine(PublicWaveFiles.Folder, name);
            AudioRecording oracle;
            try
            {
                using var reader = new SndFileReader(path, signature, SndFileLibrary.Installed);
                oracle = reader.Read(new WaveReadOptions());
            }
            catch (BadFileException)
            {
                continue;
            }

            var ours = WaveFile.Read(path);
            Assert.Equal(oracle.Waveform.SampleRate, ours.Waveform.SampleRate);
            Assert.True(oracle.Waveform.Length == ours.Waveform.Length, name);
            for (var i = 0; i < ours.Waveform.Length; i++)
                Assert.True(Math.Abs(oracle.Waveform.Samples[i] - ours.Waveform.Samples[i]) < 1e-9, $"{name} sample {i}");
            compared++;
        }

        Assert.InRange(compared, 30, int.MaxValue);
    }
}
