"""The script of the class: who says which clip when, as one line of samples for each speaker."""

import json
from collections.abc import Sequence
from pathlib import Path

import av
import msgspec
import numpy as np
from av.audio.resampler import AudioResampler
from numpy.typing import NDArray

from orchestrator.cli.probe.media import SAMPLE_RATE
from orchestrator.cli.probe.sync import BEEP_HZ, BEEP_LEVEL, BEEP_S, PERIOD_S

LEAD_S = 4.0  # marks alone at first: the programme is measured from its first second
PAUSE_S = 1.5  # longer than any recogniser waits before it calls an utterance over
TAIL_S = 2.5
LOUD = 0.02  # of full scale, root mean square
HOP, HOPS = SAMPLE_RATE // 100, 10  # 10 ms, and as many of them as a loud stretch needs

Line = NDArray[np.int16]


class Clip(msgspec.Struct, frozen=True):
    """Mono `samples` at 48 kHz with the words that are said in them; speech begins at `onset_s`."""

    text: str
    samples: Line

    @property
    def duration_s(self) -> float:
        return len(self.samples) / SAMPLE_RATE

    @property
    def onset_s(self) -> float:
        """The first tenth of a second that is loud as a whole: a click is not speech."""
        blocks = self.samples[: len(self.samples) // HOP * HOP].reshape(-1, HOP) / 32768
        energy = np.square(blocks).mean(axis=1)
        sustained = np.convolve(energy, np.full(HOPS, 1 / HOPS), "valid")
        loud = np.flatnonzero(sustained > LOUD**2)
        return float(loud[0]) * HOP / SAMPLE_RATE if len(loud) else 0.0


class Cue(msgspec.Struct, frozen=True):
    speaker: str
    clip: Clip
    start_s: float

    @property
    def speech_s(self) -> float:
        """When the first sound of speech is heard."""
        return self.start_s + self.clip.onset_s


class Lesson(msgspec.Struct, frozen=True):
    cues: list[Cue]

    @property
    def duration_s(self) -> float:
        last = self.cues[-1]
        return last.start_s + last.clip.duration_s + TAIL_S

    def said_by(self, speaker: str) -> str:
        return " ".join(cue.clip.text for cue in self.cues if cue.speaker == speaker)

    def line(self, speaker: str, *, marks: bool = False) -> Line:
        """All that this speaker's microphone hears; with `marks`, also the beep that meets each flash."""
        line = np.zeros(round(self.duration_s * SAMPLE_RATE), np.int16)
        for cue in self.cues:
            if cue.speaker == speaker:
                start = round(cue.start_s * SAMPLE_RATE)
                line[start : start + len(cue.clip.samples)] = cue.clip.samples
        return add_beeps(line) if marks else line


def arrange(parts: Sequence[tuple[str, Clip]]) -> Lesson:
    """One after the other, so that who said what is beyond doubt."""
    cues: list[Cue] = []
    start = LEAD_S
    for speaker, clip in parts:
        cues.append(Cue(speaker, clip, start))
        start += clip.duration_s + PAUSE_S
    return Lesson(cues)


def add_beeps(line: Line) -> Line:
    time = np.arange(round(BEEP_S * SAMPLE_RATE)) / SAMPLE_RATE
    beep = BEEP_LEVEL * np.sin(2 * np.pi * BEEP_HZ * time) * np.sin(np.pi * time / BEEP_S)
    mixed = line.astype(np.int32)
    for start in range(0, len(line) - len(beep), round(PERIOD_S * SAMPLE_RATE)):
        mixed[start : start + len(beep)] += (beep * 32768).astype(np.int32)
    return np.clip(mixed, -32768, 32767).astype(np.int16)


def load_clips(folder: Path) -> dict[str, Clip]:
    """By id, from the folder's manifest.json."""
    entries = json.loads((folder / "manifest.json").read_text())
    return {
        entry["id"]: Clip(entry["text"], read_samples(folder / entry["file"])) for entry in entries
    }


def read_samples(path: Path) -> Line:
    resampler = AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE)
    with av.open(str(path)) as container:
        frames = [*container.decode(container.streams.audio[0]), None]
        pieces = [piece.to_ndarray() for frame in frames for piece in resampler.resample(frame)]
    samples: Line = np.concatenate(pieces, axis=1).reshape(-1).astype(np.int16)
    return samples
