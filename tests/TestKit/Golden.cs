using VoiceKit.Audio;
using VoiceKit.Files;
using VoiceKit.Numerics;
using VoiceKit.Pitch;

namespace VoiceKit.Tests.TestKit;

/// <summary>The golden vectors of Golden/README.md: outputs of WORLD and SPTK.</summary>
internal static class Golden
{
    public static readonly TheoryData<string> Utterances = ["slt_01", "rms_02"];

    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Golden");

    public static Waveform Input(string utterance)
    {
        var bytes = File.ReadAllBytes(Path.Combine(Folder, utterance, "input.wav"));
        var samples = new double[(bytes.Length - 44) / 2];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = BitConverter.ToInt16(bytes, 44 + (2 * i)) / 32768.0;
        return new Waveform(samples, 16000);
    }

    public static double[] Vector(string utterance, string name) => Load(utterance, name).Values.ToArray();

    public static F0Contour F0(string utterance, string name) => new(Vector(utterance, name), TimeSpan.FromMilliseconds(5));

    public static Frames Matrix(string utterance, string name)
    {
        var array = Load(utterance, name);
        return new Frames(array.Shape[0], array.Shape[1], array.Values);
    }

    private static NpyArray Load(string utterance, string name) =>
        NpyArray.Parse(File.ReadAllBytes(Path.Combine(Folder, utterance, name + ".npy")));
}
