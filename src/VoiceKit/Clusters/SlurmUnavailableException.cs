namespace VoiceKit.Clusters;

/// <summary>The exception where Slurm's controller does not answer: nothing is wrong with what was asked, and the same may work a minute later.</summary>
/// <param name="message">What Slurm said.</param>
/// <remarks>After a submission it is not known whether the job was accepted.</remarks>
public sealed class SlurmUnavailableException(string message) : IOException(message);
