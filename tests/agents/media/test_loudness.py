"""How loud the programme is, by ffmpeg's EBU R128 meter; and that nothing but speech is made louder."""

import re
import subprocess
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from agents.media.clock import SAMPLE_RATE
from agents.media.sound.limiter import CEILING, Limiter
from agents.media.sound.loudness import Loudness, lufs, power
from orchestrator.cli.classroom.script import read_samples
from orchestrator.cli.probe.receivers import ffmpeg

TICK = 1600
SPEECH = sorted((Path(__file__).parents[2] / "data" / "speech").glob("*.wav"))
Mono = npt.NDArray[np.float64]


def programme(mono: Mono) -> npt.NDArray[np.int16]:
    """Through the stages that follow the mixer, tick by tick."""
    loudness, limiter = Loudness(), Limiter()
    whole = mono[: len(mono) // TICK * TICK].astype(np.float32)
    stereo = np.repeat(whole[:, None], 2, axis=1)
    blocks = stereo.reshape(-1, TICK, 2)
    return np.concatenate([limiter.apply(loudness.apply(block)) for block in blocks])


def measured_lufs(samples: npt.NDArray[np.int16]) -> float:
    command = [ffmpeg(), "-nostdin", "-f", "s16le", "-ar", str(SAMPLE_RATE), "-ac", "2"]
    command += ["-i", "pipe:0", "-af", "ebur128=framelog=verbose", "-f", "null", "-"]
    said = subprocess.run(command, input=samples.tobytes(), capture_output=True, check=True).stderr
    found = re.findall(rb"I:\s+(-?[\d.]+) LUFS", said)
    return float(found[-1])


def speech(seconds: float) -> Mono:
    """Real voices one after the other, at full level."""
    line = np.concatenate([read_samples(path) for path in SPEECH]).astype(np.float64)
    return np.resize(line, round(seconds * SAMPLE_RATE))


@pytest.mark.parametrize("level_db", [-9, 0, 12])
def test_a_class_is_as_loud_as_another(level_db: float) -> None:
    quiet = speech(40) * 10 ** (level_db / 20)
    assert measured_lufs(programme(quiet)) == pytest.approx(-16, abs=2)


def test_eight_speakers_at_their_own_levels_are_clean_together() -> None:
    """All at once, from a whisper to a shout, each at another place of the text."""
    rng = np.random.default_rng(8)
    line = speech(30)
    voices = [np.roll(line, int(rng.integers(len(line)))) * 10 ** (-n * 3 / 20) for n in range(8)]
    mixed = programme(np.sum(voices, axis=0))
    assert measured_lufs(mixed) == pytest.approx(-16, abs=2)
    assert np.abs(mixed.astype(np.int32)).max() <= CEILING
    clipped = np.abs(mixed.astype(np.int32)) == CEILING
    runs = clipped[1:] & clipped[:-1]
    assert runs.mean() < 1e-4, "the limiter lowers peaks, it does not cut them off"


def test_silence_is_sent_as_silence() -> None:
    line = np.concatenate([speech(10) * 0.05, np.zeros(5 * SAMPLE_RATE)])
    assert not programme(line)[-4 * SAMPLE_RATE :].any()


def test_a_quiet_room_is_not_pulled_up() -> None:
    noise = np.random.default_rng(1).normal(0, 60, 20 * SAMPLE_RATE)
    heard = programme(noise)
    assert np.std(heard[-SAMPLE_RATE:].astype(np.float64)) < 70


def test_the_meter_agrees_with_ffmpeg() -> None:
    samples = speech(20).astype(np.int16)
    stereo = np.repeat(samples[:, None], 2, axis=1)
    windows = stereo.astype(np.float32).reshape(-1, 19_200, 2)
    loud = [one for one in map(power, windows) if lufs(one) > -40]
    assert lufs(float(np.mean(loud))) == pytest.approx(measured_lufs(stereo), abs=1)


def test_the_gain_never_steps() -> None:
    at = np.arange(10 * SAMPLE_RATE)
    tone = 500 * np.sin(2 * np.pi * 440 * at / SAMPLE_RATE)
    heard = programme(tone)[:, 0].astype(np.float64)
    steepest = 2 * np.pi * 440 / SAMPLE_RATE * np.abs(heard).max()
    assert np.abs(np.diff(heard)).max() < 1.1 * steepest
