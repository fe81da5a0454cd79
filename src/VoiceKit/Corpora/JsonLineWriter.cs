using System.Text.Encodings.Web;
using System.Text.Json;

namespace VoiceKit.Corpora;

/// <summary>Writes JSON objects, one a line. Line breaks, quotes and controls in texts are escaped; half of a surrogate pair becomes U+FFFD.</summary>
/// <param name="stream">Where to; it stays open.</param>
internal sealed class JsonLineWriter(Stream stream) : IDisposable
{
    private const int FlushSize = 1 << 16;
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly MemoryStream buffer = new();
    private Utf8JsonWriter? json;

    /// <summary>Writes one line.</summary>
    public void Write(Action<Utf8JsonWriter> members)
    {
        json ??= new Utf8JsonWriter(buffer, Plain);
        json.Reset();
        json.WriteStartObject();
        members(json);
        json.WriteEndObject();
        json.Flush();
        buffer.WriteByte((byte)'\n');
        if (buffer.Length >= FlushSize)
            Flush();
    }

    /// <summary>Hands all lines on to the stream.</summary>
    public void Flush()
    {
        buffer.WriteTo(stream);
        buffer.SetLength(0);
    }

    /// <summary>Ends without writing what was not flushed.</summary>
    public void Dispose() => json?.Dispose();
}
