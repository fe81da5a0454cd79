using VoiceKit.Devices;
using VoiceKit.Networks;
using VoiceKit.Numerics;
using VoiceKit.Tensors;

namespace VoiceKit.Music;

/// <summary>Makes snippets with a trained model, one at a time.</summary>
public sealed class MusicComposer : IDisposable
{
    /// <summary>
    /// Noise further out than this is drawn again: such snippets are rare in training and seldom good (Brock et al. 2019, section 3.1).
    /// </summary>
    private const double Truncation = 3;

    private readonly MusicModel model;
    private readonly ComputeDevice device;
    private readonly ParameterSet parameters = new(),
        constants = new();
    private readonly Variable noise;
    private readonly Tensor logits;
    private readonly ComputeProgram program;
    private readonly float[] values;

    /// <summary>Loads a model onto a device.</summary>
    /// <param name="device">The device.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="InvalidDataException">The model's parameters do not fit its description.</exception>
    public MusicComposer(ComputeDevice device, MusicModel model)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(model);
        (this.device, this.model) = (device, model);
        var generator = new SnippetGenerator(parameters, constants, model.Layout, model.Generator);
        parameters.Allocate(device, new RandomNumbers(0));
        constants.Allocate(device, new RandomNumbers(0));
        parameters.Write(model.Parameters, "");
        noise = new Variable(device, new TensorShape(1, model.NoiseLength));
        logits = generator.Apply(noise, new ForwardPass(isTraining: false));
        values = new float[logits.Shape.Length];
        program = new ComputeProgram(device, [logits]);
    }

    /// <summary>Gets the grid of the snippets.</summary>
    public SnippetLayout Layout => model.Layout;

    /// <summary>The noise of a seed: truncated normal.</summary>
    /// <param name="seed">Any number; the same gives the same noise.</param>
    /// <param name="temperature">The standard deviation: how far the snippet strays from the average one; 1 as in training.</param>
    public float[] SampleLatent(ulong seed, double temperature = 1) => SampleLatent(new RandomNumbers(seed), temperature);

    /// <summary>
    /// A piece of any length: snippets whose noise of the whole stays and whose noise of the beats is new, the last cut short.
    /// </summary>
    /// <param name="barCount">The bars, 1 or more.</param>
    /// <param name="seed">Any number.</param>
    /// <param name="temperature">As in <see cref="SampleLatent(ulong, double)"/>.</param>
    /// <param name="cancellation">Ends the work between two snippets.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public PianoRoll ComposeBars(int barCount, ulong seed, double temperature = 1, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(barCount, 1);
        var random = new RandomNumbers(seed);
        var drawn = SampleLatent(random, temperature);
        var parts = new List<PianoRoll>();
        for (var bar = 0; bar < barCount; bar += Layout.BarCount)
        {
            cancellation.ThrowIfCancellationRequested();
            if (bar > 0)
                SampleLatent(random, temperature).AsSpan(model.Generator.SnippetNoise).CopyTo(drawn.AsSpan(model.Generator.SnippetNoise));
            parts.Add(Generate(drawn));
        }

        return PianoRoll.Join(parts).Slice(0, barCount * Layout.StepsPerBar);
    }

    /// <summary>Noise on the way from one to another, on the great circle, where noise of high dimension lies (White 2016).</summary>
    /// <param name="first">Where the way starts.</param>
    /// <param name="second">Where it ends, as many numbers.</param>
    /// <param name="ratio">How far to go, 0 .. 1.</param>
    public static float[] Slerp(IReadOnlyList<float> first, IReadOnlyList<float> second, double ratio)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Count != second.Count)
            throw new ArgumentException($"Noise of {first.Count} and of {second.Count} numbers has nothing between.", nameof(second));
        static double Length(IReadOnlyList<float> x) => Math.Sqrt(x.Sum(value => (double)value * value));
        var cosine = first.Zip(second, (x, y) => (double)x * y).Sum() / Math.Max(Length(first) * Length(second), 1e-12);
        var angle = Math.Acos(Math.Clamp(cosine, -1, 1));
        var (a, b) =
            angle < 1e-3 || angle > Math.PI - 1e-3
                ? (1 - ratio, ratio)
                : (Math.Sin((1 - ratio) * angle) / Math.Sin(angle), Math.Sin(ratio * angle) / Math.Sin(angle));
        return [.. first.Zip(second, (x, y) => (float)((a * x) + (b * y)))];
    }

    private float[] SampleLatent(RandomNumbers random, double temperature)
    {
        if (!(temperature >= 0 && double.IsFinite(temperature)))
            throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "The temperature is a number from 0.");
        var drawn = new float[model.NoiseLength];
        for (var i = 0; i < drawn.Length; i++)
        {
            var value = random.NextNormal();
            while (Math.Abs(value) > Truncation)
                value = random.NextNormal();
            drawn[i] = (float)(temperature * value);
        }

        return drawn;
    }

    /// <summary>The snippet of some noise: the most probable state of each voice and step.</summary>
    /// <param name="snippetNoise">As many numbers as the model's <see cref="MusicModel.NoiseLength"/>.</param>
    public PianoRoll Generate(ReadOnlySpan<float> snippetNoise)
    {
        device.Upload(snippetNoise, noise.Storage);
        program.Run();
        program.Read(logits, values);
        return Roll(model, values);
    }

    /// <summary>The first and the last state that starts a pitch of a voice.</summary>
    private static (int Lowest, int Highest) PitchStates(MusicModel model, int voice)
    {
        if (model.VoiceRanges.Count == 0)
            return (PianoRoll.FirstPitch, model.Layout.StateCount - 1);
        var range = model.VoiceRanges[voice];
        return (model.Layout.Range.StateOf(range.Lowest), model.Layout.Range.StateOf(range.Highest));
    }

    /// <summary>The most probable states of one snippet's logits, [steps, voices, states].</summary>
    internal static PianoRoll Roll(MusicModel model, ReadOnlySpan<float> logits)
    {
        var (states, count) = (new byte[logits.Length / model.Layout.StateCount], model.Layout.StateCount);
        for (var i = 0; i < states.Length; i++)
        {
            var row = logits.Slice(i * count, count);
            var (lowest, highest) = PitchStates(model, i % model.Layout.VoiceCount);
            var best = 0;
            for (var state = 1; state < count; state++)
                best = row[state] > row[best] && (state < PianoRoll.FirstPitch || (state >= lowest && state <= highest)) ? state : best;
            states[i] = (byte)best;
        }

        return new PianoRoll(model.Layout.Range, model.Layout.VoiceCount, model.Layout.StepsPerBeat, states);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        program.Dispose();
        noise.Storage.Buffer.Dispose();
        parameters.Dispose();
        constants.Dispose();
    }
}
