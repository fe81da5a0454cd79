using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace VoiceKit.Devices;

/// <summary>
/// Loops of elementwise functions. All numbers go through the same vector code, so that a result does not depend on its place: the last
/// eight are computed first, from what is there before a destination that may be the operand is written, and stored last.
/// </summary>
internal static unsafe class CpuElementwise
{
    private const int Width = 8;

    /// <summary>z[i] = f(x[i]).</summary>
    public static void Apply(in UnaryFunction function, float* x, float* z, int length)
    {
        var (scale, offset) = (Vector256.Create(function.Scale), Vector256.Create(function.Offset));
        switch (function.Kind)
        {
            case UnaryKind.Affine:
                Apply<AffineFunction>(x, z, length, scale, offset);
                break;
            case UnaryKind.Exp:
                Apply<ExpFunction>(x, z, length, scale, offset);
                break;
            case UnaryKind.Log:
                Apply<LogFunction>(x, z, length, scale, offset);
                break;
            case UnaryKind.Sqrt:
                Apply<SqrtFunction>(x, z, length, scale, offset);
                break;
            case UnaryKind.Reciprocal:
                Apply<ReciprocalFunction>(x, z, length, scale, offset);
                break;
            case UnaryKind.Square:
                Apply<SquareFunction>(x, z, length, scale, offset);
                break;
            case UnaryKind.Tanh:
                Apply<TanhFunction>(x, z, length, scale, offset);
                break;
            case UnaryKind.Sigmoid:
                Apply<SigmoidFunction>(x, z, length, scale, offset);
                break;
            case UnaryKind.Softplus:
                Apply<SoftplusFunction>(x, z, length, scale, offset);
                break;
            case UnaryKind.LeakyRelu:
                Apply<LeakyReluFunction>(x, z, length, scale, offset);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(function), function.Kind, "This is no function of one number.");
        }
    }

    /// <summary>z[i] = f(x[i], y[i]), or with one y for all.</summary>
    public static void Combine(BinaryFunction function, float* x, float* y, bool repeatY, float* z, int length)
    {
        var scale = Vector256.Create(function.Scale);
        switch (function.Kind)
        {
            case BinaryKind.Add:
                Combine<AddFunction>(x, y, repeatY, z, length, scale);
                break;
            case BinaryKind.Multiply:
                Combine<MultiplyFunction>(x, y, repeatY, z, length, scale);
                break;
            case BinaryKind.LeakyReluGradient:
                Combine<LeakyReluGradientFunction>(x, y, repeatY, z, length, scale);
                break;
            case BinaryKind.Interpolate:
                Combine<InterpolateFunction>(x, y, repeatY, z, length, scale);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(function), function.Kind, "This is no function of two numbers.");
        }
    }

    private static void Apply<TFunction>(float* x, float* z, int length, Vector256<float> scale, Vector256<float> offset)
        where TFunction : struct, IUnary
    {
        if (length < Width)
        {
            Store(TFunction.Of(Load(x, length), scale, offset), z, length);
            return;
        }

        var last = TFunction.Of(Vector256.Load(x + length - Width), scale, offset);
        for (var i = 0; i < length - Width; i += Width)
            TFunction.Of(Vector256.Load(x + i), scale, offset).Store(z + i);
        last.Store(z + length - Width);
    }

    private static void Combine<TFunction>(float* x, float* y, bool repeatY, float* z, int length, Vector256<float> scale)
        where TFunction : struct, IBinary
    {
        if (length < Width)
        {
            Store(TFunction.Of(Load(x, length), repeatY ? Vector256.Create(*y) : Load(y, length), scale), z, length);
            return;
        }

        if (repeatY)
        {
            var one = Vector256.Create(*y);
            var end = TFunction.Of(Vector256.Load(x + length - Width), one, scale);
            for (var i = 0; i < length - Width; i += Width)
                TFunction.Of(Vector256.Load(x + i), one, scale).Store(z + i);
            end.Store(z + length - Width);
            return;
        }

        var last = TFunction.Of(Vector256.Load(x + length - Width), Vector256.Load(y + length - Width), scale);
        for (var i = 0; i < length - Width; i += Width)
            TFunction.Of(Vector256.Load(x + i), Vector256.Load(y + i), scale).Store(z + i);
        last.Store(z + length - Width);
    }

    /// <summary>Fewer than eight floats, filled up with ones, on which every function is defined.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Load(float* x, int count)
    {
        var all = stackalloc float[Width];
        for (var i = 0; i < Width; i++)
            all[i] = i < count ? x[i] : 1;
        return Vector256.Load(all);
    }

    private static void Store(Vector256<float> vector, float* z, int count)
    {
        for (var i = 0; i < count; i++)
            z[i] = vector[i];
    }
}

/// <summary>
/// A chain of elementwise functions, block by block: a block stays in the fastest cache from its first function to its last.
/// </summary>
internal sealed unsafe class ChainWork : IParallelWork
{
    private const int BlockLength = 2048;

    private readonly nint[] operands = new nint[ElementwiseFusion.MaxSteps + 1];
    private ElementwiseFusion? chain;
    private float* destination;
    private int length,
        blocks,
        parts;

    /// <summary>Gets the operands of the next run.</summary>
    public Span<nint> Operands => operands;

    public void Run(WorkerPool workers, ElementwiseFusion chain, float* destination)
    {
        this.chain = chain;
        this.destination = destination;
        length = chain.Length;
        blocks = (length + BlockLength - 1) / BlockLength;
        parts = WorkShare.Parts(workers, length, blocks);
        workers.Run(this, parts);
    }

    public void Execute(int part, int worker)
    {
        var (first, end) = (WorkShare.First(part, parts, blocks), WorkShare.First(part + 1, parts, blocks));
        for (var block = first; block < end; block++)
            Evaluate(block * BlockLength, Math.Min(BlockLength, length - (block * BlockLength)));
    }

    private void Evaluate(int at, int count)
    {
        var target = destination + at;
        var value = (float*)operands[0] + at;
        var operand = 1;
        if (!chain!.Source.IsPlain)
        {
            Repeat(chain.Source, (float*)operands[0], target, at, count);
            value = target;
        }

        foreach (var step in chain.Steps)
        {
            if (step.Operand is null)
                CpuElementwise.Apply(step.Unary, value, target, count);
            else if (step.OperandIsFirst)
                CpuElementwise.Combine(step.Binary, (float*)operands[operand++] + at, value, false, target, count);
            else
                Combine(step, value, (float*)operands[operand++], target, at, count);
            value = target;
        }
    }

    private static void Combine(ChainStep step, float* value, float* operand, float* target, int at, int count)
    {
        var (broadcast, kept) = (step.Operand!, step.Operand!.InnerIsKept);
        for (var done = 0; done < count;)
        {
            var (place, run) = Partners(broadcast, at + done, count - done);
            CpuElementwise.Combine(step.Binary, value + done, operand + place, !kept, target + done, run);
            done += run;
        }
    }

    private static void Repeat(Broadcast broadcast, float* source, float* target, int at, int count)
    {
        for (var done = 0; done < count;)
        {
            var (place, run) = Partners(broadcast, at + done, count - done);
            if (broadcast.InnerIsKept)
                new ReadOnlySpan<float>(source + place, run).CopyTo(new Span<float>(target + done, run));
            else
                new Span<float>(target + done, run).Fill(source[place]);
            done += run;
        }
    }

    /// <summary>The start of the small tensor's partners, and their number up to the end of the innermost run.</summary>
    private static (int Place, int Length) Partners(Broadcast broadcast, int at, int most)
    {
        if (broadcast.IsPlain)
            return (at, most);
        var (row, column) = int.DivRem(at, broadcast.Inner);
        return (broadcast.SmallOffsets[row] + (broadcast.InnerIsKept ? column : 0), Math.Min(broadcast.Inner - column, most));
    }
}

/// <summary>One step of Adam (Kingma and Ba 2015, algorithm 1, the bias corrections inside the rate).</summary>
internal sealed unsafe class AdamWork : IParallelWork
{
    private AdamStep step;
    private float* gradient,
        parameters,
        first,
        second;
    private int length,
        parts;

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
            var v = Vector256.FusedMultiplyAdd(
                Vector256.Create(1 - beta2),
                (g * g) - Vector256.Load(second + i),
                Vector256.Load(second + i)
            );
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
