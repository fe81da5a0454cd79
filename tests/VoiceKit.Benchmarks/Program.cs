using BenchmarkDotNet.Running;
using VoiceKit.Benchmarks;

// A comparison with a peer library is a verb of its own: it times both in turn in one process. So is what tools/measure-batch.sh asks for.
// Everything else goes to BenchmarkDotNet.
var peers = new Dictionary<string, Action<string[]>>
{
    ["peer-fft"] = PeerFft.Run,
    ["peer-mel"] = PeerMel.Run,
    ["peer-matmul"] = PeerMatrixMultiplication.Run,
    ["peer-mcep"] = PeerMcep.Run,
    ["peer-transposed-convolution"] = PeerTransposedConvolution.Run,
    ["peer-training-step"] = PeerTrainingStep.Run,
    ["peer-world"] = PeerWorld.Run,
    ["device-matmul"] = DeviceMatrixMultiplication.Run,
    ["device-expectation"] = DeviceExpectation.Run,
    ["device-mel"] = DeviceMel.Run,
    ["device-training-step"] = DeviceTrainingStep.Run,
    ["device-training-profile"] = DeviceTrainingStep.Profile,
    ["make-clips"] = BatchClips.Make,
    ["analyse-clips"] = BatchClips.Analyse,
};

if (args.Length > 0 && peers.TryGetValue(args[0], out var peer))
    peer(args[1..]);
else
    RunMicroBenchmarks(args);

// A method of its own: a comparison does not load BenchmarkDotNet, which tools/gpu-check.sh leaves out of its bundle.
static void RunMicroBenchmarks(string[] args) => BenchmarkSwitcher.FromAssembly(typeof(PeerFft).Assembly).Run(args);
