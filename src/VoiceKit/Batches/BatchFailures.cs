using System.Text;
using VoiceKit.Compute;
using VoiceKit.Files;

namespace VoiceKit.Batches;

/// <summary>The list of what failed, for people: one line an item with name, file and reason, between tabs.</summary>
internal static class BatchFailures
{
    /// <summary>Writes the list; where nothing failed there is none.</summary>
    public static void Write(BatchFolder folder, IReadOnlyList<JournalEntry> failures)
    {
        if (failures.Count == 0)
        {
            File.Delete(folder.FailedPath);
            return;
        }

        folder.WriteState(folder.FailedPath, stream =>
        {
            using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true);
            foreach (var entry in failures.OrderBy(entry => entry.Id, StringComparer.Ordinal))
                writer.Write($"{BadFileException.OnOneLine(entry.Id)}\t{BadFileException.OnOneLine(entry.Input)}\t{BadFileException.OnOneLine(entry.Reason ?? "")}\n");
        });
    }

    /// <summary>Which file failed and why, in words.</summary>
    public static string Describe(string path, Exception exception) => exception switch
    {
        AggregateException { InnerExceptions.Count: > 0 } aggregate => Describe(path, aggregate.InnerExceptions[0]),
        BadFileException or IOException or UnauthorizedAccessException => exception.Message,
        DeviceException => $"{BadFileException.OnOneLine(path)}: {exception.Message}",
        ArgumentException or ArithmeticException => $"{BadFileException.OnOneLine(path)}: {exception.PlainMessage()}",
        _ => $"{BadFileException.OnOneLine(path)}: this is a bug, please report it: {exception.GetType().Name}: {exception.Message}",
    };
}
