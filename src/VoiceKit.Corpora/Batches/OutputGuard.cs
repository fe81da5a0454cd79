using VoiceKit.Corpora;
using VoiceKit.Files;

namespace VoiceKit.Batches;

/// <summary>
/// Finds items whose outputs would get into each other's way. Memory holds a hash of each name and of its file. What is there twice is
/// taken once.
/// </summary>
internal sealed class OutputGuard
{
    private const int PieceDigits = 4;
    private readonly string prefix;
    private readonly BatchTask task;
    private readonly Dictionary<UInt128, UInt128> outputs = [];
    private readonly HashSet<UInt128> wholes = [];
    private readonly List<(string Path, UInt128 Output)> inputsBelow = [];
    private (string Path, string Real) lastFolder = ("", "");

    private OutputGuard(string folder, BatchTask task)
    {
        folder = ContainedPath.RealPath(folder);
        prefix = Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar;
        this.task = task;
    }

    /// <summary>The same items with full paths, checked as they are read.</summary>
    /// <param name="items">The items; they are read again for the message where two clash.</param>
    /// <param name="folder">The output folder's full path.</param>
    /// <param name="task">The task, which names the outputs.</param>
    /// <exception cref="BatchConflictException">Two inputs would be written to one output, or an input would be replaced.</exception>
    /// <exception cref="BadFileException">A name leads out of the output folder.</exception>
    public static IEnumerable<CorpusItem> Check(IEnumerable<CorpusItem> items, string folder, BatchTask task)
    {
        var guard = new OutputGuard(folder, task);
        foreach (var item in items)
        {
            var usable = CorpusId.Admit(item);
            if (guard.IsRepeated(usable))
                continue;
            if (!guard.Add(usable))
                throw new BatchConflictException(guard.Describe(item.Id, items));
            yield return usable with
            {
                Path = Path.GetFullPath(item.Path),
            };
        }

        if (guard.inputsBelow.Find(input => guard.outputs.ContainsKey(input.Output)).Path is { } replaced)
            throw new BatchConflictException($"{replaced} would be replaced by a result: write to another folder");
    }

    /// <summary>Determines whether the same file, or part of it, was there before under the same name: it is taken once.</summary>
    private bool IsRepeated(CorpusItem item) => outputs.TryGetValue(Shard.Hash(item.Id), out var content) && content == Content(item);

    private static UInt128 Content(CorpusItem item) => Shard.Hash(Path.GetFullPath(item.Path) + "\0" + BatchDecision.PartOf(item));

    private bool Add(CorpusItem item)
    {
        var output = Shard.Hash(item.Id);
        var isFree = outputs.TryAdd(output, Content(item)) && !wholes.Contains(output);
        if (task.MakesPieces && WholeOf(item.Id) is { } whole)
        {
            var name = Shard.Hash(whole);
            _ = wholes.Add(name);
            isFree &= !outputs.ContainsKey(name);
        }

        var path = RealPath(item.Path);
        if (path.StartsWith(prefix, StringComparison.Ordinal) && path.EndsWith(task.Extension, StringComparison.Ordinal))
            inputsBelow.Add((item.Path, Shard.Hash(path[prefix.Length..^task.Extension.Length].Replace(Path.DirectorySeparatorChar, '/'))));
        return isFree;
    }

    /// <summary>An input without links on its way. Inputs follow each other by folder, so a folder is looked at once.</summary>
    private string RealPath(string path)
    {
        var full = Path.GetFullPath(path);
        if (new FileInfo(full).LinkTarget is not null)
        {
            try
            {
                return ContainedPath.RealPath(full);
            }
            catch (IOException)
            {
                // It leads round in a circle: opening it fails with a clear message.
                return full;
            }
        }

        var folder = Path.GetDirectoryName(full)!;
        if (folder != lastFolder.Path)
            lastFolder = (folder, ContainedPath.RealPath(folder));
        return Path.Combine(lastFolder.Real, Path.GetFileName(full));
    }

    private string Describe(string clash, IEnumerable<CorpusItem> items)
    {
        var paths = items
            .Where(item => item.Id == clash || (task.MakesPieces && (WholeOf(clash) == item.Id || WholeOf(item.Id) == clash)))
            .Select(item => item.Path)
            .Take(3)
            .ToArray();
        return $"{string.Join(" and ", paths)} would both be written to {clash}{task.Extension}: rename one, or work on them apart";
    }

    /// <summary>The name that "NAME_0001" would be a piece of; null where it is no piece's name.</summary>
    private static string? WholeOf(string id)
    {
        var mark = id.Length - PieceDigits - 1;
        return mark > 0 && id[mark] == '_' && id.AsSpan(mark + 1).IndexOfAnyExceptInRange('0', '9') < 0 ? id[..mark] : null;
    }
}
