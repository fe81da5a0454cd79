using VoiceKit.Devices;
using VoiceKit.Networks;
using VoiceKit.Numerics;
using VoiceKit.Tensors;

namespace VoiceKit.Music;

/// <summary>
/// Finds voices below a given melody: the noise is sought for which the generator's highest voice is the melody, by gradient descent
/// through the generator from several starts (Lipton and Tripathi 2017); the voices below are those of the best.
/// </summary>
public sealed class MelodyAccompaniment : IDisposable
{
    private const int StartCount = 8;
    private const int IterationCount = 150;
    private const float PriorWeight = 0.1f;

    private readonly ComputeDevice device;
    private readonly MusicModel model;
    private readonly ParameterSet parameters = new(),
        constants = new(),
        noise = new();
    private readonly Variable melodyStates;
    private readonly Tensor logits,
        losses;
    private readonly Adam adam;
    private readonly ComputeProgram search;
    private readonly RandomNumbers random;

    /// <summary>Loads a model onto a device.</summary>
    /// <param name="device">Where the search runs.</param>
    /// <param name="model">The model.</param>
    /// <param name="seed">The seed of the starts: another one gives other voices.</param>
    public MelodyAccompaniment(ComputeDevice device, MusicModel model, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(model);
        (this.device, this.model) = (device, model);
        var layout = model.Layout;
        random = new RandomNumbers(seed);
        var generator = new SnippetGenerator(parameters, constants, layout, model.Generator);
        var starts = noise.Add("noise", new TensorShape(StartCount, model.NoiseLength), Initializations.Normal(1));
        foreach (var set in (ParameterSet[])[parameters, constants, noise])
            set.Allocate(device, random);
        parameters.Write(model.Parameters, "");
        melodyStates = new Variable(device, new TensorShape(1, layout.StepCount, 1));
        logits = generator.Apply(starts, new ForwardPass(isTraining: false));
        var melody = melodyStates.OneHot(layout.StateCount).Reshape(1, layout.StepCount, 1, layout.StateCount);
        var surprise = -((logits.Slice(2, 0, 1).Softmax() + 1e-6f).Log() * melody).Sum(1, 2, 3).Reshape(StartCount);
        losses = surprise + (PriorWeight * starts.Square().Sum(1).Reshape(StartCount));
        adam = new Adam(
            device,
            noise,
            new AdamOptions
            {
                LearningRate = 0.05,
                Beta1 = 0.9,
                Beta2 = 0.99,
            }
        );
        search = new ComputeProgram(device, [logits, losses], adam.Step(Differentiation.Gradients(losses.Sum(), starts)));
    }

    /// <summary>Puts voices below a melody of any length.</summary>
    /// <param name="melody">A roll of one voice on the model's grid.</param>
    /// <param name="progress">Receives the part that is done, 0 .. 1.</param>
    /// <param name="cancellation">Ends the search between two of its steps.</param>
    /// <returns>The melody, unchanged, and the model's other voices below it, in the melody's key.</returns>
    /// <exception cref="ArgumentException">The roll has more voices, another grid, or no notes.</exception>
    public PianoRoll Accompany(PianoRoll melody, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(melody);
        if (
            melody.VoiceCount != 1
            || melody.StepsPerQuarter != model.Layout.StepsPerBeat
            || !melody.States.ContainsAnyExceptInRange((byte)PianoRoll.Rest, (byte)PianoRoll.Hold)
        )
            throw new ArgumentException("The melody must have one voice, the model's grid and a note.", nameof(melody));
        var semitones = KeyEstimator.Estimate(melody).TranspositionToC;
        var normal = melody.WithRange(model.Layout.Range).Transpose(semitones);
        var parts = new List<PianoRoll>();
        for (var start = 0; start < melody.StepCount; start += model.Layout.StepCount)
        {
            var length = Math.Min(model.Layout.StepCount, melody.StepCount - start);
            parts.Add(Search(normal.Slice(start, length), cancellation).Slice(0, length).WithRange(melody.Range).Transpose(-semitones));
            progress?.Report((double)(start + length) / melody.StepCount);
        }

        var states = PianoRoll.Join(parts).States.ToArray();
        for (var step = 0; step < melody.StepCount; step++)
            states[step * model.Layout.VoiceCount] = melody.States[step];
        return new PianoRoll(melody.Range, model.Layout.VoiceCount, melody.StepsPerQuarter, states);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        search.Dispose();
        adam.Dispose();
        melodyStates.Storage.Buffer.Dispose();
        foreach (var set in (ParameterSet[])[parameters, constants, noise])
            set.Dispose();
    }

    private PianoRoll Search(PianoRoll melody, CancellationToken cancellation)
    {
        // What a last, shorter window lacks has no state, so that it costs nothing.
        var states = new float[model.Layout.StepCount];
        Array.Fill(states, -1);
        for (var step = 0; step < melody.StepCount; step++)
            states[step] = melody.States[step];
        device.Upload(states, melodyStates.Storage);
        var starts = new float[noise.Length];
        for (var i = 0; i < starts.Length; i++)
            starts[i] = (float)random.NextNormal();
        device.Upload(starts, noise.Storage);
        adam.Restart();
        for (var iteration = 0; iteration < IterationCount; iteration++)
        {
            cancellation.ThrowIfCancellationRequested();
            search.Run();
        }

        var found = search.Read(losses);
        var best = Array.IndexOf(found, found.Min());
        var length = logits.Shape.Length / StartCount;
        return MusicComposer.Roll(model, search.Read(logits).AsSpan(best * length, length));
    }
}
