"""Laughter and applause, listened for in each speaker's own recording."""

from collections.abc import Iterator

import msgspec
import numpy as np
from msgspec.structs import replace
from numpy.lib.stride_tricks import sliding_window_view

from pipelines.kind import Made, Recipe, Task, as_json
from pipelines.sound import yamnet
from pipelines.sound.pcm import RATE_HZ, Samples, Stretch, stretches
from pipelines.sound.quiet import Voices, muted
from schema.heard import SoundHeard, SoundKind, SoundsHeard
from schema.jobs import JobRecording


class Rule(msgspec.Struct, frozen=True):
    """AudioSet's classes of which it is made, and the logit that so many windows in a row must reach together."""

    classes: slice | tuple[int, ...]
    least: float
    in_a_row: int


# Measured (ADR 0050): 744 clips of speech, music and noises pass them three times, a squeaking balloon and two pieces of music.
# Fast typing near the microphone sounds like applause for a single window.
RULES: dict[SoundKind, Rule] = {
    "laughter": Rule(yamnet.LAUGHTER, -1.0, 1),
    "applause": Rule(yamnet.APPLAUSE, -3.5, 2),
}
# Softer than this nobody would hear it: -54 dB.
AUDIBLE = 0.002
APART_MS = 1_500
RECIPE = Recipe(
    "sounds named in the speakers' recordings",
    yamnet.MODEL,
    {kind: {"least": rule.least, "inARow": rule.in_a_row} for kind, rule in RULES.items()},
)
NOTHING = Recipe("no model to name sounds with")


def make(task: Task) -> Made:
    if not yamnet.is_installed():
        return as_json(SoundsHeard("", [], []), NOTHING)
    return as_json(listen(task), RECIPE)


def listen(task: Task) -> SoundsHeard:
    silent, voices = task.source.treatment.silent, Voices(task)
    unreadable: list[str] = []
    sounds: list[SoundHeard] = []
    for recording in voices:
        found: list[SoundHeard] = []
        for stretch in stretches(recording, task.read, unreadable):
            found += _heard(recording, muted(stretch, silent))
            voices.heard_until(stretch.end_unix_ms)
        sounds += _joined(found)
    return SoundsHeard(yamnet.MODEL, sounds, unreadable)


def _heard(recording: JobRecording, stretch: Stretch) -> Iterator[SoundHeard]:
    """One for each window in which something of a kind begins or goes on."""
    for start_ms, samples in _loud(stretch):
        logits = yamnet.scores(samples)
        for kind, rule in RULES.items():
            sure = _lowest(yamnet.together(logits[:, rule.classes]), rule.in_a_row)
            for n in np.flatnonzero(sure >= rule.least):
                at_ms = start_ms + int(n) * yamnet.HOP_MS
                yield _sound(kind, recording, at_ms, float(sure[n]))


def _lowest(logits: yamnet.Table, in_a_row: int) -> yamnet.Table:
    """Of each and those that follow it; none where too few follow."""
    if len(logits) < in_a_row:
        return logits[:0]
    lowest: yamnet.Table = sliding_window_view(logits, in_a_row).min(axis=1)
    return lowest


def _loud(stretch: Stretch) -> Iterator[tuple[int, Samples]]:
    """Start (Unix ms) and sound of each run that can be heard, with half a second around it: a still class costs nothing."""
    size = yamnet.HOP_MS * RATE_HZ // 1000
    count = len(stretch.samples) // size
    if not count:
        return
    blocks = stretch.samples[: count * size].reshape(count, size)
    loud = np.sqrt(np.mean(blocks**2, axis=1)) >= AUDIBLE
    near = np.convolve(loud, np.ones(3), mode="same") > 0
    edges = np.flatnonzero(np.diff(near.astype(np.int8), prepend=0, append=0))
    for begin, end in zip(edges[::2], edges[1::2], strict=True):
        start_ms = stretch.start_unix_ms + int(begin) * yamnet.HOP_MS
        yield start_ms, stretch.samples[begin * size : end * size]


def _sound(kind: SoundKind, recording: JobRecording, at_ms: int, logit: float) -> SoundHeard:
    if recording.participant_id is None:
        raise ValueError("nobody's recording")
    return SoundHeard(
        kind=kind,
        participant_id=recording.participant_id,
        start_unix_ms=at_ms,
        end_unix_ms=at_ms + yamnet.SPAN_MS + (RULES[kind].in_a_row - 1) * yamnet.HOP_MS,
        confidence=round(float(1 / (1 + np.exp(-logit))), 2),
    )


def _joined(sounds: list[SoundHeard]) -> list[SoundHeard]:
    """What goes on with short breaks is one sound."""
    joined: dict[SoundKind, list[SoundHeard]] = {kind: [] for kind in RULES}
    for sound in sounds:
        own = joined[sound.kind]
        if own and sound.start_unix_ms - own[-1].end_unix_ms <= APART_MS:
            highest = max(own[-1].confidence, sound.confidence)
            own[-1] = replace(own[-1], end_unix_ms=sound.end_unix_ms, confidence=highest)
        else:
            own.append(sound)
    return sorted((s for own in joined.values() for s in own), key=lambda s: s.start_unix_ms)
