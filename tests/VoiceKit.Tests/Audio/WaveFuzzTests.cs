using VoiceKit.Audio;
using VoiceKit.Files;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Audio;

public class WaveFuzzTests
{
    private const int CaseCount = 2000;

    [Fact]
    public void Read_RandomDamage_GivesAResultOrBadFileException()
    {
        var random = new Random(20240229);
        var seeds = BadWaveFiles
            .All.Where(item => item.Verdict != Verdict.Reject && item.Bytes.Length < 5000)
            .Select(item => item.Bytes)
            .ToArray();
        for (var i = 0; i < CaseCount; i++)
        {
            var bytes = Damage(seeds[random.Next(seeds.Length)], random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var error = Record.Exception(() => WaveFile.Read(new MemoryStream(bytes), "fuzz"));
            Assert.True(error is null or BadFileException, $"case {i}: {error}\n{Convert.ToHexString(bytes)}");
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (64L * bytes.Length) + (1 << 20));
        }
    }

    // Most damage goes to the headers: among the samples there is nothing to get wrong.
    private static byte[] Damage(byte[] seed, Random random)
    {
        var bytes = seed.ToArray();
        for (var flips = random.Next(1, 6); flips > 0 && bytes.Length > 0; flips--)
        {
            var place = random.Next(random.Next(4) > 0 ? Math.Min(90, bytes.Length) : bytes.Length);
            bytes[place] = random.Next(3) switch
            {
                0 => (byte)random.Next(256),
                1 => (byte)(bytes[place] ^ (1 << random.Next(8))),
                _ => (byte)(random.Next(2) * 0xFF),
            };
        }

        return random.Next(4) == 0 ? bytes[..random.Next(bytes.Length + 1)] : bytes;
    }
}
