using VoiceKit.Numerics;
using VoiceKit.Pictures;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Pictures;

public class FigureTests
{
    private static readonly TimeSpan FramePeriod = TimeSpan.FromMilliseconds(5);

    public static TheoryData<string, double[], int> Matrices =>
        new()
        {
            { "no frames", [], 3 },
            { "one value", [7], 1 },
            { "one frame", [1, 2, 3], 3 },
            { "constant", [4, 4, 4, 4], 2 },
            { "NaN", [double.NaN, double.NaN], 1 },
            { "infinite", [double.NegativeInfinity, 0, double.PositiveInfinity, 1], 2 },
            { "extreme", [double.MinValue, 0, double.MaxValue, 1], 2 },
        };

    [Theory]
    [MemberData(nameof(Matrices))]
    public void Write_DegenerateValues_GivesAPicture(string name, double[] values, int dimension)
    {
        var frames = new Frames(values.Length / dimension, dimension, values);
        var figure = new Figure(400, name)
            .Add(
                new HeatMapPanel(frames, FramePeriod)
                {
                    Title = "nearest",
                    ValueLabel = "dB",
                    Overlays = [new Curve("o", values, FramePeriod)],
                },
                40
            )
            .Add(new HeatMapPanel(frames, FramePeriod) { IsSmooth = true, DynamicRange = 60 }, 20)
            .Add(new LinePanel(new Curve("a", values, FramePeriod), new Curve("b", values, 0.1) { ZeroIsGap = true }), 30)
            .Add(new WaveformPanel(values, 16000), 30)
            .Add(new WaveformPanel(values, 1), 30)
            .Add(new LinePanel(), 20);
        var first = Written(figure);
        Assert.Equal(400, PngReader.Read(first).Width);
        Assert.Equal(first, Written(figure));
    }

    [Fact]
    public void Write_NoPanels_GivesAPicture() => Assert.Equal(300, PngReader.Read(Written(new Figure(300))).Width);

    [Fact]
    public void Write_LongTexts_StayInside()
    {
        var text = new string('W', 300) + "\u00e4\n";
        var panel = new LinePanel(new Curve(text, [1, 2], 1), new Curve(text, [2, 3], 1)) { Title = text, VerticalLabel = text };
        Assert.Equal(300, PngReader.Read(Written(new Figure(300, text) { HorizontalLabel = text }.Add(panel, 20))).Width);
    }

    [Fact]
    public void HeatMap_Enlarged_ShowsEveryCell()
    {
        // Two frames of two values on 40 x 40 pixels: the second column of the matrix is the upper half.
        var canvas = Draw(new HeatMapPanel(new Frames(2, 2, [0, 1, 0.25, double.NaN]), 1) { Map = ColorMap.Ink }, 40);
        Assert.Equal(Rgb.White, canvas[10, 30]);
        Assert.Equal(Rgb.Black, canvas[10, 10]);
        Assert.Equal(new Rgb(191, 191, 191), canvas[30, 30]);
        Assert.Equal(new Rgb(205, 205, 205), canvas[30, 10]);
    }

    [Fact]
    public void HeatMap_Shrunk_ShowsTheMeanByArea()
    {
        var values = Enumerable.Range(0, 400 * 300).Select(i => (double)(((i / 300) + (i % 300)) % 2)).ToArray();
        var canvas = Draw(new HeatMapPanel(new Frames(400, 300, values), 1) { Map = ColorMap.Ink }, 10);
        Assert.All(PngReader.Pixels(canvas), channel => Assert.InRange(channel, 127, 128));
    }

    [Fact]
    public void HeatMap_ShrunkByAFraction_KeepsTheMean()
    {
        var random = new Random(1);
        var values = Enumerable.Range(0, 37).Select(_ => random.NextDouble()).ToArray();
        var weights = CellWeights.For(37, -0.5, 37 / 11.0, 11, smooth: false);
        Assert.Equal(values.Average(), weights.Average(weight => weight.Mean(values, 0, 1, new(0, 1))), 12);
    }

    [Fact]
    public void HeatMap_Smooth_RunsBetweenTheCells()
    {
        double[] values = [0, 1];
        var weights = CellWeights.For(2, -1, 0.25, 12, smooth: true);
        Assert.Equal(8, weights.Count(weight => !weight.IsEmpty));
        var means = weights.Where(weight => !weight.IsEmpty).Select(weight => weight.Mean(values, 0, 1, new(0, 1)));
        Assert.Equal([0, 0, 0.125, 0.375, 0.625, 0.875, 1, 1], means);
    }

    [Fact]
    public void LinePanel_ZeroIsGap_LeavesItOutOfTheAxis()
    {
        double[] f0 = [0, 200, 210, 0, 0];
        Assert.True(new LinePanel(new Curve("", f0, 1) { ZeroIsGap = true }).VerticalRange.Minimum > 190);
        Assert.True(new LinePanel(new Curve("", f0, 1)).VerticalRange.Minimum < 0);
    }

    [Fact]
    public void LinePanel_MoreValuesThanPixels_LooksAsWithAllOfThem()
    {
        var values = Enumerable.Range(0, 20000).Select(i => i == 12345 ? 9.0 : Math.Sin(i * 0.9)).ToArray();
        var canvas = Draw(new LinePanel(new Curve("", values, 1) { Color = Rgb.Black }) { VerticalLimits = new(-2, 10) }, 60);

        // The one value that stands out is seen in its column (12345 / 20000 of 60), near the top.
        Assert.Contains(Enumerable.Range(35, 5), x => canvas[x, 6].Red < 200);
        Assert.Equal(Rgb.White, canvas[20, 20]);
    }

    [Fact]
    public void Waveform_SquareWave_FillsFromPeakToPeak()
    {
        var samples = Enumerable.Range(0, 16000).Select(i => i % 20 < 10 ? 0.5 : -0.5).ToArray();
        var canvas = Draw(new WaveformPanel(samples, 16000) { VerticalLimits = new(-1, 1) }, 40);
        for (var y = 0; y < 40; y++)
            Assert.Equal(y is >= 10 and < 30, canvas[20, y].Red < 100);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Constructor_BadSpacing_Throws(double spacing)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Curve("", [1], spacing));
        Assert.Throws<ArgumentOutOfRangeException>(() => new HeatMapPanel(new FrameBuffer(1, 1), spacing));
        Assert.Throws<ArgumentOutOfRangeException>(() => new HeatMapPanel(new FrameBuffer(1, 1), 1) { DynamicRange = spacing });
        Assert.Throws<ArgumentOutOfRangeException>(() => new Curve("", [1], 1) { Thickness = spacing });
    }

    [Fact]
    public void Add_BadHeight_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Figure(299));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Figure(300).Add(new LinePanel(), 19));
    }

    private static Canvas Draw(Panel panel, int side)
    {
        var canvas = new Canvas(side, side, Rgb.White);
        panel.Draw(new PlotArea(canvas, canvas.Bounds, panel.HorizontalExtent!, panel.VerticalRange));
        return canvas;
    }

    private static byte[] Written(Figure figure)
    {
        using var stream = new MemoryStream();
        figure.Write(stream);
        return stream.ToArray();
    }
}
