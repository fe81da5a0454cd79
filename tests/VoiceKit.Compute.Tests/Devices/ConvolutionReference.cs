using VoiceKit.Devices;

namespace VoiceKit.Tests.Devices;

/// <summary>Convolutions as they are defined: sums in double over all places and taps.</summary>
internal static class ConvolutionReference
{
    /// <summary>Small shapes of every kind: strides, paddings, kernels of one tap, inputs shorter than a kernel, none at all.</summary>
    public static readonly ConvolutionShape[] SmallShapes =
    [
        ConvolutionShape.OneDimensional(3, 16, 5, 4, 7, 2, 1),
        ConvolutionShape.OneDimensional(2, 23, 6, 3, 18, 1, 1),
        ConvolutionShape.OneDimensional(2, 25, 3, 5, 4, 3, 2),
        ConvolutionShape.OneDimensional(1, 31, 2, 1, 3, 1, 0),
        ConvolutionShape.OneDimensional(2, 30, 2, 2, 3, 5, 0),
        ConvolutionShape.OneDimensional(1, 1, 4, 3, 5, 1, 4),
        ConvolutionShape.OneDimensional(1, 2, 1, 7, 1, 3, 6),
        ConvolutionShape.OneDimensional(0, 8, 2, 3, 2, 1, 1),
        new(2, (9, 14, 3), (4, 4, 5), (2, 2), (1, 1)),
        new(1, (7, 6, 8), (3, 5, 17), (1, 2), (1, 2)),
        new(2, (11, 5, 2), (2, 3, 4), (3, 4), (0, 3)),
        new(2, (5, 9, 1), (1, 1, 6), (2, 3), (0, 1)),
    ];

    /// <summary>The output (0), the gradient of the input (1) or that of the weights (2).</summary>
    public static double[] Of(ConvolutionShape s, float[] x, float[] w, float[] y, int operation)
    {
        var result = new double[
            operation == 0 ? y.Length
            : operation == 1 ? x.Length
            : w.Length
        ];
        var kernels = s.KernelHeight * s.KernelWidth;
        for (var place = 0; place < s.Batch * s.OutputHeight * s.OutputWidth; place++)
        {
            var (line, column) = int.DivRem(place, s.OutputWidth);
            var (map, row) = int.DivRem(line, s.OutputHeight);
            for (var kernel = 0; kernel < kernels; kernel++)
            {
                var i = (row * s.StrideHeight) - s.PaddingHeight + (kernel / s.KernelWidth);
                var j = (column * s.StrideWidth) - s.PaddingWidth + (kernel % s.KernelWidth);
                if (i < 0 || j < 0 || i >= s.Height || j >= s.Width)
                    continue;
                for (var channels = 0; channels < s.InputChannels * s.OutputChannels; channels++)
                {
                    var xi = (((((map * s.Height) + i) * s.Width) + j) * s.InputChannels) + (channels / s.OutputChannels);
                    var wi = (kernel * s.InputChannels * s.OutputChannels) + channels;
                    var yi = (place * s.OutputChannels) + (channels % s.OutputChannels);
                    if (operation == 0)
                        result[yi] += (double)x[xi] * w[wi];
                    else if (operation == 1)
                        result[xi] += (double)y[yi] * w[wi];
                    else
                        result[wi] += (double)x[xi] * y[yi];
                }
            }
        }

        return result;
    }
}
