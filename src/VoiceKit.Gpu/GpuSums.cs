using ILGPU;
using VoiceKit.Compute;
using VoiceKit.Gpu.Kernels;

namespace VoiceKit.Gpu;

/// <summary>Launches sums: a thread or a group each, and in parts where there are few sums of many terms.</summary>
internal sealed class GpuSums(GpuProgram program, MemoryPool pool)
{
    // What one thread adds up alone, so that the rounding stays that of short sums.
    private const int TermsPerThread = 64, MostPartials = 1 << 18;

    public void Run(Broadcast broadcast, ArrayView<float> source, ArrayView<float> destination)
    {
        var (places, sums) = (new SumPlaces(broadcast), broadcast.SmallLength);
        if (sums == 0)
            return;
        var isByGroups = !broadcast.InnerIsKept && broadcast.Inner > 1 && places.Count >= program.SumThreads;
        var alone = TermsPerThread * (isByGroups ? program.SumThreads : 1);
        var parts = (int)Math.Clamp(Math.Min((places.Count + alone - 1L) / alone, MostPartials / sums), 1, alone);
        if (parts == 1)
        {
            Launch(isByGroups, places, sums, Math.Max(places.Count, 1), sums, source, destination);
            return;
        }

        using var partial = pool.Rent(parts * sums);
        var view = partial.View(0, partial.Length);
        Launch(isByGroups, places, sums, (places.Count + parts - 1) / parts, partial.Length, source, view);
        program.AddSlices(sums, parts, 0, view, destination);
    }

    private void Launch(bool isByGroups, SumPlaces places, int sums, int termsPerPart, int results, ArrayView<float> source, ArrayView<float> partial)
    {
        if (isByGroups)
            program.SumByGroups(new KernelConfig(results, program.SumThreads), places, sums, termsPerPart, source, partial);
        else
            program.SumByThreads(results, places, sums, termsPerPart, source, partial);
    }
}
