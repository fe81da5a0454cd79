using ILGPU;
using VoiceKit.Devices;
using VoiceKit.Gpu.Kernels;

namespace VoiceKit.Gpu;

/// <summary>Launches sums: a thread or a group each, and in parts where there are few sums of many terms.</summary>
internal sealed class GpuSums(GpuProgram program, MemoryPool pool)
{
    // What one thread adds up alone, so that the rounding stays that of short sums.
    private const int TermsPerThread = 64,
        MaxPartials = 1 << 18;

    public void Run(Broadcast broadcast, ArrayView<float> source, ArrayView<float> destination)
    {
        var (places, sums) = (new SumPlaces(broadcast), broadcast.SmallLength);
        if (sums == 0)
            return;
        var isByGroups = !broadcast.InnerIsKept && broadcast.Inner > 1 && places.Count >= program.SumThreads;
        var alone = TermsPerThread * (isByGroups ? program.SumThreads : 1);
        var parts = (int)Math.Clamp(Math.Min((places.Count + alone - 1L) / alone, MaxPartials / sums), 1, MaxPartials);
        if (parts == 1)
        {
            Launch(isByGroups, places, sums, Math.Max(places.Count, 1), sums, source, destination);
            return;
        }

        using var partial = pool.Rent(parts * sums);
        var view = partial.View(0, partial.Length);
        Launch(isByGroups, places, sums, (places.Count + parts - 1) / parts, partial.Length, source, view);
        AddSlices(parts, accumulate: false, view, destination);
    }

    /// <summary>Adds up slices as long as the destination, and what that has where asked to; many slices in stages.</summary>
    public void AddSlices(int slices, bool accumulate, ArrayView<float> partial, ArrayView<float> destination)
    {
        var length = destination.IntLength;
        if (slices <= TermsPerThread)
        {
            program.AddSlices(length, length, slices, slices, accumulate ? 1 : 0, partial, destination);
            return;
        }

        var parts = (slices + TermsPerThread - 1) / TermsPerThread;
        using var fewer = pool.Rent(parts * length);
        var view = fewer.View(0, fewer.Length);
        program.AddSlices(fewer.Length, length, slices, TermsPerThread, 0, partial, view);
        AddSlices(parts, accumulate, view, destination);
    }

    private void Launch(
        bool isByGroups,
        SumPlaces places,
        int sums,
        int termsPerPart,
        int results,
        ArrayView<float> source,
        ArrayView<float> partial
    )
    {
        if (isByGroups)
            program.SumByGroups(new KernelConfig(results, program.SumThreads), places, sums, termsPerPart, source, partial);
        else
            program.SumByThreads(results, places, sums, termsPerPart, source, partial);
    }
}
