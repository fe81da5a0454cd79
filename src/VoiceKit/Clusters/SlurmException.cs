namespace VoiceKit.Clusters;

/// <summary>The exception where one of Slurm's programs is not there, cannot be understood, or says no: the message has its words.</summary>
/// <param name="message">What happened.</param>
/// <param name="inner">The exception that led to this one, if any.</param>
public class SlurmException(string message, Exception? inner = null) : IOException(message, inner);

/// <summary>The exception where Slurm's controller does not answer: nothing is wrong with what was asked, and the same may work a minute later.</summary>
/// <param name="message">What Slurm said.</param>
/// <remarks>After a submission it is not known whether the job was accepted.</remarks>
public sealed class SlurmUnavailableException(string message) : SlurmException(message);
