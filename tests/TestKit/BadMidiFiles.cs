using System.Text;
using static VoiceKit.Tests.TestKit.MidiBytes;
using static VoiceKit.Tests.TestKit.Verdict;

namespace VoiceKit.Tests.TestKit;

/// <summary>Small MIDI files, each with one thing odd or broken, and what a reader should make of it.</summary>
internal static class BadMidiFiles
{
    private static readonly byte[] Whole = Track(Note, End);
    private static readonly byte[] LargestDelta = [0xFF, 0xFF, 0xFF, 0x7F];

    public static byte[] Good { get; } = [.. Header(), .. Whole];

    public static IEnumerable<BadFileCase> All =>
        [
            new("ok", Accept, Good),
            .. Truncated(),
            .. EndsOfTrack(),
            .. RunningStatus(),
            .. Numbers(),
            .. Lengths(),
            .. Headers(),
            .. Counts(),
            .. Metas(),
            .. Events(),
            .. Containers(),
            .. HeadersAlone(),
        ];

    private static IEnumerable<BadFileCase> Truncated()
    {
        foreach (var length in (int[])[0, 3, 8, 13, 14, 18, 22, 25])
            yield return new($"trunc-{length:00}", Reject, Good[..length]);

        // Only the last byte of the end-of-track event is missing: the note is whole. Proposals reject it as they do the files above.
        yield return new("trunc-34", Warn, Good[..^1]);
        yield return new("trunc-second-track", Warn, [.. Header(1, 2), .. Whole, .. Whole[..8]]);
    }

    private static IEnumerable<BadFileCase> EndsOfTrack() =>
        [new("no-end-of-track", Warn, File(Note)), new("two-end-of-track", Warn, File(Note, End, Note, End))];

    private static IEnumerable<BadFileCase> RunningStatus() =>
        [
            new("running-status", Accept, File([0, 0x90, 60, 64, 0x60, 60, 0], End)),
            new("running-status-first", Reject, File([0, 60, 64], End)),
            new("running-status-after-sysex", Reject, File(Note, [0, 0xF0, 3, 0x7E, 0x7F, 0xF7, 0, 60, 64], End)),
            new("running-status-after-meta", Warn, File(Note, [0, 0xFF, 1, 1, (byte)'a', 0, 60, 64], End)),
        ];

    private static IEnumerable<BadFileCase> Numbers() =>
        [
            // 78 hours of silence: it must not be rendered without a word.
            new("vlq-4-max", Warn, File(LargestDelta, Note[1..], End)),
            new("vlq-5-bytes", Reject, File([0xFF, .. LargestDelta], Note[1..], End)),
            new("vlq-endless", Reject, File([.. Enumerable.Repeat((byte)0xFF, 4096)])),
            new("many-max-deltas", Reject, File([.. Enumerable.Repeat((byte[])[.. LargestDelta, 0x90, 60, 64], 64), End])),
            new("vlq-padded-zero", Accept, File([0x80, 0x80, 0x80, .. Note], End)),
        ];

    private static IEnumerable<BadFileCase> Lengths() =>
        [
            new("sysex-len-huge", Reject, File([0, 0xF0, .. LargestDelta, 1, 0xF7], End)),
            new("meta-len-huge", Reject, File([0, 0xFF, 1, .. LargestDelta], Encoding.ASCII.GetBytes("abc"), End)),
            new("sysex-no-f7", Warn, File([0, 0xF0, 2, 0x7E, 0x7F], End)),
            new("sysex-in-packets", Accept, File([0, 0xF0, 2, 0x7E, 0x7F, 9, 0xF7, 1, 0x7F, 9, 0xF7, 2, 0x7F, 0xF7], Note, End)),
            new("track-size-0", Warn, [.. Header(), .. Chunk("MTrk", [.. Note, .. End], 0)]),
            new("track-size-ffffffff", Warn, [.. Header(), .. Chunk("MTrk", [.. Note, .. End], 0xFFFFFFFF)]),
            new("track-size-short", Reject, [.. Header(), .. Chunk("MTrk", [.. Note, .. End], 5)]),
        ];

    private static IEnumerable<BadFileCase> Headers() =>
        [
            new("header-len-0", Reject, [.. Chunk("MThd", []), .. Whole]),
            new("header-len-7", Accept, [.. Header(size: 7), 0, .. Whole]),
            new("header-len-ffffffff", Reject, [.. Header(size: 0xFFFFFFFF), .. Whole]),
            new("format-3", Reject, [.. Header(3), .. Whole]),
            new("division-0", Reject, [.. Header(division: 0), .. Whole]),
            new("division-smpte", Accept, [.. Header(division: 0xE728), .. Whole]),
            new("division-smpte-bad", Reject, [.. Header(division: 0x8000), .. Whole]),
            new("division-smpte-0-ticks", Reject, [.. Header(division: 0xE700), .. Whole]),
        ];

    private static IEnumerable<BadFileCase> Counts() =>
        [
            new("format-2", Warn, [.. Header(2, 2), .. Whole, .. Whole]),
            new("format-0-two-tracks", Warn, [.. Header(0, 2), .. Whole, .. Whole]),
            new("tracks-0", Warn, [.. Header(1, 0), .. Whole]),
            new("tracks-65535", Warn, [.. Header(1, 65535), .. Whole]),
            new("tracks-fewer-than-present", Warn, [.. Header(1), .. Whole, .. Whole, .. Whole]),
        ];

    private static IEnumerable<BadFileCase> Metas() =>
        [
            new("tempo-0", Reject, File([0, 0xFF, 0x51, 3, 0, 0, 0], Note, End)),
            new("tempo-len-1", Reject, File([0, 0xFF, 0x51, 1, 7], Note, End)),
            new("timesig-denominator-255", Warn, File([0, 0xFF, 0x58, 4, 4, 255, 24, 8], Note, End)),
            new("timesig-numerator-0", Warn, File([0, 0xFF, 0x58, 4, 0, 2, 24, 8], Note, End)),
            new("timesig-len-1", Warn, File([0, 0xFF, 0x58, 1, 4], Note, End)),
            new("keysig-99", Warn, File([0, 0xFF, 0x59, 2, 99, 5], Note, End)),
            new("keysig-7-flats-minor", Accept, File([0, 0xFF, 0x59, 2, 0xF9, 1], Note, End)),
            new("text-latin1", Accept, File([0, 0xFF, 3, 5, (byte)'F', (byte)'l', 0xFB, (byte)'t', (byte)'e'], Note, End)),
        ];

    private static IEnumerable<BadFileCase> Events() =>
        [
            new("data-byte-high", Reject, File([0, 0x90, 0xBC, 0xC0], End)),
            new("note-on-never-off", Warn, File([0, 0x90, 60, 64], End)),
            new("note-off-never-on", Accept, File([0, 0x80, 60, 64], End)),
            new("note-twice-on", Warn, File([0, 0x90, 60, 64, 16, 0x90, 60, 64, 16, 0x80, 60, 0], End)),
            new("status-f4", Warn, File([0, 0xF4, 0], End)),
            new("status-f8", Warn, File([0, 0xF8], Note, End)),
            new("status-f2", Warn, File([0, 0xF2, 1, 2], Note, End)),
        ];

    private static IEnumerable<BadFileCase> Containers() =>
        [
            new("rmid", Warn, Rmid(RiffChunk("data", Good))),
            new("rmid-list-first", Warn, Rmid(RiffChunk("LIST", [.. "INFO"u8]), RiffChunk("data", Good), RiffChunk("LIST", new byte[99]))),
            new("rmid-size-huge", Warn, Rmid(RiffChunk("data", Good, -1))),
            new("rmid-without-data", Reject, Rmid(RiffChunk("LIST", [.. "INFO"u8], -1))),
            new("rmid-data-is-no-midi", Reject, Rmid(RiffChunk("data", new byte[50]))),
            new("unknown-chunk", Accept, [.. Header(), .. Chunk("XFIH", [.. "abcd"u8]), .. Whole]),
            new("unknown-chunk-huge", Reject, [.. Header(), .. Chunk("XFIH", [.. "abcd"u8], 0xFFFFFFFF), .. Whole]),
            new(
                "many-unknown-chunks",
                Accept,
                [.. Header(), .. Enumerable.Repeat(Chunk("zzzz", []), 20000).SelectMany(chunk => chunk), .. Whole]
            ),
            new("trailing-garbage", Accept, [.. Good, .. Enumerable.Repeat((byte)0xDE, 256)]),
            new("text", Reject, [.. "not a midi file"u8]),
            new("html", Reject, [.. "<!DOCTYPE html><html>404 Not Found</html>"u8]),
            new("wav", Reject, BadWaveFiles.Good),
        ];

    // Headers that muspy's tests use: no track is promised, none is there.
    private static IEnumerable<BadFileCase> HeadersAlone() =>
        [
            new("header-alone", Warn, Header(1, 0)),
            new("header-alone-format-2", Warn, Header(2, 0)),
            new("header-alone-division-0", Reject, Header(1, 0, 0)),
            // -1 ticks: read as film frames, there would be one a second.
            new("header-alone-division-negative", Reject, Header(1, 0, 0xFFFF)),
        ];
}
