using VoiceKit.Files;
using VoiceKit.Music;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Music;

public class SoundFontRendererTests
{
    private static readonly MidiScore Score = SmallScores.Of(SmallScores.Note(0.5, 2.5, 69), SmallScores.Note(2.5, 3, 69));

    [FluidSynthFact]
    public void Render_SmallSoundFont_PlaysThePitch()
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("sine.sf2", SmallSoundFont.Bytes());
        var sound = SoundFontRenderer.Render(Score, path, new RenderOptions { Reverb = 0 });
        Assert.Equal(5 * 44100, sound.Length);
        Assert.InRange(SmallScores.Cents(SmallScores.StrongestFrequency(sound, 0.6, 440), 440), -2, 2);
        Assert.Equal(0, SmallScores.Rms(sound, 0, 0.495));
        Assert.InRange(SmallScores.Rms(sound, 2.6, 2.9), 0.1, 0.6);
        Assert.InRange(SmallScores.Rms(sound, 4.5, 5), 0, 1e-3);
        Assert.InRange(sound.Samples.ToArray().Max(Math.Abs), 0.7, 0.75);
        Assert.True(sound.Samples.SequenceEqual(SoundFontRenderer.Render(Score, path, new RenderOptions { Reverb = 0 }).Samples));
    }

    [FluidSynthFact]
    public void Render_EmptyScore_GivesSilence()
    {
        using var folder = new ScratchFolder();
        var sound = SoundFontRenderer.Render(SmallScores.Of(), folder.Write("sine.sf2", SmallSoundFont.Bytes()));
        Assert.Equal(2 * 44100, sound.Length);
        Assert.Equal(0, SmallScores.Rms(sound, 0, 2));
    }

    [FluidSynthFact]
    public void Render_BrokenSoundFont_IsRefused()
    {
        using var folder = new ScratchFolder();
        var whole = SmallSoundFont.Bytes();
        foreach (var length in new[] { 0, 1, 11, 12, 100, 1000, whole.Length / 2, whole.Length - 100 })
        {
            var path = folder.Write($"{length}.sf2", whole[..length]);
            var refusal = Assert.Throws<BadFileException>(() => SoundFontRenderer.Render(Score, path));
            Assert.Contains("soundfont", refusal.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Render_NoLibrary_NamesThePackage()
    {
        using var folder = new ScratchFolder();
        Assert.Null(FluidSynthLibrary.Load(["libnosuchthing.so"]));
        var path = folder.Write("sine.sf2", SmallSoundFont.Bytes());
        var refusal = Assert.Throws<BadFileException>(() => SoundFontRenderer.Render(Score, path, new RenderOptions(), library: null));
        Assert.Contains("apt-get install libfluidsynth3", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_NoFile_IsSaid() => Assert.Throws<FileNotFoundException>(() => SoundFontRenderer.Render(Score, "/no/such/file.sf2"));
}
