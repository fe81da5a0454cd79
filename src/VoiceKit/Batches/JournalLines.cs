using Microsoft.Win32.SafeHandles;

namespace VoiceKit.Batches;

/// <summary>Cuts a file into lines by their bytes and tells where each begins.</summary>
internal static class JournalLines
{
    private const int BlockSize = 1 << 16;

    /// <summary>The whole lines of a file, without their line breaks, and their offsets. A line is valid until the next is asked for.</summary>
    public static IEnumerable<(long Offset, ReadOnlyMemory<byte> Line)> Of(SafeFileHandle file)
    {
        var buffer = new byte[BlockSize];
        var (start, filled, position) = (0L, 0, 0L);
        while (true)
        {
            if (filled == buffer.Length)
                Array.Resize(ref buffer, 2 * buffer.Length);
            var read = RandomAccess.Read(file, buffer.AsSpan(filled), position);
            if (read == 0)
                yield break;
            position += read;
            filled += read;
            var used = 0;
            for (int length; (length = buffer.AsSpan(used, filled - used).IndexOf((byte)'\n')) >= 0; used += length + 1)
                yield return (start + used, buffer.AsMemory(used, length));
            buffer.AsSpan(used, filled - used).CopyTo(buffer);
            start += used;
            filled -= used;
        }
    }
}
