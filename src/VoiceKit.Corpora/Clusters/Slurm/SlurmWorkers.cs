using System.Globalization;
using VoiceKit.Files;

namespace VoiceKit.Clusters;

/// <summary>
/// An array of tasks that speed up work which can also do without them: submitted when there is work, ended with it. What goes wrong with
/// the cluster is said and changes nothing else.
/// </summary>
internal sealed class SlurmWorkers : IDisposable
{
    private const string LogPattern = "slurm-*.log";
    private readonly Action<string> say;
    private readonly SlurmClient client = new();
    private long? job;
    private bool refused;
    private bool disposed;

    /// <summary>Writes the script of the array; nothing is submitted yet.</summary>
    /// <param name="folder">A folder for the script and the tasks' logs, which the nodes see. It is removed at the end, unless
    /// <see cref="KeepLogs"/>.</param>
    /// <param name="command">The command line of a worker.</param>
    /// <param name="count">How many workers, at least 1.</param>
    /// <param name="options">What a task asks for.</param>
    /// <param name="say">Receives a sentence on what the cluster was asked or said.</param>
    /// <exception cref="ArgumentException">A setting cannot be handed to Slurm.</exception>
    /// <exception cref="IOException">The script cannot be written.</exception>
    public SlurmWorkers(string folder, IReadOnlyList<string> command, int count, SlurmOptions options, Action<string>? say = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        this.say = say ?? (_ => { });
        Folder = Path.GetFullPath(folder);
        var text = SlurmScript.RenderArray(command, count, Directory.GetCurrentDirectory(), Folder, options);
        AtomicFile.Write(
            Script,
            stream =>
            {
                using var writer = new StreamWriter(stream, leaveOpen: true);
                writer.Write(text);
            }
        );
    }

    /// <summary>Gets the folder of the script and the logs, in full.</summary>
    public string Folder { get; }

    /// <summary>Gets or sets whether the script and the logs stay: where no worker did anything, they say why.</summary>
    public bool KeepLogs { get; set; }

    private string Script => Path.Combine(Folder, "workers.sh");

    /// <summary>
    /// Submits the array, if it is not submitted yet. A controller that does not answer is asked again by the next call; one that refuses
    /// is not.
    /// </summary>
    public void Submit()
    {
        if (job is not null || refused)
            return;
        try
        {
            job = client.Submit(Script);
            say(string.Create(CultureInfo.InvariantCulture, $"workers: Slurm's job {job}"));
        }
        catch (IOException exception)
        {
            refused = exception is not SlurmUnavailableException;
            say($"no workers from Slurm, the work is done here: {exception.Message}");
        }
    }

    /// <summary>Ends the array and removes the folder.</summary>
    public void Dispose()
    {
        if (disposed)
            return;
        disposed = true;
        try
        {
            if (job is { } id)
                client.Cancel(id);
        }
        catch (IOException exception)
        {
            say(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Slurm's job {job} could not be cancelled; its tasks end by themselves: {exception.Message}"
                )
            );
        }

        if (!KeepLogs)
            Remove();
    }

    private void Remove()
    {
        try
        {
            File.Delete(Script);
            foreach (var log in Directory.GetFiles(Folder, LogPattern))
                File.Delete(log);
            Directory.Delete(Folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            say($"{Folder}: could not be removed; it is not needed any more");
        }
    }
}
