namespace VoiceKit.Music;

/// <summary>A key, and how well music fits it.</summary>
/// <param name="Tonic">The pitch class of the tonic, 0 .. 11; 0 is C.</param>
/// <param name="IsMajor">Major, or else minor.</param>
/// <param name="Correlation">The correlation with the key's profile, -1 .. 1; 0 where the music has no key.</param>
public readonly record struct MusicalKey(int Tonic, bool IsMajor, double Correlation)
{
    private static readonly string[] PitchClasses = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"];

    /// <summary>The semitones, -5 .. +6, that bring a major key to C major and a minor one to A minor: both have the white keys.</summary>
    public int TranspositionToC
    {
        get
        {
            var up = (24 - Tonic - (IsMajor ? 0 : 3)) % 12;
            return up > 6 ? up - 12 : up;
        }
    }

    /// <summary>The name of the key, such as "Eb major".</summary>
    public override string ToString() => $"{PitchClasses[Tonic]} {(IsMajor ? "major" : "minor")}";
}
