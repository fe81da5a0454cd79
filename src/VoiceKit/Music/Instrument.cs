namespace VoiceKit.Music;

/// <summary>The built-in instruments of <see cref="ScoreRenderer"/>.</summary>
public enum Instrument
{
    /// <summary>Struck strings, piano-like: a note dies away.</summary>
    Piano,

    /// <summary>Soft organ pipes: a note sounds evenly until it ends.</summary>
    Organ,
}
