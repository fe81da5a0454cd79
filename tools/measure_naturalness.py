"""The work of measure-naturalness.sh: runs NISQA's networks on folders of WAV files, and compares them sentence by sentence.

NISQA reads recordings with librosa, which Debian does not have: the three functions that it calls are written here on numpy and scipy, from
librosa's documentation (Slaney's mel scale with bands of equal area, a centred STFT, decibels within 80 of the loudest).
"""
import contextlib
import io
import math
import os
import sys
import tempfile
import types

import numpy
import pandas
import scipy.io.wavfile
import scipy.signal
import torch


def load(path, sr=None, mono=True):
    rate, samples = scipy.io.wavfile.read(path)
    full_scale = {"int16": 2.0**15, "int32": 2.0**31}.get(samples.dtype.name, 1.0)
    samples = samples.astype(numpy.float64) / full_scale
    if samples.ndim == 2:
        samples = samples.mean(axis=1) if mono else samples.T
    if sr is not None and int(sr) != rate:
        divisor = math.gcd(int(sr), rate)
        samples = scipy.signal.resample_poly(samples, int(sr) // divisor, rate // divisor, axis=-1, window=("kaiser", 12.0))
        rate = int(sr)
    return samples.astype(numpy.float32), rate


def mel_of_hertz(hertz):
    linear = 3 * numpy.asarray(hertz, float) / 200
    return numpy.where(linear < 15, linear, 15 + 27 * numpy.log(numpy.maximum(linear, 1e-9) / 15) / math.log(6.4))


def hertz_of_mel(mel):
    mel = numpy.asarray(mel, float)
    return numpy.where(mel < 15, 200 * mel / 3, 1000 * numpy.exp((mel - 15) * math.log(6.4) / 27))


def melspectrogram(y, sr, n_fft, hop_length, win_length, n_mels, fmin=0.0, fmax=None, power=1.0, **_):
    edges = hertz_of_mel(numpy.linspace(mel_of_hertz(fmin), mel_of_hertz(fmax or sr / 2), n_mels + 2))
    bins = numpy.linspace(0, sr / 2, n_fft // 2 + 1)
    rise = (bins - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    fall = (edges[2:, None] - bins) / (edges[2:] - edges[1:-1])[:, None]
    bands = numpy.clip(numpy.minimum(rise, fall), 0, None) * (2 / (edges[2:] - edges[:-2]))[:, None]
    window = numpy.zeros(n_fft)
    margin = (n_fft - win_length) // 2
    window[margin : margin + win_length] = scipy.signal.get_window("hann", win_length)
    padded = numpy.pad(numpy.asarray(y, float), n_fft // 2, mode="reflect")
    frames = numpy.lib.stride_tricks.sliding_window_view(padded, n_fft)[::hop_length]
    magnitude = numpy.concatenate([numpy.abs(numpy.fft.rfft(part * window)) for part in numpy.array_split(frames, len(frames) // 200 + 1)])
    return (bands @ (magnitude.T**power)).astype(numpy.float32)


def amplitude_to_db(S, ref=1.0, amin=1e-5, top_db=80.0):
    decibels = 20 * numpy.log10(numpy.maximum(amin, numpy.abs(S))) - 20 * math.log10(max(amin, ref))
    return numpy.maximum(decibels, decibels.max() - top_db)


def module(name, **members):
    made = types.ModuleType(name)
    made.__dict__.update(members)
    sys.modules[name] = made
    return made


def score(checkout, weights, paths):
    from nisqa.NISQA_model import nisqaModel

    with tempfile.TemporaryDirectory() as folder:
        listing = os.path.join(folder, "files.csv")
        pandas.DataFrame({"file": paths}).to_csv(listing, index=False)
        arguments = {
            "mode": "predict_csv", "pretrained_model": os.path.join(checkout, "weights", weights), "csv_file": listing, "csv_deg": "file",
            "data_dir": "", "output_dir": None, "num_workers": 0, "bs": 1, "ms_channel": None, "tr_bs_val": 1, "tr_num_workers": 0, "deg": None,
        }
        with contextlib.redirect_stdout(io.StringIO()):
            return nisqaModel(arguments).predict()["mos_pred"].to_numpy()


def interval(values):
    return 1.96 * values.std(ddof=1) / math.sqrt(len(values)) if len(values) > 1 else float("nan")


def main(checkout, folders):
    module("librosa", load=load, feature=types.SimpleNamespace(melspectrogram=melspectrogram), core=types.SimpleNamespace(amplitude_to_db=amplitude_to_db))
    module("tqdm", tqdm=lambda items, *_, **__: items)
    module("matplotlib", pyplot=module("matplotlib.pyplot"))
    sys.path.insert(0, checkout)
    torch.set_num_threads(min(2, os.cpu_count() or 1))
    wavs = [{name for name in os.listdir(folder) if name.lower().endswith(".wav")} for folder in folders]
    names = sorted(set.intersection(*wavs))
    if not names:
        sys.exit("the folders have no .wav file of the same name")
    print(f"{len(names)} recordings in each folder")
    print(f"{'':32} naturalness     quality         naturalness less the first folder's, paired")
    first = None
    for folder in folders:
        paths = [os.path.abspath(os.path.join(folder, name)) for name in names]
        natural, quality = score(checkout, "nisqa_tts.tar", paths), score(checkout, "nisqa.tar", paths)
        first = natural if first is None else first
        change = natural - first
        print(
            f"{folder[-32:]:32} {natural.mean():.2f} +- {interval(natural):.2f}    {quality.mean():.2f} +- {interval(quality):.2f}    "
            f"{change.mean():+.2f} +- {interval(change):.2f}",
            flush=True,
        )


main(sys.argv[1], sys.argv[2:])
