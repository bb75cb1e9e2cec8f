"""Which source a track feeds, and at which layer."""

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from livekit import rtc

from agents.egress.recorder.tracks import (
    Slots,
    is_shared_picture,
    is_shown,
    quality_for,
    source_name,
)

CAMERA, MICROPHONE, SCREEN, SCREEN_SOUND = (
    rtc.TrackSource.SOURCE_CAMERA,
    rtc.TrackSource.SOURCE_MICROPHONE,
    rtc.TrackSource.SOURCE_SCREENSHARE,
    rtc.TrackSource.SOURCE_SCREENSHARE_AUDIO,
)
VIDEO, AUDIO = rtc.TrackKind.KIND_VIDEO, rtc.TrackKind.KIND_AUDIO


@dataclass(frozen=True)
class Track:
    sid: str
    kind: int
    source: int


@dataclass(frozen=True)
class Someone:
    identity: str = "ada"
    name: str = "Ada"
    kind: int = 0


TRACKS = [
    Track("c", VIDEO, CAMERA),
    Track("m", AUDIO, MICROPHONE),
    Track("s", VIDEO, SCREEN),
    Track("a", AUDIO, SCREEN_SOUND),
]


def test_camera_and_voice_are_one_source_and_the_screen_another() -> None:
    slots = Slots()
    assert [slots.take(track, Someone()) for track in TRACKS] == [
        "ada",
        "ada",
        "ada/screen",
        "ada/screen",
    ]
    assert [source_name(track, Someone()) for track in TRACKS[::2]] == ["Ada", "Ada (screen)"]


def test_a_screen_is_brought_forward_for_its_picture_alone() -> None:
    assert [is_shared_picture(track) for track in TRACKS] == [False, False, True, False]


def test_a_second_microphone_is_not_mixed_into_the_first() -> None:
    slots = Slots()
    first = slots.take(Track("m1", AUDIO, MICROPHONE), Someone())
    second = slots.take(Track("m2", AUDIO, MICROPHONE), Someone())
    assert first != second
    assert slots.take(Track("m2", AUDIO, MICROPHONE), Someone()) == second


@given(st.permutations(TRACKS))
def test_a_source_lives_as_long_as_its_last_track(order: list[Track]) -> None:
    slots = Slots()
    sources = {track.sid: slots.take(track, Someone()) for track in TRACKS}
    left = list(order)
    while left:
        track = left.pop()
        gone = slots.free(track.sid)
        still_fed = {sources[other.sid] for other in left}
        assert (gone is None) == (sources[track.sid] in still_fed)
    assert slots.free("c") is None


def test_agents_and_recorders_are_not_shown() -> None:
    kinds: Any = rtc.ParticipantKind
    assert is_shown(Someone(kind=kinds.PARTICIPANT_KIND_STANDARD))
    assert is_shown(Someone(kind=kinds.PARTICIPANT_KIND_INGRESS))
    assert not is_shown(Someone(kind=kinds.PARTICIPANT_KIND_AGENT))
    assert not is_shown(Someone(kind=kinds.PARTICIPANT_KIND_EGRESS))


@pytest.mark.parametrize(
    ("tile", "expected"),
    [((1264, 704), "HIGH"), ((632, 352), "MEDIUM"), ((304, 170), "LOW"), ((1000, 170), "LOW")],
)
def test_the_smallest_layer_that_fills_the_tile(tile: tuple[int, int], expected: str) -> None:
    wanted = getattr(rtc.VideoQuality, f"VIDEO_QUALITY_{expected}")
    assert quality_for(1280, 720, tile) == wanted


def test_a_quality_is_asked_for_only_when_it_changes() -> None:
    slots = Slots()
    slots.take(TRACKS[0], Someone())
    assert [slots.ask("c", quality) for quality in (2, 2, 1, 1, 2)] == [
        True,
        False,
        True,
        False,
        True,
    ]
