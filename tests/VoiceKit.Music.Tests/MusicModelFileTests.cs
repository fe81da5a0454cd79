using VoiceKit.Conversion;
using VoiceKit.Devices;
using VoiceKit.Files;
using VoiceKit.Music;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Music;

public sealed class MusicModelFileTests : IDisposable
{
    private readonly ScratchFolder folder = new();

    public static readonly TheoryData<string, string?> Damages = new()
    {
        { "version", null },
        { "version", "one" },
        { "version", "-1" },
        { "version", "99999999999" },
        { "bars", null },
        { "bars", "" },
        { "bars", "0" },
        { "bars", "3" },
        { "bars", "65" },
        { "bars", "2.0" },
        { "beats_per_bar", null },
        { "beats_per_bar", "0" },
        { "beats_per_bar", "16" },
        { "steps_per_beat", null },
        { "steps_per_beat", "24" },
        { "steps_per_beat", "-2" },
        { "voices", null },
        { "voices", "0" },
        { "voices", "15" },
        { "voices", "16" },
        { "lowest_pitch", null },
        { "lowest_pitch", "128" },
        { "lowest_pitch", "127" },
        { "pitches", null },
        { "pitches", "0" },
        { "pitches", "128" },
        { "channels", null },
        { "channels", "0" },
        { "channels", "4096" },
        { "channels", "2147483647" },
        { "snippet_noise", null },
        { "snippet_noise", "0" },
        { "snippet_noise", "4096" },
        { "beat_noise", null },
        { "beat_noise", "4096" },
        { "voice_ranges", "" },
        { "voice_ranges", "60 67" },
        { "voice_ranges", "60 67 48" },
        { "voice_ranges", "67 60 48 55" },
        { "voice_ranges", "60 67 12 55" },
        { "voice_ranges", "60 99 48 55" },
        { "heads", null },
        { "heads", "0" },
        { "heads", "3" },
        { "heads", "64" },
    };

    [Fact]
    public void Write_Read_GivesTheModelBitForBit()
    {
        var model = SmallMusic.Model;
        MusicModelFile.Write(folder["a"], model);
        var read = MusicModelFile.Read(folder["a"]);
        Assert.Equal((model.Layout, model.Generator, model.NoiseLength), (read.Layout, read.Generator, read.NoiseLength));
        Assert.Equal(
            model.Description.OrderBy(item => item.Key, StringComparer.Ordinal),
            read.Description.OrderBy(item => item.Key, StringComparer.Ordinal)
        );
        Assert.Equal(model.VoiceRanges, read.VoiceRanges);
        SmallMusic.SameBits(model.Parameters, read.Parameters);
        MusicModelFile.Write(folder["b"], read);
        Assert.Equal(File.ReadAllBytes(folder["a"]), File.ReadAllBytes(folder["b"]));
    }

    [Fact]
    public void Shipped_Model_ComposesFourVoices()
    {
        using var device = new CpuDevice(1);
        using var composer = new MusicComposer(device, MusicModelFile.Shipped());
        var roll = composer.ComposeBars(1, 1);
        Assert.Equal((4, 4), (roll.VoiceCount, composer.Layout.BeatsPerBar));
        Assert.Equal(composer.Layout.StepsPerBar, roll.StepCount);
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public void Read_DescriptionThatIsWrong_SaysSoAndTakesNoMemory(string name, string? value)
    {
        var path = SmallMusic.Model.WriteChanged(
            folder["m"],
            metadata =>
            {
                metadata.Remove(name);
                if (value is not null)
                    metadata[name] = value;
            }
        );
        var before = GC.GetAllocatedBytesForCurrentThread();
        var exception = Assert.Throws<BadFileException>(() => MusicModelFile.Read(path));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
        Assert.Contains("the music model is damaged: ", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2")]
    [InlineData("1000")]
    public void Read_NewerVersion_SaysWhatToDo(string version)
    {
        var path = SmallMusic.Model.WriteChanged(folder["m"], metadata => metadata["version"] = version);
        var message = Assert.Throws<ModelVersionException>(() => MusicModelFile.Read(path)).Message;
        Assert.Contains($"{path}: the model has format version {version}", message, StringComparison.Ordinal);
        Assert.Contains("update VoiceKit", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OtherFiles_SaysWhatTheyAreNot()
    {
        VoiceModelFile.Write(folder["voice"], SmallModels.Voice());
        AtomicFile.Write(
            folder["other"],
            new SafetensorsFile(new Dictionary<string, string>(), new Dictionary<string, NamedTensor>()).Write
        );
        Assert.All(["voice", "other"], name => Assert.Contains("not a music model", Refused(folder[name]), StringComparison.Ordinal));
        MusicModelFile.Write(folder["m"], SmallMusic.Model);
        var bytes = File.ReadAllBytes(folder["m"]);
        Assert.All(
            [0, 7, 100, bytes.Length - 1],
            length => Assert.Contains("no whole safetensors file", Refused(folder.Write("cut", bytes[..length])), StringComparison.Ordinal)
        );
        Assert.Throws<FileNotFoundException>(() => MusicModelFile.Read(folder["none"]));
    }

    [Fact]
    public void Read_ArraysLostOrOfOtherShapes_AreNamed()
    {
        var name = SmallMusic.Model.Parameters.Keys.First();
        Assert.Contains(
            $"'{name}' is missing",
            Refused(SmallMusic.Model.WriteChanged(folder["m"], change: tensors => tensors.Remove(name))),
            StringComparison.Ordinal
        );
        var reshaped = SmallMusic.Model.WriteChanged(folder["m"], change: tensors => tensors[name] = new NamedTensor([1], [1]));
        Assert.Contains($"'{name}' has the shape [1]", Refused(reshaped), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(1e300)]
    public void Read_WeightThatIsNotFinite_IsNamed(double value)
    {
        var (name, tensor) = SmallMusic.Model.Parameters.Last();
        var broken = new NamedTensor(tensor.Shape, [.. tensor.Values.ToArray().Skip(1), value]);
        Assert.Contains(
            $"'{name}' has a value that is not finite",
            Refused(SmallMusic.Model.WriteChanged(folder["m"], change: tensors => tensors[name] = broken)),
            StringComparison.Ordinal
        );
        using var device = new CpuDevice(1);
        var model = SmallMusic.Model with
        {
            Parameters = new Dictionary<string, NamedTensor>(SmallMusic.Model.Parameters) { [name] = broken },
        };
        Assert.Throws<InvalidDataException>(() => new MusicComposer(device, model));
    }

    [LinuxFact]
    public void Write_FullDevice_Throws() => Assert.ThrowsAny<IOException>(() => MusicModelFile.Write("/dev/full", SmallMusic.Model));

    public void Dispose() => folder.Dispose();

    private static string Refused(string path)
    {
        var exception = Assert.Throws<BadFileException>(() => MusicModelFile.Read(path));
        Assert.StartsWith(path, exception.Message, StringComparison.Ordinal);
        return exception.Message;
    }
}
