namespace VoiceKit.Numerics;

/// <summary>The checksum CRC-32 of zip and PNG files (ISO/IEC 15948, annex D).</summary>
internal static class Crc32
{
    private static readonly uint[] Table = MakeTable();

    /// <summary>The checksum of <paramref name="data"/>, or of what came before it and <paramref name="data"/>.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="before">The checksum of what came before.</param>
    internal static uint Of(ReadOnlySpan<byte> data, uint before = 0)
    {
        var crc = ~before;
        foreach (var value in data)
            crc = Table[(byte)(crc ^ value)] ^ (crc >> 8);
        return ~crc;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (var i = 0u; i < table.Length; i++)
        {
            var value = i;
            for (var bit = 0; bit < 8; bit++)
                value = (value & 1) != 0 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
            table[i] = value;
        }

        return table;
    }
}
