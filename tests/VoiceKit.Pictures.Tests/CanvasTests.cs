using VoiceKit.Pictures;
using VoiceKit.Tests.TestKit;

namespace VoiceKit.Tests.Pictures;

public class CanvasTests
{
    [Theory]
    [InlineData(0, 5)]
    [InlineData(5, -1)]
    [InlineData(100_000, 100_000)]
    public void Constructor_BadSize_Throws(int width, int height) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Canvas(width, height, Rgb.White));

    [Fact]
    public void Fill_BeyondTheBorder_ChangesOnlyWhatIsInside()
    {
        var canvas = new Canvas(4, 3, Rgb.White);
        canvas.Fill(new(2, -5, int.MaxValue, 7), Rgb.Black);
        Assert.Equal(4, CountInked(canvas));
        Assert.Equal(Rgb.Black, canvas[3, 1]);
        Assert.Equal(Rgb.White, canvas[1, 1]);
    }

    [Fact]
    public void Clip_LargerThanTheCanvas_IsCut()
    {
        var canvas = new Canvas(4, 3, Rgb.White) { Clip = new(-3, 1, 100, 100) };
        Assert.Equal(new PixelRectangle(0, 1, 4, 2), canvas.Clip);
        canvas.Clip = new(50, 50, 3, 3);
        canvas.Fill(canvas.Bounds, Rgb.Black);
        Assert.Equal(0, CountInked(canvas));
    }

    [Fact]
    public void Text_OverEachBorder_IsClipped()
    {
        foreach (var (x, y) in new[] { (-7, 2), (25, 2), (2, -5), (2, 17), (-100, -100), (1000, 1000) })
        {
            foreach (var vertical in new[] { false, true })
            {
                var canvas = new Canvas(30, 20, Rgb.White);
                canvas.Text(x, y, "Wgj8", Rgb.Black, 2, vertical);

                // What lies inside is the same part of the text on a canvas that has room for all of it.
                const int margin = 200;
                var large = new Canvas(30 + (2 * margin), 20 + (2 * margin), Rgb.White);
                if (Math.Abs(x) < margin)
                    large.Text(x + margin, y + margin, "Wgj8", Rgb.Black, 2, vertical);
                for (var row = 0; row < canvas.Height; row++)
                {
                    for (var column = 0; column < canvas.Width; column++)
                        Assert.Equal(large[column + margin, row + margin], canvas[column, row]);
                }
            }
        }
    }

    [Fact]
    public void Text_Vertical_IsTheSameTurned()
    {
        var across = new Canvas(30, 10, Rgb.White);
        across.Text(1, 0, "F0 a", Rgb.Black);
        var upwards = new Canvas(10, 30, Rgb.White);
        upwards.Text(0, 29, "F0 a", Rgb.Black, vertical: true);
        for (var y = 0; y < 10; y++)
        {
            for (var x = 0; x < 30; x++)
                Assert.Equal(across[x, y], upwards[y, 29 - x]);
        }
    }

    [Fact]
    public void Text_EveryAsciiCharacter_DiffersFromTheOthers()
    {
        var seen = new HashSet<string>();
        for (var character = ' '; character <= '~' + 1; character++)
        {
            foreach (var scale in new[] { 1, 2, 3 })
            {
                var glyph = BitmapFont.Glyph(character, scale);
                Assert.Equal(BitmapFont.Width * BitmapFont.Height * scale * scale, glyph.Length);
                Assert.All(glyph, coverage => Assert.InRange(coverage, 0, 1));
                Assert.True(seen.Add(scale + string.Join(',', glyph)), $"'{character}' looks like another character.");
            }
        }
    }

    [Fact]
    public void Fit_NarrowRoom_NeverExceedsIt()
    {
        const string text = "A long title";
        for (var width = 0; width < 200; width++)
        {
            var fitting = BitmapFont.Fit(text, width, 2);
            Assert.True(BitmapFont.Measure(fitting, 2) <= width);
            Assert.Equal(BitmapFont.Measure(text, 2) <= width, fitting == text);
        }
    }

    [Fact]
    public void Line_Horizontal_FillsExactlyItsRows()
    {
        var canvas = new Canvas(10, 10, Rgb.White);
        canvas.Line(new(-5, 5), new(15, 5), Rgb.Black, 2);
        for (var y = 0; y < 10; y++)
            Assert.Equal(y is 4 or 5 ? Rgb.Black : Rgb.White, canvas[4, y]);
    }

    [Theory]
    [InlineData(3, 2, 27, 5)]
    [InlineData(27, 5, 3, 2)]
    [InlineData(5, 27, 8, 2)]
    [InlineData(4, 4, 25, 25)]
    public void Line_AnyDirection_InkIsLengthTimesThickness(double x0, double y0, double x1, double y1)
    {
        var canvas = new Canvas(30, 30, Rgb.White);
        canvas.Line(new(x0, y0), new(x1, y1), Rgb.Black, 3);
        var ink = PngReader.Pixels(canvas).Sum(value => (255 - value) / 255.0) / 3;
        var expected = (3 * Math.Sqrt(((x1 - x0) * (x1 - x0)) + ((y1 - y0) * (y1 - y0)))) + (Math.PI * 2.25);
        Assert.InRange(ink, expected * 0.96, expected * 1.04);
    }

    [Fact]
    public void Polyline_FarOrNotFinitePoints_DrawsTheRest()
    {
        var canvas = new Canvas(10, 10, Rgb.White);
        canvas.Polyline([], Rgb.Black);
        canvas.Polyline([new(double.NaN, 1), new(double.PositiveInfinity, 3)], Rgb.Black);
        Assert.Equal(0, CountInked(canvas));
        canvas.Polyline([new(-1e300, 5), new(1e300, 5), new(double.NaN, 0), new(2.5, 1.5)], Rgb.Black);
        Assert.Equal(Rgb.Black, canvas[2, 1]);
        Assert.NotEqual(Rgb.White, canvas[9, 5]);
        Assert.Throws<ArgumentOutOfRangeException>(() => canvas.Polyline([], Rgb.Black, double.NaN));
    }

    [Fact]
    public void VerticalSpan_Fractions_AreBlended()
    {
        var canvas = new Canvas(1, 4, Rgb.White);
        canvas.VerticalSpan(0, 0.5, 2.25, Rgb.Black);
        Assert.Equal([128, 0, 191, 255], Enumerable.Range(0, 4).Select(y => (int)canvas[0, y].Red));
        canvas.VerticalSpan(0, double.NaN, 2, Rgb.White);
        canvas.VerticalSpan(0, double.NegativeInfinity, double.PositiveInfinity, Rgb.Black);
        Assert.Equal(4, CountInked(canvas));
    }

    [Fact]
    public void Ember_Lightness_Rises()
    {
        var last = -1.0;
        for (var i = 0; i <= 100; i++)
        {
            var color = ColorMap.Ember[i / 100.0];
            var luminance = Linear(color.Red, 0.2126) + Linear(color.Green, 0.7152) + Linear(color.Blue, 0.0722);
            Assert.True(luminance > last, $"The luminance falls at {i} %.");
            last = luminance;
        }

        Assert.Equal(ColorMap.Ember[0], ColorMap.Ember[double.NaN]);
        Assert.Equal(ColorMap.Ember[1], ColorMap.Ember[double.PositiveInfinity]);
        Assert.Throws<ArgumentException>(() => new ColorMap(Rgb.White));
    }

    private static double Linear(byte channel, double weight) => weight * Math.Pow(channel / 255.0, 2.2);

    private static int CountInked(Canvas canvas) => PngReader.Pixels(canvas).Chunk(3).Count(pixel => pixel[0] < 255);
}
