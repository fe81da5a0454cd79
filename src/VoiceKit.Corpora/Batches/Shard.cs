using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace VoiceKit.Batches;

/// <summary>One of several equal parts of a batch; which item belongs to which part follows from its name alone.</summary>
/// <param name="Index">The part, 1 .. <paramref name="Count"/>.</param>
/// <param name="Count">The number of parts.</param>
public readonly record struct Shard(int Index, int Count)
{
    /// <summary>The most parts that there may be.</summary>
    public const int Most = 100_000;

    /// <summary>Gets the batch in one part.</summary>
    public static Shard Whole { get; } = new(1, 1);

    /// <summary>Gets whether this is the whole batch.</summary>
    public bool IsWhole => Count == 1;

    /// <summary>Gets what the names of this part's files end in: nothing for the whole, else such as "-00003-of-00016".</summary>
    public string Suffix => IsWhole ? "" : string.Create(CultureInfo.InvariantCulture, $"-{Index:00000}-of-{Count:00000}");

    /// <summary>
    /// Whether an item belongs to this part: the first eight bytes of the SHA-256 of its name, big-endian, modulo the count.
    /// </summary>
    /// <param name="id">The item's name, its path below the corpus' folder without extension.</param>
    public bool Contains(string id) => IsWhole || IndexOf(id, Count) == Index;

    /// <summary>The index of the part that an item belongs to, 1 .. <paramref name="count"/>.</summary>
    internal static int IndexOf(string id, int count) => (int)((Hash(id) >> 64) % (ulong)count) + 1;

    /// <summary>Reads "3/16".</summary>
    /// <param name="text">The text, such as "3/16".</param>
    /// <exception cref="FormatException">It is no part I of N with 1 &lt;= I &lt;= N.</exception>
    public static Shard Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split('/');
        return
            parts.Length == 2
            && Number(parts[0]) is { } index
            && Number(parts[1]) is { } count
            && index >= 1
            && index <= count
            && count <= Most
            ? new Shard(index, count)
            : throw new FormatException($"'{text}' is no part: give I/N with I from 1 to N, such as 3/16 (at most {Most} parts)");
    }

    /// <summary>The part that a scheduler's task has: SLURM_ARRAY_TASK_ID of SLURM_ARRAY_TASK_COUNT, or JOB_COMPLETION_INDEX.</summary>
    /// <param name="variable">Reads an environment variable.</param>
    /// <param name="count">The number of parts, which Kubernetes does not tell its tasks; null where Slurm's is meant.</param>
    /// <returns>The part and the variable that told it; null where no scheduler has said anything.</returns>
    /// <exception cref="FormatException">The variables make no sense together.</exception>
    public static (Shard Shard, string Origin)? FromEnvironment(Func<string, string?> variable, int? count = null)
    {
        ArgumentNullException.ThrowIfNull(variable);
        if (variable("SLURM_ARRAY_TASK_ID") is { } task)
        {
            var first = Number(variable("SLURM_ARRAY_TASK_MIN") ?? "1");
            var last = Number(variable("SLURM_ARRAY_TASK_MAX") ?? variable("SLURM_ARRAY_TASK_COUNT"));
            var tasks = Number(variable("SLURM_ARRAY_TASK_COUNT"));
            return Number(task) - first + 1 is { } index && last - first + 1 == tasks && (count is null || count == tasks)
                ? (Parse(string.Create(CultureInfo.InvariantCulture, $"{index}/{tasks}")), "SLURM_ARRAY_TASK_ID")
                : throw new FormatException(
                    $"the array's tasks {first} .. {last} are not {count ?? tasks} in a row: say which part this is with --shard I/N"
                );
        }

        if (variable("JOB_COMPLETION_INDEX") is not { } completion)
            return null;
        return count is null
            ? throw new FormatException("JOB_COMPLETION_INDEX does not tell how many parts there are: add --shards N")
            : (Parse(string.Create(CultureInfo.InvariantCulture, $"{Number(completion) + 1}/{count}")), "JOB_COMPLETION_INDEX");
    }

    /// <summary>The first 16 bytes of the SHA-256 of an item's name: what it is known by where names would take too much memory.</summary>
    internal static UInt128 Hash(string id)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(id), hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
