namespace VoiceKit.Files;

/// <summary>Bytes that are set aside to be read once: in memory while they are few, else in a temporary file that is gone when this is closed.</summary>
/// <param name="folder">An existing folder for the temporary file.</param>
internal sealed class SpillStream(string folder) : IDisposable
{
    private const int MostInMemory = 16 << 20;
    private Stream stream = new MemoryStream();

    /// <summary>The number of bytes.</summary>
    public long Length => stream.Length;

    /// <summary>Adds bytes.</summary>
    /// <exception cref="TemporaryFileException">The temporary file cannot be written.</exception>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            if (stream is MemoryStream memory && memory.Length + bytes.Length > MostInMemory)
            {
                stream = new FileStream(StagedFile.TemporaryName(folder), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
                memory.WriteTo(stream);
                memory.Dispose();
            }

            stream.Write(bytes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TemporaryFileException(folder, exception);
        }
    }

    /// <summary>The bytes from the first on.</summary>
    /// <exception cref="TemporaryFileException">The temporary file cannot be written to its end.</exception>
    public Stream Rewind()
    {
        try
        {
            stream.Position = 0;
        }
        catch (IOException exception)
        {
            throw new TemporaryFileException(folder, exception);
        }

        return stream;
    }

    /// <summary>Deletes the temporary file.</summary>
    public void Dispose() => stream.Dispose();
}
