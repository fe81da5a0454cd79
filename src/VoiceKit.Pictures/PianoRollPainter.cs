using System.Globalization;
using VoiceKit.Music;

namespace VoiceKit.Pictures;

/// <summary>Draws one piano-roll.</summary>
internal sealed class PianoRollPainter
{
    private const int TextScale = 2;
    private const int TextHeight = BitmapFont.CapitalHeight * TextScale;
    private const int Edge = 20;
    private const int LabelWidth = 34;
    private const int KeyboardWidth = 46;
    private const int Header = TextHeight + 14;
    private const int BarNumberHeight = TextHeight + 14;
    private const int StandardWidth = 1200;
    private const int MaxPicture = 10000;
    private const double PixelsPerQuarter = 54;

    // The height of all rows where there are few, and the range of a row's own.
    private const int StandardHeight = 440;
    private const int MinRows = 25;
    private const int MinRow = 7;
    private const int MaxRow = 16;

    private const int LegendBox = 14;
    private const int MinBeatDistance = 12;
    private const int MinBarDistance = 6;

    private static readonly Rgb Ink = new(45, 45, 50);
    private static readonly Rgb Faint = new(165, 165, 170);
    private static readonly Rgb WhiteRow = new(252, 252, 253);
    private static readonly Rgb BlackRow = new(241, 242, 245);
    private static readonly Rgb OctaveLine = new(205, 207, 213);
    private static readonly Rgb BeatLine = new(226, 228, 233);
    private static readonly Rgb BarLine = new(140, 143, 152);
    private static readonly Rgb KeyBorder = new(150, 150, 155);
    private static readonly Rgb BlackKey = new(52, 52, 58);

    private readonly RollNotes music;
    private readonly string title;
    private readonly int lowest;
    private readonly int rowCount;
    private readonly int rowHeight;
    private readonly PixelRectangle plot;
    private readonly Canvas canvas;

    public PianoRollPainter(RollNotes music, PianoRollPictureOptions options)
    {
        this.music = music;
        title = options.Title;
        (lowest, rowCount) = Rows(music.Notes);
        rowHeight = Math.Clamp(StandardHeight / rowCount, MinRow, MaxRow);
        var left = Edge + LabelWidth + KeyboardWidth;
        var width = options.Width ?? (int)Math.Clamp(left + Edge + (music.Length * PixelsPerQuarter), StandardWidth, MaxPicture);
        var top = Edge + (title.Length > 0 ? Header : 0) + Header;
        plot = new(left, top, width - left - Edge, rowCount * rowHeight);
        canvas = new Canvas(width, plot.Bottom + BarNumberHeight + Edge, Rgb.White);
    }

    public Canvas Paint()
    {
        DrawTexts();
        DrawRows();
        DrawGrid();
        canvas.Clip = plot;
        DrawNotes();
        canvas.Clip = canvas.Bounds;
        DrawKeyboard();
        canvas.Frame(new(plot.X - KeyboardWidth - 1, plot.Y - 1, plot.Width + KeyboardWidth + 2, plot.Height + 2), KeyBorder);
        return canvas;
    }

    // A little room above and below, and an octave line or two.
    private static (int Lowest, int Count) Rows(IReadOnlyList<RollNote> notes)
    {
        var (low, high) = notes.Count == 0 ? (60, 72) : (notes.Min(note => note.Pitch), notes.Max(note => note.Pitch));
        (low, high) = (low - 2, high + 2);
        var missing = Math.Max(0, MinRows - (high - low + 1));
        (low, high) = (Math.Max(low - (missing / 2), 0), Math.Min(high + ((missing + 1) / 2), 127));
        return (low, high - low + 1);
    }

    private static bool IsBlackKey(int pitch) => (pitch % 12) is 1 or 3 or 6 or 8 or 10;

    private static Rgb ColorOf(int voice) => Rgb.Palette[voice % Rgb.Palette.Count];

    private int X(double quarters) => plot.X + (int)Math.Round(quarters / music.Length * plot.Width);

    // The topmost pixel of a pitch's row.
    private int Y(int pitch) => plot.Bottom - ((pitch - lowest + 1) * rowHeight);

    private void DrawTexts()
    {
        if (title.Length > 0)
        {
            var fitting = BitmapFont.Fit(title, canvas.Width - (2 * Edge), TextScale);
            var x = (canvas.Width - BitmapFont.Measure(fitting, TextScale)) / 2;

            // Twice, a pixel apart: bold.
            canvas.Text(x, Edge, fitting, Ink, TextScale);
            canvas.Text(x + 1, Edge, fitting, Ink, TextScale);
        }

        var left = plot.X;
        var y = plot.Y - Header + 2;
        for (var voice = 0; voice < music.Voices.Count; voice++)
        {
            var name = BitmapFont.Fit(music.Voices[voice], plot.Right - left - LegendBox - 8, TextScale);
            if (name.Length == 0)
                break;
            DrawBar(new(left, y, LegendBox + 8, LegendBox), ColorOf(voice));
            canvas.Text(left + LegendBox + 16, y, name, Ink, TextScale);
            left += LegendBox + 16 + BitmapFont.Measure(name, TextScale) + 30;
        }
    }

    private void DrawRows()
    {
        for (var pitch = lowest; pitch < lowest + rowCount; pitch++)
        {
            canvas.Fill(new(plot.X, Y(pitch), plot.Width, rowHeight), IsBlackKey(pitch) ? BlackRow : WhiteRow);
            if (pitch % 12 == 0)
                canvas.Fill(new(plot.X, Y(pitch) + rowHeight - 1, plot.Width, 1), OctaveLine);
        }
    }

    private void DrawGrid()
    {
        // Where lines would be too close, only every fifth, tenth, fiftieth .. is drawn.
        var beatDistance = plot.Width / music.Length * Distance(music.Beats);
        if (beatDistance >= MinBeatDistance)
        {
            foreach (var beat in music.Beats)
                canvas.Fill(new(X(beat), plot.Y, 1, plot.Height), BeatLine);
        }

        var barDistance = plot.Width / music.Length * Distance(music.Bars);
        var lineStep = RoundStep(MinBarDistance / barDistance);
        var labelWidth = BitmapFont.Measure(music.Bars.Count.ToString(CultureInfo.InvariantCulture), TextScale) + 14;
        var labelStep = RoundStep(labelWidth / barDistance);
        for (var bar = 0; bar < music.Bars.Count; bar++)
        {
            var x = X(music.Bars[bar]);

            // With numbers 1, 5, 10, 15 ..: the first bar always has its own.
            if (bar > 0 && (lineStep == 1 || (bar + 1) % lineStep == 0))
                canvas.Fill(new(x, plot.Y, 1, plot.Height), BarLine);
            if (bar != 0 && (bar + 1) % labelStep != 0)
                continue;
            canvas.Fill(new(x, plot.Bottom + 1, 1, 5), BarLine);
            var number = (bar + 1).ToString(CultureInfo.InvariantCulture);
            if (x + 4 + BitmapFont.Measure(number, TextScale) < canvas.Width)
                canvas.Text(x + 4, plot.Bottom + 7, number, Ink, TextScale);
        }
    }

    private double Distance(IReadOnlyList<double> places) =>
        places.Count < 2 ? music.Length : (places[^1] - places[0]) / (places.Count - 1);

    private static int RoundStep(double least)
    {
        for (var step = 1; ; step *= 10)
        {
            foreach (var digit in (ReadOnlySpan<int>)[1, 5])
            {
                if (step * digit >= least)
                    return step * digit;
            }
        }
    }

    private void DrawNotes()
    {
        foreach (var row in music.Notes.GroupBy(note => note.Pitch))
        {
            var notes = row.OrderBy(note => note.Start).ThenBy(note => note.Voice).ToArray();
            for (var i = 0; i < notes.Length; i++)
                DrawNote(notes[i], Sharing(notes, i));
        }
    }

    // The voices that sound the note's pitch at some time with it, in order.
    private static SortedSet<int> Sharing(RollNote[] row, int index)
    {
        var note = row[index];
        var voices = new SortedSet<int> { note.Voice };
        for (var i = index - 1; i >= 0 && i > index - Rgb.Palette.Count; i--)
        {
            if (row[i].End > note.Start)
                _ = voices.Add(row[i].Voice);
        }

        for (var i = index + 1; i < row.Length && row[i].Start < note.End; i++)
            _ = voices.Add(row[i].Voice);
        return voices;
    }

    private void DrawNote(RollNote note, SortedSet<int> sharing)
    {
        var place = sharing.TakeWhile(voice => voice != note.Voice).Count();
        var top = Y(note.Pitch) + (rowHeight * place / sharing.Count);
        var bottom = Y(note.Pitch) + (rowHeight * (place + 1) / sharing.Count);
        var (left, right) = (X(note.Start), X(note.End));
        DrawBar(new(left, top, Math.Max(right - left, 2), Math.Max(bottom - top, 2)), ColorOf(note.Voice));
    }

    // A bar with a dark left edge, dim outline, and a gap of a pixel to the next where there is room.
    private void DrawBar(PixelRectangle rectangle, Rgb color)
    {
        var gap = rectangle.Width > 4 ? 1 : 0;
        var bar = rectangle with { Width = rectangle.Width - gap };
        canvas.Fill(bar, color);
        if (bar.Height > 4 && bar.Width > 4)
            canvas.Frame(bar, color.Mix(Rgb.Black, 0.28));

        // Of very short notes the edge would leave nothing of the colour.
        var edge =
            bar.Width >= 8 ? 3
            : bar.Width >= 4 ? 1
            : 0;
        canvas.Fill(bar with { Width = edge }, color.Mix(Rgb.Black, 0.5));
    }

    private void DrawKeyboard()
    {
        var left = plot.X - KeyboardWidth;
        canvas.Fill(new(left, plot.Y, KeyboardWidth, plot.Height), Rgb.White);
        for (var pitch = lowest; pitch < lowest + rowCount; pitch++)
        {
            var y = Y(pitch);
            if (IsBlackKey(pitch))
            {
                // White keys meet in the middle of the black one between them.
                canvas.Fill(new(left, y + (rowHeight / 2), KeyboardWidth, 1), OctaveLine);
                canvas.Fill(new(left, y, KeyboardWidth * 6 / 10, rowHeight), BlackKey);
            }
            else if (pitch % 12 is 0 or 5)
            {
                canvas.Fill(new(left, y + rowHeight - 1, KeyboardWidth, 1), KeyBorder);
            }

            if (pitch % 12 is not (0 or 7))
                continue;
            var name = (pitch % 12 == 0 ? "C" : "G") + ((pitch / 12) - 1).ToString(CultureInfo.InvariantCulture);
            var x = left - 6 - BitmapFont.Measure(name, TextScale);
            canvas.Text(x, y + ((rowHeight - TextHeight) / 2), name, pitch % 12 == 0 ? Ink : Faint, TextScale);
        }

        canvas.Fill(new(plot.X - 1, plot.Y, 1, plot.Height), KeyBorder);
    }
}

/// <summary>A note to draw.</summary>
/// <param name="Start">Where it begins, in quarters.</param>
/// <param name="End">Where it ends, in quarters.</param>
/// <param name="Pitch">The MIDI pitch.</param>
/// <param name="Voice">Which colour it has.</param>
internal readonly record struct RollNote(double Start, double End, int Pitch, int Voice);

/// <summary>The content of a piano-roll picture.</summary>
/// <param name="Notes">The notes.</param>
/// <param name="Voices">The names of the voices.</param>
/// <param name="Bars">Where bars begin, in quarters, the first at 0.</param>
/// <param name="Beats">Where beats begin, in quarters.</param>
/// <param name="Length">The length in quarters, above 0.</param>
internal sealed record RollNotes(
    IReadOnlyList<RollNote> Notes,
    IReadOnlyList<string> Voices,
    IReadOnlyList<double> Bars,
    IReadOnlyList<double> Beats,
    double Length
)
{
    // A metre's lines are not drawn beyond this: they would be closer than pixels.
    private const int MaxBeats = 200_000;

    private static readonly string[] Choir = ["Soprano", "Alto", "Tenor", "Bass"];

    /// <summary>The notes of a roll.</summary>
    public static RollNotes Of(PianoRoll roll, PianoRollPictureOptions options)
    {
        var notes = new List<RollNote>();
        var quarter = (double)roll.StepsPerQuarter;
        for (var voice = 0; voice < roll.VoiceCount; voice++)
        {
            var start = 0;
            for (var step = 0; step <= roll.StepCount; step++)
            {
                var ends = step == roll.StepCount || roll.IsOnset(step, voice) || roll.PitchAt(step, voice) < 0;
                if (!ends)
                    continue;
                if (step > start && roll.PitchAt(start, voice) >= 0)
                    notes.Add(new(start / quarter, step / quarter, roll.PitchAt(start, voice), voice));
                start = step;
            }
        }

        var names = options.VoiceNames ?? (roll.VoiceCount == Choir.Length ? Choir : []);
        var voices = Enumerable.Range(0, roll.VoiceCount).Select(voice => voice < names.Count ? names[voice] : $"Voice {voice + 1}");
        var length = Math.Max(roll.StepCount, 1) / quarter;
        var (bars, beats) = Grid([], quarter => quarter, length, options.QuartersPerBar);
        return new(notes, [.. voices], bars, beats, length);
    }

    /// <summary>
    /// The notes of a score, but for percussion; one voice for each track, or for each channel where only one track has notes.
    /// </summary>
    public static RollNotes Of(MidiScore score)
    {
        var ticks = score.Division.TicksPerQuarter;
        var pitched = score.Notes.Where(note => note.Channel != NoteEvent.PercussionChannel).ToArray();
        var byTrack = pitched.Select(note => note.Track).Distinct().Count() > 1;
        var keys = pitched.Select(note => byTrack ? note.Track : note.Channel).Distinct().Order().ToList();
        var notes = pitched.Select(note => new RollNote(
            note.Start / ticks,
            note.End / ticks,
            note.Pitch,
            keys.IndexOf(byTrack ? note.Track : note.Channel)
        ));
        var length = pitched.Select(note => note.End / ticks).DefaultIfEmpty(0).Max();
        var (bars, beats) = Grid(score.TimeSignatures, tick => tick / ticks, Math.Max(length, 1), quartersPerBar: 4);
        return new(
            [.. notes],
            [.. keys.Select(key => byTrack ? $"Track {key + 1}" : $"Channel {key + 1}")],
            bars,
            beats,
            Math.Max(length, 1)
        );
    }

    // A change of metre starts a bar wherever it stands.
    private static (List<double> Bars, List<double> Beats) Grid(
        IReadOnlyList<TimeSignature> metres,
        Func<double, double> quartersAt,
        double length,
        int quartersPerBar
    )
    {
        var (bars, beats) = (new List<double>(), new List<double>());
        var (start, beatsPerBar, beat) = (0.0, quartersPerBar, 1.0);
        for (var i = 0; i <= metres.Count; i++)
        {
            var end = i < metres.Count ? Math.Min(quartersAt(metres[i].Tick), length) : length;
            for (var n = 0; start + (n * beat) < end - 1e-9 && beats.Count < MaxBeats; n++)
            {
                beats.Add(start + (n * beat));
                if (n % beatsPerBar == 0)
                    bars.Add(start + (n * beat));
            }

            if (i < metres.Count)
                (start, beatsPerBar, beat) = (end, Math.Max(metres[i].Numerator, 1), 4.0 / Math.Max(metres[i].Denominator, 1));
        }

        return (bars, beats);
    }
}
