using VoiceKit.Audio;
using VoiceKit.Conversion;
using VoiceKit.Features;
using VoiceKit.Pitch;

namespace VoiceKit.Tests.TestKit;

/// <summary>
/// A small model of the corpus that ships, trained once for all tests: 8 sentences, 4 mixtures, DIO; and three sentences that it has not
/// heard.
/// </summary>
internal sealed class TrainedVoice
{
    public const int TrainingCount = 8;
    private const int HeldOutStart = 25;
    private const int HeldOutCount = 3;
    private static readonly Lazy<TrainedVoice> Lazily = new(() => new TrainedVoice());

    private TrainedVoice()
    {
        var training = RecordingPairs.Find(SourceFolder, TargetFolder, limit: TrainingCount);
        var (source, target) = training.Read();
        (SourceRange, TargetRange) = (F0RangeFinder.Find(source), F0RangeFinder.Find(target));
        Training = training.Extract(source, target, Options.Features.WithDetail(source[0].SampleRate), SourceRange, TargetRange);
        Result = new VoiceModelTrainer(Options).Train(Training, SourceRange, TargetRange);
        HeldOutFiles = RecordingPairs.Find(SourceFolder, TargetFolder, HeldOutStart, HeldOutCount);
        var (heldOutSource, heldOutTarget) = HeldOutFiles.Read(Model.SampleRate);
        HeldOutSource = heldOutSource;
        HeldOut = HeldOutFiles.Extract(heldOutSource, heldOutTarget, Model.Features, SourceRange, TargetRange);
        using var folder = new ScratchFolder();
        VoiceModelFile.Write(folder["model"], Model);
        FileBytes = File.ReadAllBytes(folder["model"]);
    }

    public static TrainingOptions Options { get; } =
        new()
        {
            Features = new FeatureOptions { F0Method = F0Method.Dio },
            MixtureCount = 4,
            AlignmentPasses = 2,
            Iterations = 3,
        };

    public static string SourceFolder { get; } = Path.Combine(AppContext.BaseDirectory, "corpora", "flite", "slt");

    public static string TargetFolder { get; } = Path.Combine(AppContext.BaseDirectory, "corpora", "flite", "rms");

    public static TrainedVoice Shared => Lazily.Value;

    public F0Range SourceRange { get; }

    public F0Range TargetRange { get; }

    public IReadOnlyList<UtterancePair> Training { get; }

    public TrainingResult Result { get; }

    public VoiceModel Model => Result.Model;

    public RecordingPairs HeldOutFiles { get; }

    public IReadOnlyList<Waveform> HeldOutSource { get; }

    public IReadOnlyList<UtterancePair> HeldOut { get; }

    /// <summary>The model's file.</summary>
    public byte[] FileBytes { get; }
}
