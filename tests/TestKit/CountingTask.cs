using System.Globalization;
using System.Text;
using VoiceKit.Batches;

namespace VoiceKit.Tests.TestKit;

/// <summary>A batch task that is quick to do: it writes the number of samples, and remembers what it was asked to do.</summary>
internal sealed class CountingTask(string parameter = "", bool makesPieces = false) : BatchTask
{
    private readonly List<string> worked = [];

    public override string Verb => "count";

    public override string Extension => ".txt";

    public override bool MakesPieces => makesPieces;

    /// <summary>Called before an item is worked on.</summary>
    public Action<RecordingInput> Before { get; init; } = _ => { };

    /// <summary>How many pieces an item becomes, where it makes pieces.</summary>
    public int Pieces { get; init; } = 2;

    /// <summary>The names of the items worked on, sorted.</summary>
    public string[] Worked
    {
        get
        {
            lock (worked)
                return [.. worked.Order(StringComparer.Ordinal)];
        }
    }

    protected override IReadOnlyDictionary<string, string> Parameters => new Dictionary<string, string> { ["parameter"] = parameter };

    public override void Process(
        RecordingInput input,
        RecordingOutputs outputs,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default
    )
    {
        Before(input);
        lock (worked)
            worked.Add(input.Name);
        var content = Encoding.UTF8.GetBytes(input.Stream.ReadAll().Length.ToString(CultureInfo.InvariantCulture) + parameter);
        for (var piece = 1; piece <= (makesPieces ? Pieces : 1); piece++)
            outputs.Write((makesPieces ? $"_{piece:0000}" : "") + Extension, stream => stream.Write(content));
    }
}
