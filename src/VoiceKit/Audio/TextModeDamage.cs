namespace VoiceKit.Audio;

/// <summary>Recognises a binary file in which a text-mode copy has put a carriage return before every line feed.</summary>
internal static class TextModeDamage
{
    /// <summary>Whether the file has exactly as many line feeds as surplus bytes, and none without a carriage return before it.</summary>
    public static bool IsIn(RiffReader riff, long surplus)
    {
        const byte lineFeed = (byte)'\n';
        const byte carriageReturn = (byte)'\r';
        var block = new byte[(int)Math.Min(1 << 16, riff.Length)];
        var previous = (byte)0;
        var count = 0L;
        for (var offset = 0L; offset < riff.Length;)
        {
            var read = riff.ReadAt(offset, block);
            if (read == 0)
                return false;
            for (var i = 0; i < read; previous = block[i++])
            {
                if (block[i] == lineFeed && (previous != carriageReturn || ++count > surplus))
                    return false;
            }

            offset += read;
        }

        return count == surplus;
    }
}
