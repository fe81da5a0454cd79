using System.Globalization;
using System.Runtime.InteropServices;

namespace VoiceKit.Cli;

/// <summary>
/// The process's standard streams, also where whoever started it closed some: then nothing is written where they would be.
/// </summary>
/// <remarks>
/// A runtime whose standard streams are closed gets their numbers for files of its own, and what is meant for people would be written into
/// those. Such files are closed on exec and inherited ones are not: that tells them apart.
/// </remarks>
internal static partial class StandardStreams
{
    private const int GetDescriptorFlags = 1;
    private const int CloseOnExec = 1;
    private static readonly bool[] Closed = [IsClosed(0), IsClosed(1), IsClosed(2)];

    /// <summary>For data. Where it is closed, writing fails.</summary>
    public static TextWriter Output { get; } = Closed[1] ? new StreamWriter(new ClosedStream()) { AutoFlush = true } : Console.Out;

    /// <summary>For people. Where nobody can read it, nothing happens.</summary>
    public static TextWriter Error { get; } = Closed[2] ? TextWriter.Null : TextWriter.Synchronized(new LenientWriter(Console.Error));

    /// <summary>Gets whether <see cref="Error"/> is a terminal.</summary>
    public static bool IsErrorTerminal => !Closed[2] && !Console.IsErrorRedirected;

    /// <summary>The bytes of standard input; none where it is closed.</summary>
    public static Stream OpenInput() => Closed[0] ? Stream.Null : Console.OpenStandardInput();

    /// <summary>The bytes of standard output. Where it is closed, writing fails.</summary>
    public static Stream OpenOutput() => Closed[1] ? new ClosedStream() : Console.OpenStandardOutput();

    private static bool IsClosed(int descriptor)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS())
            return false;
        var flags = Control(descriptor, GetDescriptorFlags, 0);
        return flags < 0 || (flags & CloseOnExec) != 0;
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command, int argument);

    /// <summary>Passes text on, and forgets it where that fails: a full disk behind 2> is no reason to end the work.</summary>
    private sealed class LenientWriter(TextWriter inner) : TextWriter
    {
        public override System.Text.Encoding Encoding => inner.Encoding;

        public override void Write(char value) => Try(() => inner.Write(value));

        public override void Write(string? value) => Try(() => inner.Write(value));

        public override void Write(char[] buffer, int index, int count) => Try(() => inner.Write(buffer, index, count));

        public override void WriteLine(string? value) => Try(() => inner.WriteLine(value));

        public override void Flush() => Try(inner.Flush);

        private static void Try(Action write)
        {
            try
            {
                write();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException) { }
        }
    }

    private sealed class ClosedStream : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush() { }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new IOException("standard output is closed");
    }
}

/// <summary>Whether whoever started this process had it ignore SIGHUP, as nohup does: to handle it would undo that.</summary>
internal static class HangUp
{
    /// <summary>Gets whether SIGHUP is ignored.</summary>
    public static bool IsIgnored { get; } = Find();

    private static bool Find()
    {
        try
        {
            // Signal 1 is the lowest bit of the mask of ignored signals.
            var mask = File.ReadLines("/proc/self/status")
                .FirstOrDefault(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))
                ?["SigIgn:".Length..].Trim();
            return ulong.TryParse(mask, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bits) && (bits & 1) == 1;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
