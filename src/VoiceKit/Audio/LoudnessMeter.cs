namespace VoiceKit.Audio;

/// <summary>The K-weighted energy of one channel that comes in blocks, in steps of 100 ms: a quarter of the blocks of <see cref="Loudness"/>.</summary>
internal sealed class LoudnessMeter
{
    private readonly KWeighting weighting;
    private readonly double[] steps;
    private long position;

    /// <param name="sampleRate">The sampling frequency in Hz.</param>
    /// <param name="length">The number of samples that will come.</param>
    public LoudnessMeter(int sampleRate, long length)
    {
        (SampleRate, Length) = (sampleRate, length);
        weighting = new KWeighting(sampleRate);
        StepLength = Math.Max(1, (int)Math.Round(sampleRate / 10.0));
        steps = new double[Math.Max(1, length / StepLength)];
    }

    public int SampleRate { get; }

    public long Length { get; }

    public int StepLength { get; }

    /// <summary>The energy of each step.</summary>
    public IReadOnlyList<double> Steps => steps;

    /// <summary>Adds samples that follow those before.</summary>
    public void Add(ReadOnlySpan<double> samples)
    {
        // What is shorter than a block is measured to its last sample; else samples beyond the last whole step are in no block.
        var end = Length < (long)Loudness.StepsPerBlock * StepLength ? Length : (long)steps.Length * StepLength;
        while (!samples.IsEmpty && position < end)
        {
            var step = (int)Math.Min(steps.Length - 1, position / StepLength);
            var stepEnd = step == steps.Length - 1 ? end : (step + 1L) * StepLength;
            var count = (int)Math.Min(samples.Length, stepEnd - position);
            steps[step] += weighting.SumOfSquares(samples[..count]);
            samples = samples[count..];
            position += count;
        }
    }
}
