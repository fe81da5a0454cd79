using VoiceKit.Devices;
using VoiceKit.Networks;
using VoiceKit.Numerics;
using VoiceKit.Tensors;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Networks;

public class LearningTests
{
    public static TheoryData<string> Devices => TestDevices.Fast;

    [Theory]
    [MemberData(nameof(Devices))]
    public void Dense_ExclusiveOr_IsLearnt(string deviceName)
    {
        using var network = new TestNetwork(TestDevices.Create(deviceName));
        var (hidden, last) = (new Dense(network.Parameters, "hidden", 2, 8), new Dense(network.Parameters, "last", 8, 1));
        network.Allocate(isRandom: false);
        var device = network.Device;
        var input = device.Variable(new TensorShape(4, 2), 0, 0, 0, 1, 1, 0, 1, 1);
        var target = device.Variable(new TensorShape(4, 1), 0, 1, 1, 0);
        var pass = new ForwardPass(true);
        var logits = last.Apply(hidden.Apply(input, pass).Tanh(), pass);

        // Cross-entropy: log(1 + e^z) - t z.
        var loss = (logits.Softplus() - (target * logits)).Mean();
        using var adam = new Adam(
            device,
            network.Parameters,
            new AdamOptions
            {
                LearningRate = 0.03,
                Beta1 = 0.9,
                Beta2 = 0.999,
            }
        );
        using var program = new ComputeProgram(
            device,
            [loss, logits.Sigmoid()],
            adam.Step(Differentiation.Gradients(loss, network.Parameters.Variables))
        );
        program.Run();
        Assert.True(program.Read(loss)[0] > 0.5);
        for (var run = 0; run < 500; run++)
            program.Run();
        Assert.True(program.Read(loss)[0] < 0.05);
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void WassersteinPair_OneDimension_MovesItsMeanToTheTarget(string deviceName)
    {
        const int Batch = 32,
            Runs = 300;
        using var generator = new TestNetwork(TestDevices.Create(deviceName));
        using var critic = new TestNetwork();
        Layer[] generating = [new Dense(generator.Parameters, "g1", 1, 8), new Dense(generator.Parameters, "g2", 8, 1)];
        Layer[] judging =
        [
            new Dense(critic.Parameters, "c1", 1, 16),
            new Dense(critic.Parameters, "c2", 16, 16),
            new Dense(critic.Parameters, "c3", 16, 1),
        ];
        var device = generator.Device;
        generator.Allocate(isRandom: false);
        critic.Parameters.Allocate(device, new RandomNumbers(11));
        var (noise, real, share) = (
            new Variable(device, new TensorShape(Batch, 1)),
            new Variable(device, new TensorShape(Batch, 1)),
            new Variable(device, new TensorShape(Batch, 1))
        );
        var pass = new ForwardPass(true);
        Tensor Through(Layer[] layers, Tensor x) =>
            layers[1..].Aggregate(layers[0].Apply(x, pass), (hidden, layer) => layer.Apply(hidden.LeakyRelu(), pass));

        // WGAN-GP (Gulrajani et al. 2017): the critic's slope between real and generated numbers is held near 1.
        var made = Through(generating, noise);
        var constant = made.StopGradient();
        var between = constant + (share * (real - constant));
        var slope = Differentiation.Gradients(Through(judging, between).Sum(), between)[0];
        var penalty = ((slope.Square().Sum(1) + 1e-12f).Sqrt() - 1).Square().Mean();
        var criticLoss = Through(judging, constant).Mean() - Through(judging, real).Mean() + (10 * penalty);
        var generatorLoss = -Through(judging, made).Mean();
        using var criticAdam = new Adam(device, critic.Parameters, new AdamOptions { LearningRate = 0.04 });
        using var generatorAdam = new Adam(device, generator.Parameters, new AdamOptions { LearningRate = 0.003 });
        using var criticStep = new ComputeProgram(
            device,
            [],
            criticAdam.Step(Differentiation.Gradients(criticLoss, critic.Parameters.Variables))
        );
        using var generatorStep = new ComputeProgram(
            device,
            [made],
            generatorAdam.Step(Differentiation.Gradients(generatorLoss, generator.Parameters.Variables))
        );

        var random = new RandomNumbers(5);
        void Draw(Variable variable, Func<double> value) =>
            device.Upload([.. Enumerable.Range(0, Batch).Select(_ => (float)value())], variable.Storage);
        var mean = 0.0;
        for (var run = 0; run < Runs; run++)
        {
            // The pair circles around the target: smaller and smaller steps bring it there.
            generatorAdam.RateFactor = 1 - ((double)run / Runs);
            for (var step = 0; step < 5; step++)
            {
                Draw(noise, random.NextNormal);
                Draw(real, () => 3 + (0.5 * random.NextNormal()));
                Draw(share, random.NextUniform);
                criticStep.Run();
            }

            generatorStep.Run();
            mean = (0.9 * mean) + (0.1 * generatorStep.Read(made).Average());
            if (run == 0)
                Assert.InRange(generatorStep.Read(made).Average(), -1.5, 1.5);
        }

        Assert.InRange(mean, 2, 4);
    }
}
