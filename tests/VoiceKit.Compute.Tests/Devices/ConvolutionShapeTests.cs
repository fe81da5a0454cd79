using VoiceKit.Devices;

namespace VoiceKit.Tests.Devices;

public class ConvolutionShapeTests
{
    [Theory]
    [InlineData(64, 4, 2, 1, 32)]
    [InlineData(17, 4, 2, 1, 8)]
    [InlineData(19, 4, 4, 0, 4)]
    [InlineData(1, 3, 1, 1, 1)]
    [InlineData(5, 1, 7, 0, 1)]
    public void OutputWidth_OfAShape_CountsThePlacesOfTheKernel(int width, int kernel, int stride, int padding, int expected)
    {
        var shape = ConvolutionShape.OneDimensional(1, width, 1, kernel, 1, stride, padding);
        Assert.Equal((1, expected), (shape.OutputHeight, shape.OutputWidth));
    }

    [Theory]
    [InlineData(-1, 8, 1, 3, 1, 1, 1)]
    [InlineData(1, -8, 1, 3, 1, 1, 1)]
    [InlineData(1, 8, 0, 3, 1, 1, 1)]
    [InlineData(1, 8, 1, 0, 1, 1, 1)]
    [InlineData(1, 8, 1, 3, 0, 1, 1)]
    [InlineData(1, 8, 1, 3, 1, 0, 1)]
    [InlineData(1, 8, 1, 3, 1, 1, -1)]
    [InlineData(1, 2, 1, 5, 1, 1, 1)]
    [InlineData(1, int.MaxValue, 1, 5, 1, 1, 1)]
    [InlineData(1 << 16, 1 << 16, 1, 5, 1, 1, 1)]
    public void OneDimensional_ImpossibleSize_IsRefused(
        int batch,
        int width,
        int inputChannels,
        int kernel,
        int outputChannels,
        int stride,
        int padding
    )
    {
        var exception = Assert.Throws<ArgumentOutOfRangeException>(() =>
            ConvolutionShape.OneDimensional(batch, width, inputChannels, kernel, outputChannels, stride, padding)
        );
        Assert.NotNull(exception.ActualValue);
    }

    [Fact]
    public void Equals_SameSizes_IsTrue() =>
        Assert.Equal(ConvolutionShape.OneDimensional(2, 8, 3, 3, 4, 1, 1), ConvolutionShape.OneDimensional(2, 8, 3, 3, 4, 1, 1));
}
