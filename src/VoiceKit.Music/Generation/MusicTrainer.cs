using VoiceKit.Devices;
using VoiceKit.Files;
using VoiceKit.Networks;
using VoiceKit.Numerics;
using VoiceKit.Tensors;

namespace VoiceKit.Music;

/// <summary>The figures of a training step.</summary>
/// <param name="CriticDistance">The critic's mean score of real snippets less that of generated ones: an estimate of how far apart they
/// are.</param>
/// <param name="GeneratorLoss">The critic's mean score of generated snippets, negated.</param>
public readonly record struct TrainingFigures(float CriticDistance, float GeneratorLoss)
{
    /// <summary>Gets whether both are finite.</summary>
    public bool AreFinite => float.IsFinite(CriticDistance) && float.IsFinite(GeneratorLoss);
}

/// <summary>
/// Trains a generator of snippets against a critic: a Wasserstein GAN with gradient penalty (Gulrajani et al. 2017, algorithm 1). The
/// generator gives probabilities of states; the critic sees them, and real snippets, through <see cref="RollFeatures"/>.
/// </summary>
public sealed class MusicTrainer : IDisposable
{
    private const double DecayRatio = 0.1;
    private const double MinRate = 0.05;

    /// <summary>The share of a voice's steps at either end that is no part of its range.</summary>
    private const double RareRatio = 0.005;

    private readonly ComputeDevice device;
    private readonly MusicTrainingOptions options;
    private readonly IReadOnlyList<PianoRoll> windows;
    private readonly ParameterSet generatorParameters = new(),
        averageParameters = new(),
        criticParameters = new(),
        constants = new(),
        averageConstants = new();
    private readonly SnippetGenerator generator;
    private readonly SnippetCritic critic;
    private readonly RollFeatures features;
    private readonly Adam generatorAdam,
        criticAdam;
    private readonly MovingAverage average;
    private readonly Variable realStates,
        noise,
        epsilon;
    private readonly ComputeProgram plainCriticStep,
        penalisedCriticStep,
        generatorStep;
    private readonly VoiceRange[] voiceRanges;
    private readonly float[] hostStates,
        hostNoise,
        hostEpsilon;
    private readonly float[] distance = new float[1],
        loss = new float[1];
    private readonly Tensor plainDistance,
        penalisedDistance,
        generatorLoss;
    private bool isPenalised;
    private RandomNumbers random;

    /// <summary>Prepares the training.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="options">How.</param>
    /// <param name="windows">Real snippets of the layout's grid.</param>
    /// <exception cref="ArgumentException">There is no window, one has another grid, or the batch is no multiple of 8.</exception>
    public MusicTrainer(ComputeDevice device, MusicTrainingOptions options, IReadOnlyList<PianoRoll> windows)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(windows);
        options.Layout.Validate();
        if (options.BatchSize < 1 || options.BatchSize % SnippetCritic.GroupSize != 0)
            throw new ArgumentOutOfRangeException(nameof(options), options.BatchSize, "The batch is a multiple of 8.");
        if (windows.Count == 0)
            throw new ArgumentException("There is no music to train on.", nameof(windows));
        if (windows.FirstOrDefault(window => !Fits(window, options.Layout)) is { } misfit)
            throw new ArgumentException(
                $"A window of {misfit.StepCount} steps and {misfit.VoiceCount} voices does not fit the layout.",
                nameof(windows)
            );
        (this.device, this.options, this.windows) = (device, options, windows);
        var (layout, batch) = (options.Layout, options.BatchSize);
        random = new RandomNumbers(options.Seed);
        voiceRanges = [.. Enumerable.Range(0, layout.VoiceCount).Select(Range)];
        generator = new SnippetGenerator(generatorParameters, constants, layout, options.Generator, StateLogits());
        _ = new SnippetGenerator(averageParameters, averageConstants, layout, options.Generator);
        features = new RollFeatures(device, layout);
        critic = new SnippetCritic(criticParameters, layout, features.Width, options.CriticChannels);
        foreach (var parameters in (ParameterSet[])[generatorParameters, averageParameters, criticParameters, constants, averageConstants])
            parameters.Allocate(device, random);
        device.Copy(generatorParameters.Storage, averageParameters.Storage);
        var adam = new AdamOptions
        {
            LearningRate = options.LearningRate,
            Beta1 = 0,
            Beta2 = 0.99,
        };
        (generatorAdam, criticAdam) = (new Adam(device, generatorParameters, adam), new Adam(device, criticParameters, adam));
        average = new MovingAverage(averageParameters, generatorParameters);
        realStates = new Variable(device, new TensorShape(batch, layout.StepCount, layout.VoiceCount));
        noise = new Variable(device, new TensorShape(batch, SnippetGenerator.NoiseLength(layout, options.Generator)));
        epsilon = new Variable(device, new TensorShape(batch, 1, 1));
        (hostStates, hostNoise, hostEpsilon) = (new float[realStates.Shape.Length], new float[noise.Shape.Length], new float[batch]);
        (plainCriticStep, plainDistance) = CriticStep(isPenalised: false);
        (penalisedCriticStep, penalisedDistance) = CriticStep(isPenalised: true);
        (generatorStep, generatorLoss) = GeneratorStep();
    }

    /// <summary>Gets the generator's parameters.</summary>
    public int GeneratorLength => generatorParameters.Length;

    /// <summary>Gets the critic's parameters.</summary>
    public int CriticLength => criticParameters.Length;

    /// <summary>Gets the steps taken.</summary>
    public int StepsDone => generatorAdam.StepCount;

    /// <summary>One step of the critic and one of the generator. Nothing is copied back from the device.</summary>
    public void Step()
    {
        var rate = RateFactor(StepsDone / (double)options.StepCount);
        (generatorAdam.RateFactor, criticAdam.RateFactor) = (rate, rate);
        average.Decay = Math.Min(options.AverageDecay, 1 - (4 / (StepsDone + 4.0)));
        isPenalised = StepsDone % options.PenaltyInterval == 0;
        DrawReal();
        DrawNoise();
        (isPenalised ? penalisedCriticStep : plainCriticStep).Run();
        DrawNoise();
        generatorStep.Run();
    }

    /// <summary>The losses of the last step, once the device has done it; zeros before the first.</summary>
    public TrainingFigures ReadFigures()
    {
        if (isPenalised)
            penalisedCriticStep.Read(penalisedDistance, distance);
        else
            plainCriticStep.Read(plainDistance, distance);
        generatorStep.Read(generatorLoss, loss);
        return new TrainingFigures(distance[0], loss[0]);
    }

    /// <summary>The model as it stands: the generator's average.</summary>
    /// <param name="description">Facts about the training, by name.</param>
    public MusicModel Model(IReadOnlyDictionary<string, string> description) =>
        new(options.Layout, options.Generator, averageParameters.Read(""), description) { VoiceRanges = voiceRanges };

    /// <summary>All that the training needs to go on as if it had never stopped.</summary>
    public IReadOnlyDictionary<string, NamedTensor> SaveState()
    {
        var tensors = new Dictionary<string, NamedTensor>(StringComparer.Ordinal);
        foreach (
            var (name, tensor) in generatorParameters
                .Read("training.generator.")
                .Concat(criticParameters.Read("training.critic."))
                .Concat(generatorAdam.Read("training.generator_adam."))
                .Concat(criticAdam.Read("training.critic_adam."))
        )
            tensors.Add(name, tensor);

        // 64 bits do not fit a double: they are kept in halves.
        tensors["training.random"] = new NamedTensor([8], [.. random.State.SelectMany(bits => (double[])[bits >> 32, bits & 0xFFFFFFFF])]);
        return tensors;
    }

    /// <summary>Goes on from what <see cref="SaveState"/> and <see cref="Model"/> gave.</summary>
    /// <param name="tensors">The arrays, by name.</param>
    /// <exception cref="InvalidDataException">Something is missing or does not fit these options.</exception>
    public void RestoreState(IReadOnlyDictionary<string, NamedTensor> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        averageParameters.Write(tensors, "");
        generatorParameters.Write(tensors, "training.generator.");
        criticParameters.Write(tensors, "training.critic.");
        generatorAdam.Write(tensors, "training.generator_adam.");
        criticAdam.Write(tensors, "training.critic_adam.");
        if (!tensors.TryGetValue("training.random", out var halves) || halves.Values.Length != 8)
            throw new InvalidDataException("the array 'training.random' is missing or has not 8 values");
        random = new RandomNumbers([
            .. Enumerable.Range(0, 4).Select(i => ((ulong)halves.Values[2 * i] << 32) | (ulong)halves.Values[(2 * i) + 1]),
        ]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (
            var item in (IDisposable[])
                [
                    plainCriticStep,
                    penalisedCriticStep,
                    generatorStep,
                    generatorAdam,
                    criticAdam,
                    generatorParameters,
                    averageParameters,
                    criticParameters,
                    constants,
                    averageConstants,
                ]
        )
            item.Dispose();
    }

    private static bool Fits(PianoRoll window, SnippetLayout layout) =>
        window.StepCount == layout.StepCount
        && window.VoiceCount == layout.VoiceCount
        && window.Range == layout.Range
        && window.StepsPerQuarter == layout.StepsPerBeat;

    /// <summary>Full at first, falling over the last tenth.</summary>
    private static double RateFactor(double done) => done < 1 - DecayRatio ? 1 : Math.Max(MinRate, (1 - done) / DecayRatio);

    private (ComputeProgram Program, Tensor Distance) CriticStep(bool isPenalised)
    {
        var pass = new ForwardPass(isTraining: true);
        var batch = options.BatchSize;
        var fake = features.Of(generator.Apply(noise, pass).Softmax()).StopGradient();
        var real = features.Of(realStates.OneHot(options.Layout.StateCount));
        var scores = critic.Apply(Tensor.Concatenate(0, real, fake), pass);
        var between = scores.Slice(0, 0, batch).Mean() - scores.Slice(0, batch, batch).Mean();
        var loss = -between;
        if (isPenalised)
        {
            // The critic's slope, anywhere between a real and a generated snippet, should be 1.
            var mixed = (epsilon * (real - fake)) + fake;
            var slope = Differentiation.Gradients(critic.Apply(mixed, pass).Sum(), mixed)[0];
            var norms = (slope.Square().Sum(1, 2) + 1e-12f).Sqrt();
            loss += (float)(options.PenaltyWeight * options.PenaltyInterval) * (norms - 1).Square().Mean();
        }

        return (
            new ComputeProgram(device, [between], criticAdam.Step(Differentiation.Gradients(loss, criticParameters.Variables))),
            between
        );
    }

    private (ComputeProgram Program, Tensor Loss) GeneratorStep()
    {
        var pass = new ForwardPass(isTraining: true);
        var loss = -critic.Apply(features.Of(generator.Apply(noise, pass).Softmax()), pass).Mean();
        return (
            new ComputeProgram(device, [loss], generatorAdam.Step(Differentiation.Gradients(loss, generatorParameters.Variables)), average),
            loss
        );
    }

    private void DrawReal()
    {
        var size = hostStates.Length / options.BatchSize;
        for (var i = 0; i < options.BatchSize; i++)
        {
            var states = windows[random.NextIndex(windows.Count)].States;
            for (var at = 0; at < size; at++)
                hostStates[(i * size) + at] = states[at];
            hostEpsilon[i] = (float)random.NextUniform();
        }

        device.Upload(hostStates, realStates.Storage);
        device.Upload(hostEpsilon, epsilon.Storage);
    }

    private void DrawNoise()
    {
        for (var i = 0; i < hostNoise.Length; i++)
            hostNoise[i] = (float)random.NextNormal();
        device.Upload(hostNoise, noise.Storage);
    }

    /// <summary>The pitches of a voice in the windows, the rare extremes left out; a voice that is always silent may have any.</summary>
    private VoiceRange Range(int voice)
    {
        var pitches = windows
            .SelectMany(window => Enumerable.Range(0, window.StepCount).Select(step => window.PitchAt(step, voice)))
            .Where(pitch => pitch >= 0)
            .Order()
            .ToArray();
        var rare = (int)(RareRatio * pitches.Length);
        return pitches.Length == 0
            ? new VoiceRange(options.Layout.Range.Lowest, options.Layout.Range.Highest)
            : new VoiceRange(pitches[rare], pitches[^(rare + 1)]);
    }

    /// <summary>The logarithms of the shares of the states at each step of a beat, voice by voice.</summary>
    private float[] StateLogits()
    {
        var layout = options.Layout;
        var (counts, columns) = (new double[layout.BeatWidth], layout.VoiceCount * layout.StateCount);
        foreach (var window in windows)
        {
            for (var step = 0; step < window.StepCount; step++)
            {
                for (var voice = 0; voice < window.VoiceCount; voice++)
                    counts[(step % layout.StepsPerBeat * columns) + (voice * layout.StateCount) + window[step, voice]]++;
            }
        }

        return [.. counts.Select(count => (float)Math.Log((count / (windows.Count * layout.BeatCount)) + 1e-4))];
    }
}

/// <summary>The settings of <see cref="MusicTrainer"/>.</summary>
public sealed record MusicTrainingOptions
{
    /// <summary>Gets or sets the grid of the snippets.</summary>
    public SnippetLayout Layout { get; init; } = new();

    /// <summary>Gets or sets the size of the generator.</summary>
    public GeneratorOptions Generator { get; init; } = new();

    /// <summary>Gets or sets the channels of the critic.</summary>
    public int CriticChannels { get; init; } = 64;

    /// <summary>Gets or sets the snippets of a step, a multiple of 8.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>
    /// Gets or sets the steps in all; the learning rate falls to a twentieth over the last tenth. Long trainings on a few thousand windows
    /// end worse: the critic learns them by heart.
    /// </summary>
    public int StepCount { get; init; } = 7_000;

    /// <summary>Gets or sets the learning rate of both networks.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Gets or sets the weight of the gradient penalty (Gulrajani et al. 2017).</summary>
    public double PenaltyWeight { get; init; } = 10;

    /// <summary>
    /// Gets or sets the interval in steps at which the gradient penalty is computed, with its weight multiplied by the interval: it costs
    /// as much as the rest of the step.
    /// </summary>
    public int PenaltyInterval { get; init; } = 2;

    /// <summary>Gets or sets the decay of the generator's average over the steps, which is what the model keeps.</summary>
    public double AverageDecay { get; init; } = 0.998;

    /// <summary>Gets or sets the seed of all random numbers.</summary>
    public ulong Seed { get; init; } = 1;
}
