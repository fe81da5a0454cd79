using VoiceKit.Audio;

namespace VoiceKit.Tests.TestKit;

/// <summary>A folder with the model of <see cref="TrainedVoice"/> and short recordings, gone after the test.</summary>
internal sealed class VoiceFolder : IDisposable
{
    private readonly ScratchFolder scratch = new();

    public VoiceFolder() => scratch.Write("model.safetensors", TrainedVoice.Shared.FileBytes);

    public string Path => scratch.Path;

    public string Model => scratch["model.safetensors"];

    public string this[string name] => scratch[name];

    public string Write(string name, byte[] content) => scratch.Write(name, content);

    /// <summary>Writes a second of a sentence.</summary>
    public string Speech(string name, int sentence = 0, int length = 16000)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[name])!);
        WaveFile.Write(this[name], new Waveform(TrainedVoice.Shared.HeldOutSource[sentence].Samples.Slice(6000, length).ToArray(), 16000));
        return this[name];
    }

    /// <summary>Copies sentences of a shipped voice into a folder.</summary>
    public string Corpus(string name, string voice, params string[] sentences)
    {
        Directory.CreateDirectory(this[name]);
        foreach (var sentence in sentences)
            File.Copy(System.IO.Path.Combine(voice, sentence + ".wav"), System.IO.Path.Combine(this[name], sentence + ".wav"));
        return this[name];
    }

    /// <summary>The names of all files, without the model; a temporary file that was left behind is among them.</summary>
    public IEnumerable<string> Files =>
        Directory
            .EnumerateFiles(Path, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Select(file => System.IO.Path.GetRelativePath(Path, file))
            .Where(file => file != "model.safetensors")
            .Order(StringComparer.Ordinal);

    public void Dispose() => scratch.Dispose();
}
