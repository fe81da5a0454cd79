using System.Text;

namespace VoiceKit.Tests.TestKit;

/// <summary>A soundfont (SoundFont 2.01) of one preset that plays a sine.</summary>
internal static class SmallSoundFont
{
    // Whole periods of 100 samples: at 44 kHz the sample has 440 Hz, the pitch of key 69.
    private const int Period = 100;
    private const int SampleCount = 10 * Period;
    private const int SampleRate = 44000;

    // Numbers of generators.
    private const ushort Instrument = 41;
    private const ushort SampleId = 53;
    private const ushort SampleModes = 54;

    public static byte[] Bytes()
    {
        var info = List("INFO", Chunk("ifil", Words(2, 1)), Chunk("isng", Text("EMU8000", 8)), Chunk("INAM", Text("Sine", 6)));
        var data = List("sdta", Chunk("smpl", Sine()));
        var presets = List(
            "pdta",
            Chunk("phdr", Preset("Sine", 0, 0), Preset("EOP", 0, 1)),
            Chunk("pbag", Words(0, 0, 1, 0)),
            Chunk("pmod", new byte[10]),
            Chunk("pgen", Words(Instrument, 0, 0, 0)),
            Chunk("inst", Text("Sine", 20), Words(0), Text("EOI", 20), Words(1)),
            Chunk("ibag", Words(0, 0, 2, 0)),
            Chunk("imod", new byte[10]),
            Chunk("igen", Words(SampleModes, 1, SampleId, 0, 0, 0)),
            Chunk("shdr", SampleHeader("Sine", SampleCount, Period, 9 * Period, SampleRate, 69, 1), SampleHeader("EOS", 0, 0, 0, 0, 0, 0))
        );
        return Chunk("RIFF", Text("sfbk", 4), info, data, presets);
    }

    private static byte[] Sine()
    {
        // 46 zeros must follow each sample.
        var samples = new short[SampleCount + 46];
        for (var i = 0; i < SampleCount; i++)
            samples[i] = (short)(20000 * Math.Sin(2 * Math.PI * i / Period));
        return [.. samples.SelectMany(BitConverter.GetBytes)];
    }

    private static byte[] Preset(string name, int program, int bag) => [.. Text(name, 20), .. Words(program, 0, bag), .. new byte[12]];

    private static byte[] SampleHeader(string name, int end, int loopStart, int loopEnd, int rate, byte key, int type) =>
        [
            .. Text(name, 20),
            .. Number(0),
            .. Number(end),
            .. Number(loopStart),
            .. Number(loopEnd),
            .. Number(rate),
            key,
            0,
            .. Words(0, type),
        ];

    private static byte[] List(string type, params byte[][] chunks) => Chunk("LIST", [Text(type, 4), .. chunks]);

    private static byte[] Chunk(string name, params byte[][] parts) =>
        [.. Text(name, 4), .. Number(parts.Sum(part => part.Length)), .. parts.SelectMany(part => part)];

    private static byte[] Text(string text, int length) => Encoding.ASCII.GetBytes(text.PadRight(length, '\0'));

    private static byte[] Number(int value) => BitConverter.GetBytes(value);

    private static byte[] Words(params int[] values) => [.. values.SelectMany(value => BitConverter.GetBytes((ushort)value))];
}
