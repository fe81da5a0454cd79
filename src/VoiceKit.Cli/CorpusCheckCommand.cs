using System.CommandLine;
using VoiceKit.Audio;
using VoiceKit.Corpora;
using VoiceKit.Files;

namespace VoiceKit.Cli;

/// <summary>voicekit corpus check.</summary>
internal static class CorpusCheckCommand
{
    public static Command Create(CommandConsole console)
    {
        var corpus = new Argument<string>("CORPUS") { Description = "A folder of recordings, best with one subfolder a speaker, or one file." };
        var speaker = new SpeakerOption();
        var (json, jobs) = (SharedOptions.Json(), SharedOptions.Jobs());
        var command = new Command("check", """
            Look at every recording: can it be decoded, is it long, loud and clean enough, is it there twice, does each speaker have it?
            Exits with 3 when a recording cannot be used.

              voicekit corpus check recordings/
              voicekit corpus check recordings/ --json | jq '.files[] | select(.snr_db < 20) | .path'

            level: integrated loudness (ITU-R BS.1770-4). SNR: speech over the noise in the pauses, "-" where there is no pause, "inf" where
            pauses are digital silence. clipped: the share of samples at full scale. before, after: the silence around the speech.
            Names are compared among the folders directly below the corpus' that have a name in common with another one.
            """) { corpus, speaker.Option, json, jobs };
        command.SetAction(result =>
        {
            var path = result.GetRequiredValue(corpus);
            var items = CorpusSource.Open(path, speakers: speaker.Parse(result), warn: console.Warn).ToArray();
            var others = Directory.Exists(path) && !ManifestFile.IsManifest(path) ? OtherFiles.Below(path) : [];
            if (items.Length == 0)
                throw new BadFileException(path, null, $"there is no recording in it{(others.Count > 0 ? $", but {OtherFiles.Describe(others)}" : "")}; audio files are known by their names ({string.Join(", ", AudioFile.Extensions)})");
            if (items.Length == 1 && items[0].Path == path && !Path.Exists(path))
                throw new FileNotFoundException($"{path}: there is no such file or folder", path);
            var report = CorpusCheck.Run(items, result.GetValue(jobs), (done, all) => console.Progress($"{done} of {all} recordings", (double)done / all), console.Cancellation) with { OtherFiles = others };
            if (result.GetValue(json))
                CorpusReportJson.Write(report, console.Output);
            else
                CorpusTable.Write(report, console.Output);
            if (report.UnusableCount == 0)
                return ExitCode.Done;
            console.Complain($"{report.UnusableCount} of {report.Recordings.Count} recordings cannot be used: the remarks say why; repair them or take them out");
            return ExitCode.BadInput;
        });
        return command;
    }
}
