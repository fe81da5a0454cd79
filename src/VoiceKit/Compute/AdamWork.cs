using System.Runtime.Intrinsics;

namespace VoiceKit.Compute;

/// <summary>One step of Adam (Kingma and Ba 2015, algorithm 1, the bias corrections inside the rate).</summary>
internal sealed unsafe class AdamWork : IParallelWork
{
    private AdamStep step;
    private float* gradient, parameters, first, second;
    private int length, parts;

    public void Run(WorkerPool workers, in AdamStep step, float* gradient, float* parameters, float* first, float* second, int length)
    {
        this.step = step;
        this.gradient = gradient;
        this.parameters = parameters;
        this.first = first;
        this.second = second;
        this.length = length;
        parts = WorkShare.Parts(workers, length, length);
        workers.Run(this, parts);
    }

    public void Execute(int part, int worker)
    {
        var i = WorkShare.First(part, parts, length);
        var end = WorkShare.First(part + 1, parts, length);
        var (beta1, beta2, rate, epsilon, kept) = (step.Beta1, step.Beta2, step.LearningRate, step.Epsilon, 1 - step.WeightDecay);
        for (; i <= end - 8; i += 8)
        {
            var g = Vector256.Load(gradient + i);
            var m = Vector256.FusedMultiplyAdd(Vector256.Create(1 - beta1), g - Vector256.Load(first + i), Vector256.Load(first + i));
            var v = Vector256.FusedMultiplyAdd(Vector256.Create(1 - beta2), (g * g) - Vector256.Load(second + i), Vector256.Load(second + i));
            m.Store(first + i);
            v.Store(second + i);
            var change = Vector256.Create(rate) * m / (Vector256.Sqrt(v) + Vector256.Create(epsilon));
            Vector256.FusedMultiplyAdd(Vector256.Load(parameters + i), Vector256.Create(kept), -change).Store(parameters + i);
        }

        for (; i < end; i++)
        {
            var g = gradient[i];
            first[i] = MathF.FusedMultiplyAdd(1 - beta1, g - first[i], first[i]);
            second[i] = MathF.FusedMultiplyAdd(1 - beta2, (g * g) - second[i], second[i]);
            var change = rate * first[i] / (MathF.Sqrt(second[i]) + epsilon);
            parameters[i] = MathF.FusedMultiplyAdd(parameters[i], kept, -change);
        }
    }
}
