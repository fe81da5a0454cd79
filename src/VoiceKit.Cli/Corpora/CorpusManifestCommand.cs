using System.CommandLine;
using System.IO.Compression;
using VoiceKit.Corpora;
using VoiceKit.Files;

namespace VoiceKit.Cli;

/// <summary>voicekit corpus manifest.</summary>
internal static class CorpusManifestCommand
{
    public static Command Create(CommandConsole console)
    {
        var input = new Argument<string>("IN")
        {
            Description =
                "A folder of recordings, a Kaldi data directory, lhotse's recordings or a list of VoiceKit's (.jsonl, .jsonl.gz).",
        };
        var output = new Option<string>("--output", "-o")
        {
            Description = "The manifest: a name in .jsonl or .jsonl.gz for lhotse, else a folder for Kaldi.",
            Required = true,
        };
        var format = new Option<string?>("--format")
        {
            Description = "lhotse, kaldi, or items for VoiceKit's own list; by default OUT's name decides.",
        }.AcceptOnlyFromAmong("lhotse", "kaldi", "items");
        var speaker = new SpeakerOption();
        var relative = new Option<bool>("--relative")
        {
            Description = "Write paths from the manifest's folder, so that both can be moved together; else they are absolute.",
        };
        var command = new Command(
            "manifest",
            """
            List the recordings of a folder, or of another manifest, for lhotse, Kaldi or VoiceKit.

              voicekit corpus manifest recordings/ -o recordings.jsonl.gz      lhotse; who speaks is in supervisions.jsonl.gz beside
              voicekit corpus manifest recordings/ -o data/train               Kaldi's wav.scp, utt2spk, spk2utt, text, segments
              voicekit corpus manifest data/train -o recordings_train.jsonl    from one to the other
              voicekit corpus manifest data/train -o list.jsonl --format items

            A folder's first subfolders are taken for the speakers; --speaker-from takes others. Recordings that cannot be
            read are left out for lhotse, which asks for their lengths, and the program ends with 1. A command in a wav.scp is
            refused: it is code.
            """
        )
        {
            input,
            output,
            format,
            speaker.Option,
            relative,
        };
        command.SetAction(result =>
        {
            var (source, target) = (result.GetRequiredValue(input), result.GetRequiredValue(output));
            if (target == WorkItems.Standard)
                throw new UsageException("-o -: a manifest is written to a file or a folder, not to standard output");
            var kind = result.GetValue(format) ?? (ManifestFile.IsJsonLines(target) ? "lhotse" : "kaldi");
            _ =
                kind == "kaldi"
                    ? OutputName.RequireFolder("-o", target)
                    : OutputName.RequireFile("-o", target, ".jsonl", kind == "items" ? ".gz" : ".jsonl.gz");
            var folder = Path.GetFullPath(kind == "kaldi" ? target : Path.GetDirectoryName(Path.GetFullPath(target))!);
            return Write(console, kind, target, Items(console, source, speaker.Parse(result)), result.GetValue(relative) ? folder : null);
        });
        return command;
    }

    private static IEnumerable<CorpusItem> Items(CommandConsole console, string source, SpeakerNames speakers)
    {
        var isEmpty = true;
        foreach (var item in CorpusSource.Open(source, speakers: speakers, warn: console.Warn).Select(item => CorpusId.Admit(item)))
        {
            console.Cancellation.ThrowIfCancellationRequested();
            isEmpty = false;
            yield return item with
            {
                Path = Path.GetFullPath(item.Path),
            };
        }

        if (isEmpty)
            throw new BadFileException(source, null, "there are no recordings in it");
    }

    private static int Write(CommandConsole console, string kind, string target, IEnumerable<CorpusItem> items, string? relativeTo)
    {
        var (leftOut, all) = (0, items);
        items = all.Where(IsUsable);
        void LeaveOut(CorpusItem item, Exception exception)
        {
            leftOut++;
            console.Warn($"left out: {CommandLine.Judge(exception).Message.ReplaceLineEndings(" ")}");
        }

        bool IsUsable(CorpusItem item)
        {
            if (item.Fault is not null)
                LeaveOut(item, new BadFileException(item.Path, null, item.Fault));
            return item.Fault is null;
        }

        var count = kind switch
        {
            "kaldi" => KaldiDirectory.Write(target, items, relativeTo),
            "lhotse" => LhotseManifest.Write(target, items, LeaveOut, relativeTo),
            _ => WriteList(
                target,
                items.Select(item => relativeTo is null ? item : item with { Path = Path.GetRelativePath(relativeTo, item.Path) })
            ),
        };
        console.Say($"{target}: {count} recordings listed{(leftOut > 0 ? $", {leftOut} left out" : "")}");
        return leftOut > 0 ? ExitCode.SomeFailed : ExitCode.Done;
    }

    private static int WriteList(string target, IEnumerable<CorpusItem> items)
    {
        var count = 0;
        AtomicFile.Write(
            target,
            stream =>
            {
                using var packed = target.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
                    ? new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true)
                    : null;
                count = CorpusItemList.Write(packed ?? stream, items);
            }
        );
        return count;
    }
}
