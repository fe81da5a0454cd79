namespace VoiceKit.Gpu.Kernels;

/// <summary>The sizes of power spectra of frames of a signal.</summary>
/// <param name="FftLength">The transform length N, a power of two from 2 on.</param>
/// <param name="FrameLength">The length of the window, at most N.</param>
/// <param name="FrameShift">The samples between frames.</param>
/// <param name="FirstFrame">The number of the frame that the first group transforms.</param>
internal readonly record struct FrameSizes(int FftLength, int FrameLength, int FrameShift, int FirstFrame);
