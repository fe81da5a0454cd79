namespace VoiceKit.Compute;

/// <summary>Work in parts that do not depend on each other.</summary>
internal interface IParallelWork
{
    /// <summary>Does one part.</summary>
    /// <param name="part">Which, from 0 on; each is done once.</param>
    /// <param name="worker">Who does it: below the pool's thread count, and no two at a time have the same. It selects scratch memory.</param>
    void Execute(int part, int worker);
}
