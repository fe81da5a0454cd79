namespace VoiceKit.Compute;

/// <summary>A chain of elementwise functions, block by block: a block stays in the fastest cache from its first function to its last.</summary>
internal sealed unsafe class ChainWork : IParallelWork
{
    private const int BlockLength = 2048;

    private readonly nint[] operands = new nint[ElementwiseChain.MostSteps + 1];
    private ElementwiseChain? chain;
    private float* destination;
    private int length, blocks, parts;

    /// <summary>The operands of the next run.</summary>
    public Span<nint> Operands => operands;

    public void Run(WorkerPool workers, ElementwiseChain chain, float* destination)
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

    /// <summary>Where the small tensor's partners begin, and how far they go on: to the end of the innermost run at most.</summary>
    private static (int Place, int Length) Partners(Broadcast broadcast, int at, int most)
    {
        if (broadcast.IsPlain)
            return (at, most);
        var (row, column) = int.DivRem(at, broadcast.Inner);
        return (broadcast.SmallOffsets[row] + (broadcast.InnerIsKept ? column : 0), Math.Min(broadcast.Inner - column, most));
    }
}
