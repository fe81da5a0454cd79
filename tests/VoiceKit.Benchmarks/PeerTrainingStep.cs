using System.Diagnostics;
using System.Globalization;
using VoiceKit.Devices;
using VoiceKit.Networks;
using VoiceKit.Numerics;
using VoiceKit.Tensors;

namespace VoiceKit.Benchmarks;

/// <summary>
/// Times one training step of critic and generator of a small 1-D network with WGAN-GP: the network, the shapes and the loss of
/// tools/compare_training_step.py, which does it in PyTorch.
/// </summary>
internal static class PeerTrainingStep
{
    private const int Batch = 32,
        Steps = 32,
        Voices = 4,
        States = 48,
        Channels = 128,
        NoiseLength = 128;
    private const float PenaltyWeight = 10;

    /// <summary>Prints steps/s; the one argument is the number of threads.</summary>
    public static void Run(string[] args)
    {
        using var device = new CpuDevice(args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1);
        using var training = new SmallGan(device);
        for (var warmUp = 0; warmUp < 3; warmUp++)
            training.Step();
        var (best, allocated) = (double.MaxValue, GC.GetAllocatedBytesForCurrentThread());
        var begin = Stopwatch.GetTimestamp();
        var count = 0;
        for (; Stopwatch.GetElapsedTime(begin).TotalSeconds < 6; count++)
        {
            var start = Stopwatch.GetTimestamp();
            training.Step();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{1 / best:F2} steps/s at best, {count / Stopwatch.GetElapsedTime(begin).TotalSeconds:F2} on average, "
                    + $"{allocated} bytes allocated, {training.ParameterCounts}"
            )
        );
    }

    private sealed class SmallGan : IDisposable
    {
        private readonly RandomNumbers random = new(1);
        private readonly ComputeDevice device;
        private readonly ParameterSet generatorParameters = new(),
            criticParameters = new(),
            state = new();
        private readonly Variable real,
            criticNoise,
            generatorNoise,
            mix;
        private readonly Adam generatorAdam,
            criticAdam;
        private readonly ComputeProgram criticStep,
            generatorStep;
        private readonly float[] noise = new float[Batch * NoiseLength],
            shares = new float[Batch];
        private readonly Generator generator;
        private readonly Critic critic;

        public SmallGan(ComputeDevice device)
        {
            this.device = device;
            generator = new Generator(generatorParameters, state);
            critic = new Critic(criticParameters);
            generatorParameters.Allocate(device, random);
            criticParameters.Allocate(device, random);
            state.Allocate(device, random);
            real = new Variable(device, new TensorShape(Batch, Steps, Voices * States));
            (criticNoise, generatorNoise) = (
                new Variable(device, new TensorShape(Batch, NoiseLength)),
                new Variable(device, new TensorShape(Batch, NoiseLength))
            );
            mix = new Variable(device, new TensorShape(Batch, 1, 1));
            generatorAdam = new Adam(device, generatorParameters, new AdamOptions());
            criticAdam = new Adam(device, criticParameters, new AdamOptions { LearningRate = 4e-4 });
            var values = new float[real.Shape.Length];
            for (var row = 0; row < values.Length / States; row++)
                values[(row * States) + random.NextIndex(States)] = 1;
            device.Upload(values, real.Storage);
            criticStep = CriticStep();
            generatorStep = GeneratorStep();
        }

        public string ParameterCounts => $"G {generatorParameters.Length} D {criticParameters.Length}";

        public void Step()
        {
            Draw(criticNoise);
            for (var i = 0; i < shares.Length; i++)
                shares[i] = (float)random.NextUniform();
            device.Upload(shares, mix.Storage);
            criticStep.Run();
            Draw(generatorNoise);
            generatorStep.Run();
        }

        public void Dispose()
        {
            foreach (
                var item in (IDisposable[])
                    [criticStep, generatorStep, generatorAdam, criticAdam, generatorParameters, criticParameters, state]
            )
                item.Dispose();
        }

        private ComputeProgram CriticStep()
        {
            var pass = new ForwardPass(isTraining: true);
            var fake = generator.Apply(criticNoise, pass).StopGradient();
            var between = (mix * (real - fake)) + fake;
            var slope = Differentiation.Gradients(critic.Apply(between, pass).Sum(), between)[0];
            var norm = slope.Square().Sum(1, 2).Sqrt();
            var loss = critic.Apply(fake, pass).Mean() - critic.Apply(real, pass).Mean() + (PenaltyWeight * (norm - 1).Square().Mean());
            return new ComputeProgram(
                device,
                [loss],
                [criticAdam.Step(Differentiation.Gradients(loss, criticParameters.Variables)), .. pass.Updates]
            );
        }

        private ComputeProgram GeneratorStep()
        {
            var pass = new ForwardPass(isTraining: true);
            var loss = -critic.Apply(generator.Apply(generatorNoise, pass), pass).Mean();
            return new ComputeProgram(
                device,
                [loss],
                [generatorAdam.Step(Differentiation.Gradients(loss, generatorParameters.Variables)), .. pass.Updates]
            );
        }

        private void Draw(Variable variable)
        {
            for (var i = 0; i < noise.Length; i++)
                noise[i] = (float)random.NextNormal();
            device.Upload(noise, variable.Storage);
        }
    }

    private sealed class Generator(ParameterSet parameters, ParameterSet state) : Layer
    {
        private readonly Dense first = new(parameters, "first", NoiseLength, Steps / 8 * Channels);
        private readonly BatchNormalization firstNormalization = new(parameters, state, "first.normalization", Steps / 8 * Channels);
        private readonly Layer[] up =
        [
            .. Enumerable
                .Range(0, 3)
                .Select(level => new ConvolutionLayer(
                    parameters,
                    $"up{level}",
                    Channels,
                    Channels,
                    new KernelExtent(4, 2, 1),
                    isTransposed: true
                )),
        ];
        private readonly Layer[] normalizations =
        [
            .. Enumerable.Range(0, 3).Select(level => new BatchNormalization(parameters, state, $"up{level}.normalization", Channels)),
        ];
        private readonly ConvolutionLayer last = new(parameters, "last", Channels, Voices * States, new KernelExtent(3, 1, 1));

        public override Tensor Apply(Tensor input, ForwardPass pass)
        {
            var x = firstNormalization.Apply(first.Apply(input, pass), pass).Relu().Reshape(Batch, Steps / 8, Channels);
            foreach (var (layer, normalization) in up.Zip(normalizations))
                x = normalization.Apply(layer.Apply(x, pass), pass).Relu();
            return last.Apply(x, pass).Reshape(Batch, Steps, Voices, States).Softmax().Reshape(Batch, Steps, Voices * States);
        }
    }

    private sealed class Critic(ParameterSet parameters) : Layer
    {
        private readonly Layer[] down =
        [
            .. Enumerable
                .Range(0, 3)
                .Select(level => new ConvolutionLayer(
                    parameters,
                    $"down{level}",
                    level == 0 ? Voices * States : Channels,
                    Channels,
                    new KernelExtent(4, 2, 1)
                )),
        ];
        private readonly Dense last = new(parameters, "last", Steps / 8 * Channels, 1);

        public override Tensor Apply(Tensor input, ForwardPass pass)
        {
            var x = down.Aggregate(input, (x, layer) => layer.Apply(x, pass).LeakyRelu());
            return last.Apply(x.Reshape(Batch, Steps / 8 * Channels), pass);
        }
    }
}
