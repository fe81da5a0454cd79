using System.CommandLine;
using VoiceKit.Corpora;

namespace VoiceKit.Cli;

/// <summary>The options that say what a batch works on and where it writes.</summary>
internal sealed class BatchInputOptions
{
    private readonly Argument<string?> input = new("INPUT")
    {
        Description = "A folder, a quoted pattern such as 'corpus/**/*.wav', a manifest (lhotse .jsonl, Kaldi folder) or one file.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string> output = new("--output", "-o") { Description = "The folder to write to.", Required = true };
    private readonly Option<string?> filesFrom = new("--files-from") { Description = "Read the names of the inputs from a file, one a line; - is standard input. They are relative to INPUT if that is given." };
    private readonly Option<bool> nul = new("--null", "-0") { Description = "The names in --files-from end in NUL characters, as find -print0 writes them." };

    public void AddTo(Command command)
    {
        command.Arguments.Add(input);
        command.Options.Add(output);
        command.Options.Add(filesFrom);
        command.Options.Add(nul);
    }

    public string Output(ParseResult result) => OutputName.RequireFolder("-o", result.GetRequiredValue(output));

    /// <summary>What the items come from, for a message.</summary>
    public string Describe(ParseResult result) => result.GetValue(filesFrom) ?? result.GetValue(input) ?? "";

    /// <summary>The items that were asked for.</summary>
    public IEnumerable<CorpusItem> Items(ParseResult result, CommandConsole console)
    {
        var (root, list) = (result.GetValue(input), result.GetValue(filesFrom));
        if (list is null)
        {
            return result.GetValue(nul) ? throw new UsageException("-0 goes with --files-from")
                : root is null ? throw new UsageException("INPUT is missing: give a folder, a pattern, a manifest or --files-from LIST")
                : CorpusSource.Open(root, except: Output(result), warn: console.Warn);
        }

        if (list != WorkItems.Standard && !File.Exists(list))
            throw new FileNotFoundException($"{list}: there is no such file", list);
        using var reader = list == WorkItems.Standard ? new StreamReader(StandardStreams.OpenInput()) : new StreamReader(list);
        return FileList.Read(reader, result.GetValue(nul) ? '\0' : '\n', root);
    }
}
