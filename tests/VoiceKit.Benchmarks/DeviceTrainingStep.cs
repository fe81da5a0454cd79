using System.Diagnostics;
using System.Globalization;
using VoiceKit.Devices;
using VoiceKit.Networks;
using VoiceKit.Numerics;
using VoiceKit.Tensors;

namespace VoiceKit.Benchmarks;

/// <summary>
/// Times one training step of critic and generator of the 2-D reference network with WGAN-GP on a device: the network, the shapes and
/// the loss of tools/compare_training_step_2d.py, which does it in PyTorch.
/// </summary>
internal static class DeviceTrainingStep
{
    private const int Batch = 64,
        Height = 64,
        Width = 84,
        Channels = 32,
        NoiseLength = 128,
        Hidden = 8 * Channels * 4 * 7;

    private static readonly KernelExtent Square = KernelExtent.Square(4, 2, 1),
        Wide = new(3, 3, 0, 4, 2, 1),
        Tall = new(3, 1, 1, 4, 2, 1);

    /// <summary>Prints steps/s; the argument is the device.</summary>
    public static void Run(string[] args)
    {
        using var device = BenchmarkDevice.Take(args);
        using var training = new Training(device);
        var count = device is CpuDevice || args[0] == "simulator" ? 1 : 20;
        for (var warmUp = 0; warmUp < Math.Min(count, 3); warmUp++)
            training.Step();
        training.Wait();
        var best = 0.0;
        for (var begin = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begin).TotalSeconds < 10;)
        {
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < count; i++)
                training.Step();
            training.Wait();
            best = Math.Max(best, count / Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{best:F2} steps/s at best, {training.Size}, {device.Name}"));
        BenchmarkResult.Print(("device", device.Name), ("steps_per_s", best));
    }

    /// <summary>Prints the operations that a step spends its time in; the argument is the device.</summary>
    public static void Profile(string[] args)
    {
        using var device = new ProfiledDevice(BenchmarkDevice.Take(args));
        using var training = new Training(device);
        for (var warmUp = 0; warmUp < 2; warmUp++)
            training.Step();
        device.Reset();
        const int Rounds = 5;
        for (var round = 0; round < Rounds; round++)
            training.Step();
        device.Print(Rounds, 40);
        BenchmarkResult.Print(("device", device.Name));
    }

    private sealed class Training : IDisposable
    {
        private readonly RandomNumbers random = new(1);
        private readonly ComputeDevice device;
        private readonly ParameterSet generatorParameters = new(),
            criticParameters = new(),
            state = new();
        private readonly Generator generator;
        private readonly Critic critic;
        private readonly Variable real,
            criticNoise,
            generatorNoise,
            share;
        private readonly Adam generatorAdam,
            criticAdam;
        private readonly ComputeProgram criticStep,
            generatorStep;
        private readonly Tensor generatorLoss;
        private readonly float[] noise = new float[Batch * NoiseLength],
            shares = new float[Batch];

        public Training(ComputeDevice device)
        {
            this.device = device;
            (generator, critic) = (new Generator(generatorParameters, state), new Critic(criticParameters));
            foreach (var set in new[] { generatorParameters, criticParameters, state })
                set.Allocate(device, random);
            real = new Variable(device, new TensorShape(Batch, Height, Width, 1));
            (criticNoise, generatorNoise) = (
                new Variable(device, new TensorShape(Batch, NoiseLength)),
                new Variable(device, new TensorShape(Batch, NoiseLength))
            );
            share = new Variable(device, new TensorShape(Batch, 1, 1, 1));
            var roll = new float[real.Shape.Length];
            for (var line = 0; line < roll.Length / Width; line++)
                roll[(line * Width) + random.NextIndex(Width)] = 1;
            device.Upload(roll, real.Storage);
            generatorAdam = new Adam(device, generatorParameters, new AdamOptions());
            criticAdam = new Adam(device, criticParameters, new AdamOptions { LearningRate = 4e-4 });

            var pass = new ForwardPass(isTraining: true);
            var fake = generator.Apply(criticNoise, pass).StopGradient();
            var between = (share * (real - fake)) + fake;
            var slope = Differentiation.Gradients(critic.Apply(between, pass).Sum(), between)[0];
            var penalty = (slope.Square().Sum(1, 2, 3).Sqrt() - 1).Square().Mean();
            var loss = critic.Apply(fake, pass).Mean() - critic.Apply(real, pass).Mean() + (10 * penalty);
            criticStep = new ComputeProgram(
                device,
                [loss],
                [criticAdam.Step(Differentiation.Gradients(loss, criticParameters.Variables)), .. pass.Updates]
            );

            pass = new ForwardPass(isTraining: true);
            generatorLoss = -critic.Apply(generator.Apply(generatorNoise, pass), pass).Mean();
            generatorStep = new ComputeProgram(
                device,
                [generatorLoss],
                [generatorAdam.Step(Differentiation.Gradients(generatorLoss, generatorParameters.Variables)), .. pass.Updates]
            );
        }

        public string Size =>
            $"G {generatorParameters.Length} D {criticParameters.Length}, "
            + $"{criticStep.OperationCount + generatorStep.OperationCount} operations";

        public void Step()
        {
            Draw(criticNoise);
            foreach (ref var value in shares.AsSpan())
                value = (float)random.NextUniform();
            device.Upload(shares, share.Storage);
            criticStep.Run();
            Draw(generatorNoise);
            generatorStep.Run();
        }

        /// <summary>Reading the loss waits for all that was queued.</summary>
        public void Wait()
        {
            if (!float.IsFinite(generatorStep.Read(generatorLoss)[0]))
                throw new ArithmeticException("The loss is no number.");
        }

        public void Dispose()
        {
            foreach (
                var item in (IDisposable[])
                    [criticStep, generatorStep, generatorAdam, criticAdam, generatorParameters, criticParameters, state]
            )
                item.Dispose();
        }

        private void Draw(Variable variable)
        {
            foreach (ref var value in noise.AsSpan())
                value = (float)random.NextNormal();
            device.Upload(noise, variable.Storage);
        }
    }

    private sealed class Generator(ParameterSet parameters, ParameterSet state) : Layer
    {
        private readonly Dense first = new(parameters, "first", NoiseLength, Hidden);
        private readonly BatchNormalization firstNormalization = new(parameters, state, "first.normalization", Hidden);
        private readonly ConvolutionLayer[] up =
        [
            new(parameters, "up0", 8 * Channels, 4 * Channels, Square, isTransposed: true),
            new(parameters, "up1", 4 * Channels, 2 * Channels, Square, isTransposed: true),
            new(parameters, "up2", 2 * Channels, Channels, Wide, isTransposed: true),
        ];

        private readonly BatchNormalization[] normalizations =
        [
            .. new[] { 4, 2, 1 }.Select(factor => new BatchNormalization(parameters, state, $"normalization{factor}", factor * Channels)),
        ];
        private readonly ConvolutionLayer last = new(parameters, "last", Channels, 1, Tall, isTransposed: true);

        public override Tensor Apply(Tensor input, ForwardPass pass)
        {
            var x = firstNormalization.Apply(first.Apply(input, pass), pass).Relu().Reshape(Batch, 4, 7, 8 * Channels);
            foreach (var (layer, normalization) in up.Zip(normalizations))
                x = normalization.Apply(layer.Apply(x, pass), pass).Relu();
            return last.Apply(x, pass).Sigmoid();
        }
    }

    private sealed class Critic(ParameterSet parameters) : Layer
    {
        private readonly ConvolutionLayer[] down =
        [
            new(parameters, "down0", 2, Channels, Tall),
            new(parameters, "down1", Channels, 2 * Channels, Wide),
            new(parameters, "down2", 2 * Channels, 4 * Channels, Square),
            new(parameters, "down3", 4 * Channels, 8 * Channels, Square),
        ];

        private readonly Dense last = new(parameters, "last", Hidden, 1);

        public override Tensor Apply(Tensor input, ForwardPass pass)
        {
            // What changes from one time to the next is a channel of its own.
            var changes = input - input.Slice(1, 0, Height - 1).Pad(1, 1, Height);
            var x = down.Aggregate(Tensor.Concatenate(3, input, changes), (x, layer) => layer.Apply(x, pass).LeakyRelu());
            return last.Apply(x.Reshape(Batch, Hidden), pass);
        }
    }
}
