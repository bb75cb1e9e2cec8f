"""Laughter and applause in recordings as the room agent makes them: what is found, where, and that nothing else is."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray

from agents.room.track.ear import downsample, new_downsampler
from orchestrator.cli.classroom.script import read_samples
from orchestrator.cli.hearing import sounds as noises
from pipelines.kind import Task, Unmakeable
from pipelines.sound import sounds, yamnet
from schema.heard import SoundsHeard
from schema.jobs import JobRecording, Span, Treatment
from tests.pipelines.builders import ORIGIN, person, source
from tests.support.speech import clip, recorded
from tests.support.words import SPEECH

SOUNDS = SPEECH.parent / "sounds"


def at_16_khz(samples: NDArray[np.int16]) -> NDArray[np.int16]:
    return downsample(new_downsampler(), samples)


def real(name: str) -> NDArray[np.int16]:
    return at_16_khz(read_samples(SOUNDS / f"{name}.opus"))


def silence(seconds: float) -> NDArray[np.int16]:
    return np.zeros(round(seconds * 16_000), np.int16)


def heard(
    *recordings: tuple[JobRecording, dict[str, bytes]], silent: tuple[Span, ...] = ()
) -> SoundsHeard:
    given = source([], recordings=[recording for recording, _ in recordings])
    objects = {key: data for _, own in recordings for key, data in own.items()}
    task = Task(replace(given, treatment=Treatment(silent=silent)), {}, objects.get)
    return msgspec.json.decode(sounds.make(task).files["json"], type=SoundsHeard)


def test_laughter_and_applause_are_found_where_they_are() -> None:
    laugh = np.concatenate((clip("sense_0930"), silence(2), real("laughter")))
    cheer = np.concatenate((silence(3), real("cheering"), silence(1)))
    made = heard(recorded("Ada", laugh), recorded("Ben", cheer, start_ms=20_000))
    assert [(s.kind, s.participant_id) for s in made.sounds] == [
        ("laughter", person("Ada")),
        ("applause", person("Ben")),
    ]
    laughter, applause = made.sounds
    begins_ms = ORIGIN + len(laugh) // 16 - len(real("laughter")) // 16
    assert begins_ms - yamnet.SPAN_MS <= laughter.start_unix_ms < laughter.end_unix_ms
    assert laughter.end_unix_ms <= ORIGIN + len(laugh) // 16 + yamnet.HOP_MS
    assert ORIGIN + 22_000 <= applause.start_unix_ms <= ORIGIN + 26_000
    assert made.unreadable == []


@pytest.mark.parametrize("noise", noises.NOISES)
def test_noises_are_neither(noise: Callable[[float], noises.Sound]) -> None:
    assert heard(recorded("Ada", at_16_khz(noise(61.0)))).sounds == []


@pytest.mark.parametrize("name", ["two_cities", "sense_0920", "pangram_fr", "pangram_pt"])
def test_speech_is_neither(name: str) -> None:
    assert heard(recorded("Ada", clip(name))).sounds == []


def test_what_was_to_be_kept_silent_is_not_listened_to() -> None:
    off = Span(start_unix_ms=ORIGIN, end_unix_ms=ORIGIN + 60_000)
    assert heard(recorded("Ada", real("laughter")), silent=(off,)).sounds == []


def test_a_recording_with_a_broken_segment_is_heard_around_it() -> None:
    sound = np.concatenate((real("laughter"), silence(18), real("laughter")))
    recording, objects = recorded("Ada", sound)
    broken = recording.parts[1].key
    made = heard((recording, {**objects, broken: b"no Ogg"}))
    assert [s.kind for s in made.sounds] == ["laughter", "laughter"]
    assert made.unreadable == [broken]


def test_too_little_sound_for_anything_is_nothing() -> None:
    assert heard(recorded("Ada", silence(0.1))).sounds == []
    assert heard().sounds == []


@pytest.fixture
def no_model() -> Iterator[None]:
    sys.modules[yamnet.PACKAGE] = None  # type: ignore[assignment]  # documented: it cannot be imported then
    yield
    del sys.modules[yamnet.PACKAGE]


@pytest.mark.usefixtures("no_model")
def test_without_its_model_nothing_is_listened_for_and_nobody_is_named() -> None:
    made = heard(recorded("Ada", real("laughter")))
    assert (made.model, made.sounds) == ("", [])


def test_another_model_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "model.zip"
    file.write_bytes(b"another model")
    with pytest.raises(Unmakeable, match="damaged"):
        yamnet.load(file)
