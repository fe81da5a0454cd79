namespace VoiceKit.Devices;

/// <summary>The division of work on many elements between threads.</summary>
internal static class WorkShare
{
    /// <summary>Waking a thread costs a few microseconds: fewer elements than this are not worth it.</summary>
    private const int MinElements = 16384;

    /// <summary>
    /// The number of parts for work on <paramref name="elements"/> elements that can be cut into <paramref name="pieces"/>.
    /// </summary>
    public static int Parts(WorkerPool workers, long elements, int pieces) =>
        (int)Math.Clamp(elements / MinElements, 1, Math.Max(1, Math.Min(2 * workers.ThreadCount, pieces)));

    /// <summary>The first piece of a part.</summary>
    public static int First(int part, int parts, int pieces) => (int)((long)pieces * part / parts);
}

/// <summary>z[i] = f(x[i]).</summary>
internal sealed unsafe class UnaryWork : IParallelWork
{
    private UnaryFunction function;
    private float* x,
        z;
    private int length,
        parts;

    public void Run(WorkerPool workers, in UnaryFunction function, float* x, float* z, int length)
    {
        this.function = function;
        this.x = x;
        this.z = z;
        this.length = length;
        parts = WorkShare.Parts(workers, length, length);
        workers.Run(this, parts);
    }

    public void Execute(int part, int worker)
    {
        var (first, end) = (WorkShare.First(part, parts, length), WorkShare.First(part + 1, parts, length));
        CpuElementwise.Apply(function, x + first, z + first, end - first);
    }
}

/// <summary>z[i] = f(x[i], y[j(i)]).</summary>
internal sealed unsafe class BinaryWork : IParallelWork
{
    private BinaryFunction function;
    private Broadcast? broadcast;
    private float* x,
        y,
        z;
    private int parts,
        pieces;

    public void Run(WorkerPool workers, BinaryFunction function, Broadcast broadcast, float* x, float* y, float* z)
    {
        this.function = function;
        this.broadcast = broadcast;
        this.x = x;
        this.y = y;
        this.z = z;
        pieces = broadcast.Outer == 1 ? broadcast.Inner : broadcast.Outer;
        parts = WorkShare.Parts(workers, (long)broadcast.Outer * broadcast.Inner, pieces);
        workers.Run(this, parts);
    }

    public void Execute(int part, int worker)
    {
        var (first, end) = (WorkShare.First(part, parts, pieces), WorkShare.First(part + 1, parts, pieces));
        var (inner, kept) = (broadcast!.Inner, broadcast.InnerIsKept);
        if (broadcast.Outer == 1)
        {
            CpuElementwise.Combine(function, x + first, kept ? y + first : y, !kept, z + first, end - first);
            return;
        }

        var offsets = broadcast.SmallOffsets;
        for (var outer = first; outer < end; outer++)
        {
            var at = (long)outer * inner;
            CpuElementwise.Combine(function, x + at, y + offsets[outer], !kept, z + at, inner);
        }
    }
}

/// <summary>Sums over the dimensions that the destination, cleared before, lacks.</summary>
internal sealed unsafe class SumWork : IParallelWork
{
    private Broadcast? broadcast;
    private float* source,
        destination;
    private int parts,
        pieces;
    private bool sharesOuter;

    public void Run(WorkerPool workers, Broadcast broadcast, float* source, float* destination)
    {
        this.broadcast = broadcast;
        this.source = source;
        this.destination = destination;
        // Threads must not add to one element: they share the outermost run where the destination has it, else the columns.
        var (length, kept) = broadcast.Outermost;
        sharesOuter = kept && length > 1;
        pieces =
            sharesOuter ? length
            : broadcast.InnerIsKept ? (broadcast.Inner + 7) / 8
            : 1;
        parts = WorkShare.Parts(workers, (long)broadcast.Outer * broadcast.Inner, pieces);
        workers.Run(this, parts);
    }

    public void Execute(int part, int worker)
    {
        var (first, end) = (WorkShare.First(part, parts, pieces), WorkShare.First(part + 1, parts, pieces));
        var (inner, outer) = (broadcast!.Inner, broadcast.Outer);
        var offsets = broadcast.SmallOffsets;
        if (!broadcast.InnerIsKept)
        {
            var each = outer / (sharesOuter ? pieces : 1);
            for (var row = sharesOuter ? first * each : 0; row < (sharesOuter ? end * each : outer); row++)
                destination[offsets[row]] += CpuReductions.Sum(source + ((long)row * inner), inner);
            return;
        }

        var (left, right) = sharesOuter ? (0, inner) : (first * 8, Math.Min(end * 8, inner));
        var rows = sharesOuter ? outer / pieces : outer;
        for (var row = sharesOuter ? first * rows : 0; row < (sharesOuter ? end * rows : outer); row++)
        {
            var target = destination + offsets[row] + left;
            CpuElementwise.Combine(
                new BinaryFunction(BinaryKind.Add),
                target,
                source + ((long)row * inner) + left,
                false,
                target,
                right - left
            );
        }
    }
}

/// <summary>Repeats the source along the dimensions that it lacks.</summary>
internal sealed unsafe class RepeatWork : IParallelWork
{
    private Broadcast? broadcast;
    private float* source,
        destination;
    private int parts;

    public void Run(WorkerPool workers, Broadcast broadcast, float* source, float* destination)
    {
        this.broadcast = broadcast;
        this.source = source;
        this.destination = destination;
        parts = WorkShare.Parts(workers, (long)broadcast.Outer * broadcast.Inner, broadcast.Outer);
        workers.Run(this, parts);
    }

    public void Execute(int part, int worker)
    {
        var (outer, inner) = (broadcast!.Outer, broadcast.Inner);
        var offsets = broadcast.SmallOffsets;
        for (var row = WorkShare.First(part, parts, outer); row < WorkShare.First(part + 1, parts, outer); row++)
        {
            var target = new Span<float>(destination + ((long)row * inner), inner);
            var from = source + offsets[row];
            if (broadcast.InnerIsKept)
                new ReadOnlySpan<float>(from, inner).CopyTo(target);
            else
                target.Fill(*from);
        }
    }
}

/// <summary>Operations along rows.</summary>
internal sealed unsafe class RowWork : IParallelWork
{
    private Kind kind;
    private float* x,
        z;
    private int rows,
        columns,
        parts;

    internal enum Kind
    {
        Softmax,
        OneHotOfMaximum,
        OneHot,
    }

    public void Run(WorkerPool workers, Kind kind, float* x, float* z, int rows, int columns)
    {
        this.kind = kind;
        this.x = x;
        this.z = z;
        this.rows = rows;
        this.columns = columns;
        parts = WorkShare.Parts(workers, (long)rows * columns, rows);
        workers.Run(this, parts);
    }

    public void Execute(int part, int worker)
    {
        for (var row = WorkShare.First(part, parts, rows); row < WorkShare.First(part + 1, parts, rows); row++)
        {
            var target = z + ((long)row * columns);
            switch (kind)
            {
                case Kind.Softmax:
                    CpuReductions.Softmax(x + ((long)row * columns), target, columns);
                    break;
                case Kind.OneHotOfMaximum:
                    CpuReductions.OneHotOfMaximum(x + ((long)row * columns), target, columns);
                    break;
                default:
                    new Span<float>(target, columns).Clear();
                    if (x[row] >= 0 && x[row] < columns)
                        target[(int)x[row]] = 1;
                    break;
            }
        }
    }
}

/// <summary>Copies rows between two layouts.</summary>
internal sealed unsafe class RowCopyWork : IParallelWork
{
    private RowCopy rows;
    private float* source,
        destination;
    private int parts;

    public void Run(WorkerPool workers, in RowCopy rows, float* source, float* destination)
    {
        this.rows = rows;
        this.source = source;
        this.destination = destination;
        parts = WorkShare.Parts(workers, (long)rows.Count * rows.Length, rows.Count);
        workers.Run(this, parts);
    }

    public void Execute(int part, int worker)
    {
        for (var row = WorkShare.First(part, parts, rows.Count); row < WorkShare.First(part + 1, parts, rows.Count); row++)
        {
            var from = source + rows.SourceOffset + ((long)row * rows.SourceStride);
            new ReadOnlySpan<float>(from, rows.Length).CopyTo(
                new Span<float>(destination + rows.DestinationOffset + ((long)row * rows.DestinationStride), rows.Length)
            );
        }
    }
}
