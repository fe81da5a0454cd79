namespace VoiceKit.Pictures;

/// <summary>One of the pictures that a <see cref="Figure"/> stacks.</summary>
public abstract class Panel
{
    private protected Panel()
    {
    }

    /// <summary>The line above the panel. Default none.</summary>
    public string Title { get; init; } = "";

    /// <summary>What the vertical axis shows, with the unit. Default none.</summary>
    public string VerticalLabel { get; init; } = "";

    /// <summary>The part of the horizontal axis that the data take up; null where there are none.</summary>
    internal abstract AxisRange? HorizontalExtent { get; }

    /// <summary>The vertical axis.</summary>
    internal abstract AxisRange VerticalRange { get; }

    /// <summary>What the legend lists.</summary>
    internal virtual IReadOnlyList<(string Name, Rgb Color)> Legend => [];

    /// <summary>The colours that stand for values; null where the panel has none.</summary>
    internal virtual ColorScale? Colors => null;

    /// <summary>Draws the data on a white background with a grid.</summary>
    internal abstract void Draw(PlotArea area);
}
