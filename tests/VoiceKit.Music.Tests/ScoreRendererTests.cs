using VoiceKit.Audio;
using VoiceKit.Files;
using VoiceKit.Music;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Music;

public class ScoreRendererTests
{
    [Theory]
    [InlineData(Instrument.Piano)]
    [InlineData(Instrument.Organ)]
    public void Render_EveryPitch_IsInTune(Instrument instrument)
    {
        for (var pitch = 36; pitch <= 84; pitch++)
        {
            var expected = 440 * Math.Pow(2, (pitch - 69) / 12.0);
            var sound = ScoreRenderer.Render(
                SmallScores.Of(SmallScores.Note(0, 1.6, pitch)),
                new RenderOptions { Instrument = instrument }
            );
            var cents = SmallScores.Cents(SmallScores.StrongestFrequency(sound, 0.05, expected), expected);
            Assert.True(Math.Abs(cents) < (pitch == 69 ? 2 : 3), $"{instrument} {pitch}: {cents} cents");
        }
    }

    [Theory]
    [InlineData(Instrument.Piano)]
    [InlineData(Instrument.Organ)]
    public void Render_OneNote_HasLevelAndLengthAndNoDc(Instrument instrument)
    {
        var options = new RenderOptions { Instrument = instrument, Tail = TimeSpan.FromSeconds(1.5) };
        var sound = ScoreRenderer.Render(SmallScores.Of(SmallScores.Note(0.5, 2, 60)), options);
        Assert.Equal((int)(3.5 * 44100), sound.Length);
        Assert.InRange(Peak(sound), 0.7, 0.75);
        Assert.InRange(Math.Abs(sound.Samples.ToArray().Average()), 0, 1e-4);
        Assert.Equal(-1, sound.Samples[..(int)(0.5 * 44100)].IndexOfAnyExcept(0.0));
        Assert.InRange(SmallScores.Rms(sound, 3.3, 3.5) / SmallScores.Rms(sound, 0.5, 2), 0, Math.Pow(10, -50 / 20.0));
    }

    [Theory]
    [InlineData(Instrument.Piano, 36)]
    [InlineData(Instrument.Piano, 84)]
    [InlineData(Instrument.Organ, 36)]
    [InlineData(Instrument.Organ, 84)]
    public void Render_StartsAndEnds_DoNotClick(Instrument instrument, int pitch)
    {
        // What a start or an end adds must not be steeper or sharper than the tone itself just after its attack.
        var options = new RenderOptions { Instrument = instrument, Reverb = 0 };
        var sound = ScoreRenderer.Render(SmallScores.Of(SmallScores.Note(0.2, 0.9, pitch), SmallScores.Note(0.9, 1.5, pitch)), options);
        var tone = Roughness(sound, 0.204, 0.4);
        foreach (var (start, end) in new[] { (0.195, 0.204), (0.895, 0.904), (1.495, 2.4) })
        {
            var edge = Roughness(sound, start, end);
            Assert.InRange(edge.Slope / tone.Slope, 0, 1.25);
            Assert.InRange(edge.Curvature / tone.Curvature, 0, 1.25);
        }
    }

    [Fact]
    public void Render_AnyNumberOfThreads_SameBits()
    {
        var notes = Enumerable
            .Range(0, 40)
            .Select(i => SmallScores.Note(i * 0.07, (i * 0.07) + 0.5, 40 + i, 20 + (2 * i), i % 9))
            .ToArray();
        var score = SmallScores.Of(notes) with { Programs = [new(0, 1, 19, 0), new(900, 2, 48, 0)] };
        var first = ScoreRenderer.Render(score, new RenderOptions(), threadCount: 1).Samples.ToArray();
        foreach (var threads in new[] { 1, 2, 7 })
            Assert.True(first.AsSpan().SequenceEqual(ScoreRenderer.Render(score, new RenderOptions(), threads).Samples));
    }

    [Theory]
    [InlineData(Instrument.Piano)]
    [InlineData(Instrument.Organ)]
    public void Render_HigherVelocity_IsLouder(Instrument instrument)
    {
        var score = SmallScores.Of([.. Enumerable.Range(0, 5).Select(i => SmallScores.Note(i, i + 0.6, 60, 15 + (28 * i)))]);
        var sound = ScoreRenderer.Render(score, new RenderOptions { Instrument = instrument });
        var levels = Enumerable.Range(0, 5).Select(i => SmallScores.Rms(sound, i, i + 0.6)).ToArray();
        Assert.All(levels.Zip(levels.Skip(1)), pair => Assert.True(pair.Second > 1.15 * pair.First));
    }

    [Fact]
    public void Render_PianoNote_DiesAwayFasterTheHigherThePartial()
    {
        var sound = ScoreRenderer.Render(SmallScores.Of(SmallScores.Note(0, 3, 48)), new RenderOptions { Reverb = 0 });
        var early = Roughness(sound, 0.05, 0.3).Slope / SmallScores.Rms(sound, 0.05, 0.3);
        var late = Roughness(sound, 2.5, 2.9).Slope / SmallScores.Rms(sound, 2.5, 2.9);
        Assert.InRange(late / early, 0, 0.7);
        Assert.InRange(SmallScores.Rms(sound, 2.5, 2.9) / SmallScores.Rms(sound, 0.05, 0.3), 0.02, 0.7);
    }

    [Fact]
    public void Render_TempoChanges_MoveNotes()
    {
        // 1000 ticks a quarter: 0.25 s a quarter from the start, 1 s from quarter 2 on, so quarter 3 is at 1.5 s.
        var score = SmallScores.Of(new NoteEvent(3000, 4000, 69, 100, 0, 0)) with
        {
            Tempos = [new(0, 250_000), new(2000, 1_000_000)],
        };
        var samples = ScoreRenderer.Render(score).Samples;
        Assert.InRange(samples.IndexOfAnyExcept(0.0) / 44100.0, 1.4999, 1.501);
    }

    [Theory]
    [InlineData(Instrument.Piano)]
    [InlineData(Instrument.Organ)]
    public void Render_LowSampleRate_NothingFolds(Instrument instrument)
    {
        // Partial 2 of 2637 Hz would fold to 2726 Hz; key 108 has no partial below 4 kHz at all.
        var options = new RenderOptions
        {
            Instrument = instrument,
            SampleRate = 8000,
            Reverb = 0,
        };
        var sound = ScoreRenderer.Render(SmallScores.Of(SmallScores.Note(0, 9, 100)), options);
        Assert.InRange(SmallScores.Cents(SmallScores.StrongestFrequency(sound, 0.1, 2637.02), 2637.02), -2, 2);
        Assert.Equal(0, Peak(ScoreRenderer.Render(SmallScores.Of(SmallScores.Note(0, 1, 108)), options)));
    }

    [Fact]
    public void Render_NoNotesOrPercussionAlone_GivesSilence()
    {
        var empty = ScoreRenderer.Render(SmallScores.Of());
        Assert.Equal(2 * 44100, empty.Length);
        Assert.Equal(0, Peak(empty));
        Assert.Equal(0, Peak(ScoreRenderer.Render(SmallScores.Of(SmallScores.Note(0, 1, 40, channel: NoteEvent.PercussionChannel)))));
        Assert.Equal(0, ScoreRenderer.Render(SmallScores.Of(), new RenderOptions { Tail = TimeSpan.Zero }).Length);
    }

    [Fact]
    public void Render_AThousandNotesAtOnce_KeepsTheLevel()
    {
        var score = SmallScores.Of([.. Enumerable.Range(0, 1000).Select(i => SmallScores.Note(0.1, 0.4, 20 + (i % 100), 1 + (i % 127)))]);
        Assert.InRange(Peak(ScoreRenderer.Render(score)), 0.7, 0.75);
    }

    [Fact]
    public void Render_EveryKeyProgramAndNoLength_IsFinite()
    {
        var notes = Enumerable.Range(0, 128).Select(i => SmallScores.Note(i * 0.01, i * 0.01, i, 127)).ToArray();
        var score = SmallScores.Of(notes) with { Programs = [.. Enumerable.Range(0, 128).Select(i => new ProgramChange(i * 20, 0, i, 0))] };
        Assert.InRange(Peak(ScoreRenderer.Render(score, new RenderOptions { Tail = TimeSpan.Zero })), 0.7, 0.75);
    }

    [Fact]
    public void Render_Hours_AreRefused()
    {
        var refusal = Assert.Throws<UnusableDataException>(() => ScoreRenderer.Render(SmallScores.Of(SmallScores.Note(0, 4e6, 60))));
        Assert.Contains("60 minutes at most", refusal.Message, StringComparison.Ordinal);
        _ = Assert.Throws<UnusableDataException>(() => ScoreRenderer.Render(SmallScores.Of(new NoteEvent(0, long.MaxValue, 60, 1, 0, 0))));
    }

    [Theory]
    [InlineData(0, Instrument.Piano)]
    [InlineData(7, Instrument.Piano)]
    [InlineData(16, Instrument.Organ)]
    [InlineData(23, Instrument.Organ)]
    [InlineData(24, Instrument.Piano)]
    [InlineData(46, Instrument.Piano)]
    [InlineData(52, Instrument.Organ)]
    [InlineData(73, Instrument.Organ)]
    [InlineData(127, Instrument.Piano)]
    public void NearestTo_Program_IsStruckOrBlown(int program, Instrument expected) =>
        Assert.Equal(expected, ScoreRenderer.NearestTo(program));

    private static double Peak(Waveform sound) => sound.Samples.ToArray().Select(Math.Abs).DefaultIfEmpty(0).Max();

    private static (double Slope, double Curvature) Roughness(Waveform sound, double start, double end)
    {
        var (slope, curvature) = (0.0, 0.0);
        var samples = sound.Samples;
        for (var i = (int)(start * sound.SampleRate); i < (int)(end * sound.SampleRate); i++)
        {
            slope = Math.Max(slope, Math.Abs(samples[i] - samples[i - 1]));
            curvature = Math.Max(curvature, Math.Abs(samples[i] - (2 * samples[i - 1]) + samples[i - 2]));
        }

        return (slope, curvature);
    }
}
