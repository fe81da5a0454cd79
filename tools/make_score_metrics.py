#!/usr/bin/env python3
"""Makes tests/VoiceKit.Tests/Golden/score-metrics/metrics.json: what score_metrics.py measures on small scores.

usage: make_score_metrics.py score_metrics.py > metrics.json        (needs numpy)
The scores come from a linear congruential generator; tests/VoiceKit.Tests/Music/CongruentialScores.cs makes the same ones.
"""
import argparse
import importlib.util
import json
import sys

import numpy as np


class Congruential:
    def __init__(self, seed):
        self.state = seed

    def next(self, count):
        self.state = (self.state * 1664525 + 1013904223) & 0xFFFFFFFF
        return (self.state >> 16) % count


# name: seed, notes, division (negative: frames of film), bars of notes, lowest pitch, pitches, longest note in 1/20 of a quarter
SCORES = {
    'dense': (1, 400, 480, 14, 36, 46, 80),
    'sparse': (2, 24, 96, 13, 60, 24, 40),
    'short': (3, 30, 220, 3, 0, 128, 60),
    'film': (4, 200, -25, 9, 48, 25, 120),
    'single': (5, 1, 480, 4, 60, 1, 1),
    'unison': (6, 40, 480, 8, 67, 1, 10),
}
# name: score, bars, steps, beats
CASES = {
    'dense': ('dense', 4, 16, 4), 'dense whole': ('dense', 0, 16, 4), 'sparse': ('sparse', 2, 16, 4), 'short': ('short', 4, 16, 4),
    'film': ('film', 2, 16, 4), 'single whole': ('single', 0, 16, 4), 'unison': ('unison', 2, 16, 4), 'waltz': ('dense', 2, 12, 3),
    'triplets': ('sparse', 3, 24, 4), 'coarse': ('film', 2, 4, 4),
}
COMPARISONS = [('dense', 'sparse'), ('sparse', 'film'), ('film', 'film'), ('unison', 'dense'), ('dense whole', 'film')]


def score(seed, count, division, bars, low, pitches, longest):
    random = Congruential(seed)
    quarter = division if division > 0 else -division * 20
    notes = []
    for _ in range(count):
        start = random.next(bars * 4 * quarter)
        length = random.next(1 + longest * quarter // 20)
        pitch = low + random.next(pitches)
        channel = 7 + random.next(4) if count > 1 else 0
        notes.append((start, start + length, pitch, 80, channel, 0))
    code = division if division > 0 else ((256 + division) << 8) | 40
    return dict(division=code, notes=sorted(notes))


def main():
    spec = importlib.util.spec_from_file_location('judge', sys.argv[1])
    judge = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(judge)
    judge.load_source = lambda case, a, rng: [judge.smf_to_roll(score(*SCORES[CASES[case][0]]), a.steps // a.beats)]
    out, summaries = {}, {}
    for case, (name, bars, steps, beats) in CASES.items():
        a = argparse.Namespace(bars=bars, steps=steps, beats=beats, max=0)
        windows = [judge.measure(w, a) for w in judge.windows(judge.load_source(case, a, None), a)]
        s = summaries[case] = judge.summarize(case, a, None)
        plain = lambda figures: {k: float(v) for k, v in figures.items()}
        out[case] = dict(
            windows=[dict(figures=plain(f), hist={k: h.tolist() for k, h in hist.items()}) for f, hist in windows],
            n=s['n'], diversity=None if np.isnan(s['diversity']) else s['diversity'],
            mean=plain({k: np.nanmean(v) for k, v in s['vals'].items()}), sd=plain({k: np.nanstd(v) for k, v in s['vals'].items()}),
            hist={k: (h / max(1, h.sum())).round(4).tolist() for k, h in s['hist'].items()})
    comparisons = []
    for x, y in COMPARISONS:
        a, b = summaries[x], summaries[y]
        overlaps = {k: judge.overlap(v, b['vals'][k]) for k, v in a['vals'].items() if k in b['vals']}
        comparisons.append(dict(corpus=x, reference=y, overlaps=overlaps, mean=float(np.nanmean(list(overlaps.values()))),
                                divergences={k: judge.jsd(h, b['hist'][k]) for k, h in a['hist'].items()}))
    lines = ',\n'.join('%s: %s' % (json.dumps(k), json.dumps(v)) for k, v in out.items())
    print('{"cases": {\n%s},\n"comparisons": [\n%s]}' % (lines, ',\n'.join(map(json.dumps, comparisons))))


if __name__ == '__main__':
    main()
