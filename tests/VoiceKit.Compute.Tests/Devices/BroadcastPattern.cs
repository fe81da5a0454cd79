using System.Globalization;
using VoiceKit.Devices;

namespace VoiceKit.Tests.Devices;

/// <summary>How a small tensor is repeated over a large one, by plain arithmetic on indices.</summary>
/// <param name="Large">The large tensor's shape.</param>
/// <param name="Small">The small tensor's shape.</param>
internal sealed record BroadcastPattern(TensorShape Large, TensorShape Small)
{
    /// <summary>Whether the simulator of a GPU takes long for a pattern.</summary>
    public static bool IsLarge(string text) => Parse(text).Large.Length > 600;

    /// <summary>The patterns to try: the large shape, then the small one.</summary>
    public static readonly string[] All =
    [
        "by",
        "1 by",
        "1 by 1",
        "1 by 1 1 1",
        "1 1 1 by 1",
        "2 by 2",
        "7 by 7",
        "8 by 1",
        "9 by",
        "17 by 17",
        "257 by 1",
        "9 by 1 1 9",
        "1 1 9 by 9",
        "9 by 1 1 1",
        "4 5 6 by 4 5 6",
        "4 5 6 by 6",
        "4 5 6 by 5 1",
        "4 5 6 by 4 1 6",
        "4 5 6 by 4 1 1",
        "4 5 6 by 1",
        "4 5 6 by",
        "4 5 6 by 5 6",
        "4 5 6 by 1 5 1",
        "4 5 6 by 4 5 1",
        "2 3 4 3 2 by 2 1 4 1 2",
        "3 2 3 2 3 by 1 2 1 2 1",
        "3 1 2 1 3 by 1 1 2 1 1",
        "2 3 4 5 by 3 1 1",
        "2 3 4 5 by 2 1 1 5",
        "2 2 3 3 2 by 1 1 3 3 1",
        "0 by 0",
        "0 by 1",
        "0 by",
        "0 5 by 5",
        "0 5 by 0 1",
        "0 5 by 0 5",
        "5 0 by 5 1",
        "5 0 by 1",
        "2 0 3 by 2 1 3",
        "2 0 3 by 1",
        "2 0 3 by 1 0 1",
        "31 257 by 257",
        "257 31 by 257 1",
        "16 15 8 by 15 1",
        "13 17 31 by 13 1 31",
        "8 8 by 8",
        "16 32 by 16 1",
        "15 33 by 33",
        "100003 by 100003",
        "100003 by",
        "200 251 by 251",
        "201 251 by 201 1",
        "2 25013 by 25013",
        "2 25013 by 2 1",
        "25000 2 by 2",
        "25000 2 by 25000 1",
        "37 37 37 by 37 1 37",
        "37 37 37 by 37 1",
        "2 3 9001 by 3 1",
        "3 20000 1 by 20000 1",
        "2 9001 3 by 2 1 3",
    ];

    public static BroadcastPattern Parse(string text)
    {
        var parts = text.Split("by");
        return new BroadcastPattern(Shape(parts[0]), Shape(parts[1]));
    }

    /// <summary>For each element of the large tensor, the small tensor's element that goes with it.</summary>
    public int[] Places() => [.. Enumerable.Range(0, Large.Length).Select(SmallIndex)];

    private int SmallIndex(int index)
    {
        var (small, stride) = (0, 1);
        for (var axis = 1; axis <= Large.Rank; axis++)
        {
            var at = index % Large[^axis];
            index /= Large[^axis];
            if (axis > Small.Rank)
                continue;
            small += Small[^axis] == 1 ? 0 : at * stride;
            stride *= Small[^axis];
        }

        return small;
    }

    private static TensorShape Shape(string text) =>
        new([.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(length => int.Parse(length, CultureInfo.InvariantCulture))]);
}
