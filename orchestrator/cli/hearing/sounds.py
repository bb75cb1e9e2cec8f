"""What is said and what is not: recorded speech, a room full of voices, recorded noises, and noises made by rule. All int16, mono, 48 kHz."""

import wave
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from orchestrator.cli.classroom.script import read_samples
from orchestrator.cli.probe.media import SAMPLE_RATE
from orchestrator.cli.stack import binaries

SPEECH = binaries.ROOT / "tests" / "data" / "speech"
NOISE = binaries.ROOT / "tests" / "data" / "noise"
SHORT_CLIPS = ("sense_0870", "sense_0890", "sense_0920", "sense_0930", "sense_0880")
LONG_CLIP = "two_cities"
CLIPS = (LONG_CLIP, *SHORT_CLIPS)
PAUSE_S = 1.0
FULL = 32767
# Most of the recordings lie near this: 23 dB below full.
EVEN = FULL * 10 ** (-23 / 20)
# Long enough that a click is none.
FRAME_MS = 160
# Speech is this close to the loudest of what follows within `AHEAD_S`; pauses of recordings are softer.
VOICE_BELOW_DB = 15.0
AHEAD_S = 2.0

Sound = NDArray[np.int16]


def clip(name: str) -> Sound:
    return read_samples(SPEECH / f"{name}.wav")


def pause(seconds: float) -> Sound:
    return np.zeros(int(seconds * SAMPLE_RATE), np.int16)


def talk(names: Sequence[str]) -> Sound:
    """The clips one after the other, with a pause after each."""
    return _in_turn([clip(name) for name in names])


def even_talk(names: Sequence[str]) -> Sound:
    """The same, each clip as loud as the others: they lie 12 dB apart, and one noise would be near to some and far from others."""
    clips = [clip(name).astype(np.float64) for name in names]
    return _in_turn([_sound(voice * EVEN / _loudness(voice)) for voice in clips])


def _in_turn(clips: Sequence[Sound]) -> Sound:
    return np.concatenate([part for one in clips for part in (one, pause(PAUSE_S))])


def begins_s(sound: Sound, at_s: float) -> float:
    """When, from `at_s` on, there is something to hear: `at_s` itself in the middle of speech, else the end of the pause."""
    ahead = sound[round(at_s * SAMPLE_RATE) :][: round(AHEAD_S * SAMPLE_RATE)].astype(np.float64)
    size = SAMPLE_RATE * FRAME_MS // 1000
    frames = np.sqrt(np.mean(ahead[: len(ahead) // size * size].reshape(-1, size) ** 2, axis=1))
    if not frames.any():
        return at_s
    voiced = frames >= frames.max() * 10 ** (-VOICE_BELOW_DB / 20)
    return at_s + float(np.argmax(voiced)) * FRAME_MS / 1000


def with_babble(speech: Sound, snr_db: float, crowd: int = 0) -> Sound:
    """`snr_db` is of the speech where there is any, against eight voices that talk at once; each crowd meets it otherwise."""
    voice = speech.astype(np.float64)
    babble = _babble(len(speech), crowd)
    wanted = _loudness(voice) / 10 ** (snr_db / 20)
    return _sound(voice + babble * wanted / np.sqrt(np.mean(babble**2)))


def _loudness(voice: NDArray[np.float64]) -> float:
    """Root mean square where there is any speech."""
    loud = np.abs(voice) > 0.02 * np.abs(voice).max()
    return float(np.sqrt(np.mean(voice[loud] ** 2)))


def _babble(length: int, crowd: int) -> NDArray[np.float64]:
    voices = [clip(name).astype(np.float64) for name in (*SHORT_CLIPS[:4], LONG_CLIP)]
    mixed = np.zeros(length)
    for number in range(8):
        voice = voices[number % len(voices)]
        # Backwards every second one: a crowd has the sound of speech and no words.
        voice = voice[::-1] if number % 2 else voice
        repeated = np.tile(voice / np.sqrt(np.mean(voice**2)), length // len(voice) + 2)
        start = (number + crowd * (number + 1)) * SAMPLE_RATE % len(voice)
        mixed += repeated[start:][:length]
    return mixed


def room_tone(seconds: float) -> Sound:
    """An open microphone in a quiet room, some 65 dB below full."""
    return _sound(np.random.default_rng(1).normal(0, FULL * 10 ** (-65 / 20), _length(seconds)))


def typing(seconds: float) -> Sound:
    """Recorded strokes of a mechanical keyboard near the microphone, seven a second."""
    rng, sound = np.random.default_rng(2), np.zeros(_length(seconds))
    strokes = [
        read_samples(file).astype(np.float64) for file in sorted((NOISE / "typing").glob("*.mp3"))
    ]
    for at in rng.integers(0, len(sound), int(seconds * 7)):
        stroke = strokes[rng.integers(len(strokes))] * rng.uniform(0.5, 3.0)
        room = sound[at : at + len(stroke)]
        room += stroke[: len(room)]
    return _sound(sound)


def music(seconds: float) -> Sound:
    """Recorded, without words: all of it within a minute."""
    return _recorded("music", seconds)


def engine(seconds: float) -> Sound:
    """Recorded: a motorcycle, a car, a sewing machine."""
    return _recorded("engine", seconds)


def chords(seconds: float) -> Sound:
    """Of three harmonics, two a second."""
    rng, sound = np.random.default_rng(3), np.zeros(_length(seconds))
    beat = SAMPLE_RATE // 2
    time = np.arange(beat) / SAMPLE_RATE
    for start in range(0, len(sound) - beat, beat):
        root = 110 * 2 ** (rng.integers(0, 12) / 12)
        chord = [root * step * harmonic for step in (1, 1.26, 1.5) for harmonic in (1, 2, 3)]
        tone = sum(np.sin(2 * np.pi * hz * time) for hz in chord)
        sound[start : start + beat] = tone * np.exp(-time * 3) * FULL / 12
    return _sound(sound)


def motor(seconds: float) -> Sound:
    """Its revolutions go up and down."""
    time = np.arange(_length(seconds)) / SAMPLE_RATE
    turns = 30 + 8 * np.sin(2 * np.pi * 0.1 * time)
    phase = np.cumsum(turns) / SAMPLE_RATE
    rumble = np.sign(np.sin(2 * np.pi * phase)) * 0.1 + np.sin(4 * np.pi * phase) * 0.15
    return _sound((rumble + np.random.default_rng(4).normal(0, 0.05, len(time))) * FULL)


def hiss(seconds: float) -> Sound:
    return _sound(np.random.default_rng(5).normal(0, 0.08, _length(seconds)) * FULL)


NOISES: tuple[Callable[[float], Sound], ...] = (typing, music, engine, chords, motor, hiss)


def write(file: Path, sound: Sound, rate_hz: int = SAMPLE_RATE) -> Path:
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate_hz)
        out.writeframes(sound.tobytes())
    return file


def read(file: Path) -> Sound:
    with wave.open(str(file), "rb") as source:
        return np.frombuffer(source.readframes(source.getnframes()), np.int16)


def _recorded(kind: str, seconds: float) -> Sound:
    """The clips of this kind one after the other, again and again."""
    clips = [read_samples(file) for file in sorted((NOISE / kind).glob("*.opus"))]
    return np.resize(np.concatenate(clips), _length(seconds))


def _length(seconds: float) -> int:
    return int(Fraction(seconds) * SAMPLE_RATE)


def _sound(samples: NDArray[np.float64]) -> Sound:
    return np.clip(samples, -FULL, FULL).astype(np.int16)
