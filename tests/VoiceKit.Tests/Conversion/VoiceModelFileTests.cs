using System.Text;
using VoiceKit.Conversion;
using VoiceKit.Files;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Conversion;

public class VoiceModelFileTests
{
    public static readonly TheoryData<string, string?> BadMetadata = new()
    {
        { "version", null },
        { "version", "one" },
        { "format", null },
        { "format", "something-else" },
        { "sample_rate", null },
        { "sample_rate", "16 kHz" },
        { "sample_rate", "0" },
        { "sample_rate", "-16000" },
        { "sample_rate", "99999999999" },
        { "frame_period_ms", null },
        { "frame_period_ms", "0" },
        { "frame_period_ms", "-5" },
        { "frame_period_ms", "NaN" },
        { "frame_period_ms", "1e300" },
        { "frame_period_ms", "1e-9" },
        { "order", null },
        { "order", "5" },
        { "order", "0" },
        { "order", "99999999999" },
        { "alpha", null },
        { "alpha", "1" },
        { "alpha", "NaN" },
        { "f0_method", null },
        { "f0_method", "Reaper" },
        { "f0_method", "7" },
        { "spectrum.covariance", null },
        { "spectrum.covariance", "Round" },
        { "spectrum.covariance", "7" },
        { "aperiodicity.covariance", null },
    };

    public static readonly TheoryData<string> TensorNames =
    [
        "f0.range",
        "f0.statistics",
        "global_variance.mean",
        "global_variance.variance",
        "spectrum.weights",
        "spectrum.means",
        "spectrum.covariances",
        "aperiodicity.weights",
        "aperiodicity.means",
        "aperiodicity.covariances",
    ];

    /// <summary>What models of before have not.</summary>
    private static readonly string[] Refinements = ["detail.statistics", "movement.gains", "levels.offsets", "f0.slope"];

    public static TheoryData<string> RefinementNames => [.. Refinements];

    [Fact]
    public void Write_SameModel_IsTheSameBytes()
    {
        using var folder = new ScratchFolder();
        VoiceModelFile.Write(folder["a"], SmallModels.Voice());
        VoiceModelFile.Write(folder["b"], SmallModels.Voice());
        Assert.Equal(File.ReadAllBytes(folder["a"]), File.ReadAllBytes(folder["b"]));
    }

    [Fact]
    public void Read_WrittenModel_IsEqualInEveryNumber()
    {
        using var folder = new ScratchFolder();
        var model = SmallModels.Voice();
        VoiceModelFile.Write(folder["model"], model);
        var again = VoiceModelFile.Read(folder["model"]);
        Assert.Equal(
            (model.SampleRate, model.Features, model.SourceRange, model.TargetRange, model.F0),
            (again.SampleRate, again.Features, again.SourceRange, again.TargetRange, again.F0)
        );
        Assert.Equal(model.GlobalVariance.Mean, again.GlobalVariance.Mean);
        Assert.Equal(model.GlobalVariance.Variance, again.GlobalVariance.Variance);
        Assert.Equal(model.Description, again.Description);
        Assert.Equal(model.Detail!.SourceMean, again.Detail!.SourceMean);
        Assert.Equal(model.Detail.SourceDeviation, again.Detail.SourceDeviation);
        Assert.Equal(model.Detail.TargetMean, again.Detail.TargetMean);
        Assert.Equal(model.Detail.TargetDeviation, again.Detail.TargetDeviation);
        Assert.Equal(model.Movement!.Gains.Values.ToArray(), again.Movement!.Gains.Values.ToArray());
        Assert.Equal(model.Levels!.Offsets, again.Levels!.Offsets);
        foreach (
            var (expected, actual) in new[]
            {
                (model.Spectrum.Joint, again.Spectrum.Joint),
                (model.Aperiodicity.Joint, again.Aperiodicity.Joint),
            }
        )
        {
            Assert.Equal(expected.Structure, actual.Structure);
            Assert.Equal(expected.Weights.ToArray(), actual.Weights.ToArray());
            Assert.Equal(expected.Means.Values.ToArray(), actual.Means.Values.ToArray());
            for (var m = 0; m < expected.MixtureCount; m++)
                Assert.Equal(expected.Covariance(m).ToArray(), actual.Covariance(m).ToArray());
        }
    }

    [Fact]
    public void Read_TrainedModelWrittenAgain_IsTheSameBytes()
    {
        using var folder = new ScratchFolder();
        var path = folder.Write("model", TrainedVoice.Shared.FileBytes);
        VoiceModelFile.Write(folder["again"], VoiceModelFile.Read(path));
        Assert.Equal(TrainedVoice.Shared.FileBytes, File.ReadAllBytes(folder["again"]));
    }

    [Fact]
    public void Read_TruncatedAnywhere_ThrowsBadFile()
    {
        using var folder = new ScratchFolder();
        var bytes = Bytes(folder);
        var lengths = Enumerable
            .Range(0, 40)
            .Concat(Enumerable.Range(0, bytes.Length / 1000).Select(i => 1000 * i))
            .Append(bytes.Length - 1);
        foreach (var length in lengths)
        {
            var path = folder.Write("short", bytes[..length]);
            Assert.Equal(path, Assert.Throws<BadFileException>(() => VoiceModelFile.Read(path)).Path);
        }
    }

    [Fact]
    [Trait(SlowTests.Category, SlowTests.Slow)]
    public void Read_AnyHeaderByteFlipped_EndsInAModelOrItsOwnExceptions()
    {
        using var folder = new ScratchFolder();
        var bytes = Bytes(folder);
        var headerLength = 8 + BitConverter.ToInt32(bytes);
        var refused = 0;
        for (var i = 0; i < headerLength; i++)
        {
            foreach (var bit in new[] { 0, 3, 7 })
            {
                var changed = (byte[])bytes.Clone();
                changed[i] ^= (byte)(1 << bit);
                var path = folder.Write("flipped", changed);
                try
                {
                    VoiceModelFile.Read(path);
                }
                catch (Exception exception) when (exception is BadFileException or ModelVersionException)
                {
                    refused++;
                }
            }
        }

        Assert.InRange(refused, headerLength, 3 * headerLength);
    }

    [Theory]
    [MemberData(nameof(BadMetadata))]
    public void Read_DamagedDescription_ThrowsBadFile(string name, string? value)
    {
        AssertBad(file => file with { Metadata = Changed(file.Metadata, name, value) });
    }

    [Theory]
    [MemberData(nameof(TensorNames))]
    public void Read_MissingTensor_ThrowsBadFile(string name) =>
        AssertBad(file => file with { Tensors = Changed(file.Tensors, name, null) });

    [Theory]
    [MemberData(nameof(TensorNames))]
    public void Read_TensorWithNaN_ThrowsBadFile(string name) => AssertBad(file => file.With(name, ^1, double.NaN));

    [Theory]
    [MemberData(nameof(TensorNames))]
    public void Read_TensorOfAnotherLength_ThrowsBadFile(string name) =>
        AssertBad(file =>
        {
            var shorter = file.Tensors[name].Values[..^1];
            return file with { Tensors = Changed(file.Tensors, name, new NamedTensor([shorter.Length], shorter)) };
        });

    [Fact]
    public void Read_ModelOfBefore_HasNoRefinements()
    {
        using var folder = new ScratchFolder();
        var path = Rewrite(
            folder,
            file =>
                file with
                {
                    Tensors = file
                        .Tensors.Where(item => !Refinements.Contains(item.Key))
                        .ToDictionary(item => item.Key, item => item.Value),
                }
        );
        var model = VoiceModelFile.Read(path);
        Assert.Null(model.Detail);
        Assert.Null(model.Movement);
        Assert.Null(model.Levels);
        Assert.Equal(0.15 / 0.2, model.F0.Slope, 12);
    }

    [Theory]
    [MemberData(nameof(RefinementNames))]
    public void Read_RefinementWithNaN_ThrowsBadFile(string name) => AssertBad(file => file.With(name, ^1, double.NaN));

    [Theory]
    [MemberData(nameof(RefinementNames))]
    public void Read_RefinementOutOfRange_ThrowsBadFile(string name) => AssertBad(file => file.With(name, ^1, -1e6));

    [Theory]
    [MemberData(nameof(RefinementNames))]
    public void Read_RefinementOfAnotherShape_ThrowsBadFile(string name) =>
        AssertBad(file =>
        {
            var values = file.Tensors[name].Values;
            return file with { Tensors = Changed(file.Tensors, name, new NamedTensor([values.Length + 1], [.. values, 1.0])) };
        });

    [Fact]
    public void Read_CovarianceNotPositiveDefinite_ThrowsBadFile() => AssertBad(file => file.With("spectrum.covariances", 0, -1));

    [Fact]
    public void Read_NegativeGlobalVariance_ThrowsBadFile() => AssertBad(file => file.With("global_variance.mean", 0, -1));

    [Theory]
    [InlineData("2")]
    [InlineData("0")]
    public void Read_OtherVersion_ThrowsModelVersionThatNamesBoth(string version)
    {
        using var folder = new ScratchFolder();
        var path = Rewrite(folder, file => file with { Metadata = Changed(file.Metadata, "version", version) });
        var message = Assert.Throws<ModelVersionException>(() => VoiceModelFile.Read(path)).Message;
        Assert.Contains(path, message, StringComparison.Ordinal);
        Assert.Contains($"version {version}", message, StringComparison.Ordinal);
        Assert.Contains("reads version 1", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_HeaderThatClaimsHugeArrays_ThrowsBadFileWithoutTheMemory()
    {
        using var folder = new ScratchFolder();
        foreach (var shape in new[] { "[2147483647,2147483647,4]", "[99999999999]", "[-1]", "[0,-1]", "[1.5]", "5", "[2147483647]" })
        {
            var header = Encoding.UTF8.GetBytes($$$"""{"a":{"dtype":"F64","shape":{{{shape}}},"data_offsets":[0,8]}}""");
            var path = folder.Write("huge", [.. BitConverter.GetBytes((long)header.Length), .. header, .. new byte[8]]);
            Assert.Throws<BadFileException>(() => SafetensorsFile.Read(path));
        }
    }

    [Fact]
    public void Read_FileLargerThanAnArray_ThrowsBadFile()
    {
        using var folder = new ScratchFolder();
        using (var stream = File.Create(folder["large"]))
            stream.SetLength(3L << 30);
        Assert.Throws<BadFileException>(() => VoiceModelFile.Read(folder["large"]));
    }

    [Fact]
    public void Read_Folder_ThrowsBadFile()
    {
        using var folder = new ScratchFolder();
        Assert.Throws<BadFileException>(() => VoiceModelFile.Read(folder.Path));
    }

    private static byte[] Bytes(ScratchFolder folder)
    {
        VoiceModelFile.Write(folder["model"], SmallModels.Voice());
        return File.ReadAllBytes(folder["model"]);
    }

    private static void AssertBad(Func<SafetensorsFile, SafetensorsFile> change)
    {
        using var folder = new ScratchFolder();
        var path = Rewrite(folder, change);
        Assert.Equal(path, Assert.Throws<BadFileException>(() => VoiceModelFile.Read(path)).Path);
    }

    private static string Rewrite(ScratchFolder folder, Func<SafetensorsFile, SafetensorsFile> change)
    {
        Bytes(folder);
        var changed = change(SafetensorsFile.Read(folder["model"]));
        AtomicFile.Write(folder["changed"], changed.Write);
        return folder["changed"];
    }

    private static Dictionary<string, T> Changed<T>(IReadOnlyDictionary<string, T> items, string name, T? value)
        where T : class
    {
        var result = items.ToDictionary(item => item.Key, item => item.Value);
        Assert.True(result.Remove(name), $"The file has no '{name}'.");
        if (value is not null)
            result[name] = value;
        return result;
    }
}
