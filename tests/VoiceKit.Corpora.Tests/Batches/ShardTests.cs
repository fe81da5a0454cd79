using VoiceKit.Batches;

namespace VoiceKit.Tests.Batches;

public class ShardTests
{
    private static readonly string[] Names = [.. Enumerable.Range(0, 2000).Select(i => $"speaker{i % 7}/sentence {i}")];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(64)]
    public void Contains_AllParts_TakeEachNameOnceAndAboutEquallyMany(int count)
    {
        var sizes = Enumerable.Range(1, count).Select(index => Names.Count(new Shard(index, count).Contains)).ToArray();
        Assert.Equal(Names.Length, sizes.Sum());
        var mean = (double)Names.Length / count;
        Assert.All(sizes, size => Assert.InRange(size, mean - (6 * Math.Sqrt(mean)), mean + (6 * Math.Sqrt(mean))));
    }

    [Fact]
    public void Contains_KnownName_IsTheFirstEightBytesOfSha256ModuloTheCount()
    {
        // python3: int.from_bytes(hashlib.sha256(b'anna/001').digest()[:8], 'big') % 16 + 1 is 12.
        Assert.Equal([12], Enumerable.Range(1, 16).Where(index => new Shard(index, 16).Contains("anna/001")));
    }

    [Fact]
    public void Parse_Part_IsRead() => Assert.Equal(new Shard(3, 16), Shard.Parse("3/16"));

    [Theory]
    [InlineData("")]
    [InlineData("3")]
    [InlineData("0/4")]
    [InlineData("5/4")]
    [InlineData("-1/4")]
    [InlineData("1/0")]
    [InlineData("1/4/5")]
    [InlineData("a/b")]
    [InlineData("1/1000000")]
    [InlineData("99999999999/999999999999")]
    public void Parse_NoPart_IsRefused(string text) => Assert.Throws<FormatException>(() => Shard.Parse(text));

    [Theory]
    [InlineData("3", "16", "1", "16", 3)]
    [InlineData("0", "4", "0", "3", 1)]
    [InlineData("7", "3", "5", "7", 3)]
    public void FromEnvironment_SlurmArray_IsItsPart(string task, string count, string min, string max, int index) =>
        Assert.Equal(
            (Shard.Parse($"{index}/{count}"), "SLURM_ARRAY_TASK_ID"),
            Shard.FromEnvironment(
                Variables(
                    ("SLURM_ARRAY_TASK_ID", task),
                    ("SLURM_ARRAY_TASK_COUNT", count),
                    ("SLURM_ARRAY_TASK_MIN", min),
                    ("SLURM_ARRAY_TASK_MAX", max)
                )
            )
        );

    [Fact]
    public void FromEnvironment_ArrayWithGaps_IsRefused() =>
        Assert.Throws<FormatException>(() =>
            Shard.FromEnvironment(
                Variables(
                    ("SLURM_ARRAY_TASK_ID", "7"),
                    ("SLURM_ARRAY_TASK_COUNT", "2"),
                    ("SLURM_ARRAY_TASK_MIN", "3"),
                    ("SLURM_ARRAY_TASK_MAX", "7")
                )
            )
        );

    [Fact]
    public void FromEnvironment_CompletionIndex_NeedsTheCount()
    {
        var variables = Variables(("JOB_COMPLETION_INDEX", "0"));
        Assert.Equal((new Shard(1, 5), "JOB_COMPLETION_INDEX"), Shard.FromEnvironment(variables, 5));
        Assert.Contains(
            "--shards",
            Assert.Throws<FormatException>(() => Shard.FromEnvironment(variables)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void FromEnvironment_Nothing_IsNone() => Assert.Null(Shard.FromEnvironment(Variables()));

    private static Func<string, string?> Variables(params (string Name, string Value)[] set) =>
        name => set.FirstOrDefault(item => item.Name == name).Value;
}
