"""The programme's own bytes, decoded: what a viewer would see and hear."""

import io
from itertools import pairwise

import av
import numpy as np
import pytest

from agents.media.clock import SAMPLE_RATE
from agents.media.codecs.spec import EncoderSpec
from agents.media.engine import Engine, ProgrammeSpec
from tests.agents.media.studio import (
    CHUNK_S,
    GREEN,
    GREY,
    ORIGIN_S,
    RED,
    WHITE,
    Decoded,
    Feed,
    Studio,
    decode,
    due,
    flat,
    tone,
)

DELAY_S = ProgrammeSpec().delay_ms / 1000
FLASH_S = 0.07


def flashing(source: str, camera_fps: float = 29.7) -> Feed:
    """A camera of its own pace that is white at the start of each second, and a beep at the same moments."""
    shown = -1

    def feed(engine: Engine, now_s: float) -> None:
        nonlocal shown
        if int(now_s * camera_fps) != shown:
            shown = int(now_s * camera_fps)
            colour = WHITE if now_s % 1 < FLASH_S else GREY
            engine.push_video(source, flat(colour), ORIGIN_S + now_s)
        beep = tone(now_s, CHUNK_S, 1000.0) if now_s % 1 < 0.035 else np.zeros(480, np.int16)
        engine.push_audio(source, beep, ORIGIN_S + now_s)

    return feed


def flashes_s(seen: Decoded) -> list[float]:
    bright = [
        seen.yuv_at(i, seen.frames[i].width // 2, seen.frames[i].height // 7)[0] > 180
        for i in range(len(seen.frames))
    ]
    return [seen.pts_s[i] for i in range(1, len(bright)) if bright[i] and not bright[i - 1]]


def beeps_s(heard: Decoded) -> list[float]:
    loud = np.flatnonzero(np.abs(heard.sound) > 0.1) / SAMPLE_RATE + heard.sound_start_s
    return [float(loud[0]), *(float(b) for a, b in pairwise(loud) if b - a > 0.5)]


@pytest.fixture(scope="module")
def lesson() -> bytes:
    """Seven seconds of one speaker who flashes and beeps."""
    studio = Studio()
    studio.engine.add_source("a", "Ada")
    studio.run(0.0, 7.0, flashing("a"))
    return studio.finish()


def test_each_flash_is_seen_with_its_beep(lesson: bytes) -> None:
    decoded = decode(lesson)
    flashes, beeps = flashes_s(decoded), beeps_s(decoded)
    assert len(flashes) == len(beeps) == 7
    offsets_ms = [1000 * (flash - beep) for flash, beep in zip(flashes, beeps, strict=True)]
    assert max(abs(offset) for offset in offsets_ms) <= 40


def test_the_first_frame_is_a_keyframe_and_sound_starts_with_it(lesson: bytes) -> None:
    decoded = decode(lesson)
    assert decoded.keys[0] == 0
    # AAC begins one frame (21 ms) early with its priming.
    assert decoded.pts_s[0] - decoded.sound_start_s == pytest.approx(1024 / SAMPLE_RATE, abs=0.001)


def test_frames_are_30_a_second_and_keyframes_60_apart(lesson: bytes) -> None:
    decoded = decode(lesson)
    assert len(decoded.frames) == 210
    assert decoded.keys == [0, 60, 120, 180]
    assert [b - a for a, b in pairwise(decoded.pts_s)] == pytest.approx([1 / 30] * 209, abs=0.001)
    assert (decoded.frames[0].width, decoded.frames[0].height) == (1280, 720)


def test_the_sound_is_whole(lesson: bytes) -> None:
    decoded = decode(lesson)
    assert len(decoded.sound) == pytest.approx(7.0 * SAMPLE_RATE, abs=3 * 1024)


def test_the_stream_is_what_platforms_ask_for(lesson: bytes) -> None:
    with av.open(io.BytesIO(lesson), "r") as container:
        picture, sound = container.streams.video[0], container.streams.audio[0]
        assert picture.codec_context.profile == "Main"
        assert picture.codec_context.has_b_frames is False
        assert (sound.codec_context.name, sound.codec_context.profile) == ("aac", "LC")
        assert (sound.rate, sound.codec_context.channels) == (SAMPLE_RATE, 2)
        times: dict[int, list[int]] = {0: [], 1: []}
        for packet in container.demux():
            if packet.dts is not None:
                times[packet.stream.index].append(packet.dts)
    assert all(a < b for dts in times.values() for a, b in pairwise(dts))


def test_when_nobody_is_there_the_programme_goes_on_in_silence() -> None:
    studio = Studio()
    studio.run(0.0, 3.0)
    decoded = decode(studio.finish())
    assert len(decoded.frames) == 90
    assert len(decoded.sound) >= 2.9 * SAMPLE_RATE
    assert not decoded.sound.any()


def test_a_layout_change_and_a_leaver_are_seen_at_once() -> None:
    def cameras(engine: Engine, now_s: float) -> None:
        engine.push_video("a", flat(RED), ORIGIN_S + now_s)
        engine.push_video("b", flat(GREEN), ORIGIN_S + now_s)

    studio = Studio()
    for source in "ab":
        studio.engine.add_source(source, source)
    studio.run(0.0, 0.5, cameras)
    studio.engine.remove_source("a")
    studio.run(0.5, 1.0, cameras)
    decoded = decode(studio.finish())
    assert decoded.yuv_at(12, 320, 360) == pytest.approx(RED, abs=12)
    assert decoded.yuv_at(12, 960, 360) == pytest.approx(GREEN, abs=12)
    assert decoded.yuv_at(18, 320, 360) == pytest.approx(GREEN, abs=12)


def test_starved_of_cpu_the_sound_is_whole_and_the_picture_in_time() -> None:
    """The machine comes back only every 150 ms for two seconds."""
    studio = Studio()
    studio.engine.add_source("a", "Ada")
    feed = flashing("a")
    studio.run(0.0, 2.0, feed)
    for stall in range(14):
        start_s = 2.0 + 0.15 * stall
        for step in range(15):
            feed(studio.engine, start_s + step * CHUNK_S)
        for tick in due(studio.engine.clock, ORIGIN_S + start_s + 0.14):
            studio.chunks += studio.engine.tick(tick).chunks
    studio.run(4.1, 6.1, feed)
    decoded = decode(studio.finish())
    assert len(decoded.sound) == pytest.approx(6.1 * SAMPLE_RATE, abs=3 * 1024)
    assert all(a < b for a, b in pairwise(decoded.pts_s))
    assert [round(decoded.pts_s[i] - decoded.pts_s[0], 3) for i in decoded.keys] == [
        0.0,
        2.0,
        4.0,
        6.0,
    ]
    offsets_s = [f - b for f, b in zip(flashes_s(decoded), beeps_s(decoded), strict=True)]
    assert max(abs(offset) for offset in offsets_s) <= 0.08


@pytest.mark.parametrize("fps", [25, 29, 60])
def test_any_frame_rate_keeps_sound_and_picture_together(fps: int) -> None:
    """48000 samples a second do not share evenly among 29 frames."""
    spec = EncoderSpec(width=320, height=180, fps=fps, gop_frames=2 * fps)
    studio = Studio(ProgrammeSpec(spec))
    studio.engine.add_source("a", "Ada")
    studio.run(0.0, 5.0, flashing("a"))
    decoded = decode(studio.finish())
    assert len(decoded.frames) == 5 * fps
    assert decoded.keys == [0, 2 * fps, 4 * fps]
    offsets_s = [f - b for f, b in zip(flashes_s(decoded), beeps_s(decoded), strict=True)]
    assert len(offsets_s) == 5
    assert max(abs(offset) for offset in offsets_s) <= 0.04
