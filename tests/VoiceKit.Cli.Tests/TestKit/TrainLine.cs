namespace VoiceKit.Tests.TestKit;

/// <summary>A command line that trains in a second or two.</summary>
internal static class TrainLine
{
    public static string[] Of(string output, params string[] more) =>
        [
            "train",
            "--source",
            TrainedVoice.SourceFolder,
            "--target",
            TrainedVoice.TargetFolder,
            "--limit",
            "5",
            "--mixtures",
            "2",
            "--passes",
            "2",
            "--iterations",
            "2",
            "--f0-method",
            "dio",
            "-o",
            output,
            .. more,
        ];
}
