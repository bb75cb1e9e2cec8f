"""Sources in trouble: whatever a camera does, viewers get thirty pictures a second whose time only goes forward."""

import io
from itertools import pairwise

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from agents.egress.recorder.session import encoder_spec
from agents.media.codecs.spec import EncoderSpec
from agents.media.engine import Engine, ProgrammeSpec
from agents.media.picture.frame import I420
from schema.programme import Brand, Shown
from schema.quality import QUALITIES, Quality
from tests.agents.media.studio import (
    BLUE,
    GREEN,
    ORIGIN_S,
    RED,
    Decoded,
    Studio,
    decode,
    flat,
    tone,
)

SMALL = ProgrammeSpec(EncoderSpec(width=320, height=180, video_bitrate_bps=500_000))
MIDDLE = (160, 60)


def steady(seen: Decoded, seconds: float) -> None:
    """Every picture in its place."""
    assert len(seen.frames) == round(seconds * 30)
    steps = [b - a for a, b in pairwise(seen.pts_s)]
    assert min(steps) == pytest.approx(max(steps), abs=2e-3)


def colour_at(seen: Decoded, at_s: float) -> tuple[int, int, int]:
    return seen.yuv_at(round(at_s * 30), *MIDDLE)


def test_a_camera_that_freezes_stands_still_and_comes_back() -> None:
    def camera(engine: Engine, now_s: float) -> None:
        if now_s < 1.0 or now_s > 2.5:
            engine.push_video("a", flat(RED if now_s < 1.0 else GREEN), ORIGIN_S + now_s)

    studio = Studio(SMALL)
    studio.engine.add_source("a", "Ada")
    studio.run(0.0, 4.0, camera)
    seen = decode(studio.finish())
    steady(seen, 4.0)
    assert colour_at(seen, 2.4) == pytest.approx(RED, abs=12)
    assert colour_at(seen, 3.5) == pytest.approx(GREEN, abs=12)


def test_a_camera_of_five_pictures_a_second_makes_no_programme_of_five() -> None:
    def camera(engine: Engine, now_s: float) -> None:
        step = round(now_s * 100)
        if step % 20 == 0:
            colour = (RED, GREEN)[step // 20 % 2]
            engine.push_video("a", flat(colour), ORIGIN_S + now_s)

    studio = Studio(SMALL)
    studio.engine.add_source("a", "Ada")
    studio.run(0.0, 3.0, camera)
    seen = decode(studio.finish())
    steady(seen, 3.0)
    lumas = [seen.yuv_at(i, *MIDDLE)[0] for i in range(len(seen.frames))]
    changes = sum(abs(a - b) > 30 for a, b in pairwise(lumas))
    assert changes == pytest.approx(14, abs=1), "each of its pictures is shown, once"


def test_a_source_that_changes_its_size_or_turns_fills_its_tile_again() -> None:
    shapes = [(640, 360, 0), (160, 90, 0), (360, 640, 0), (640, 360, 90), (1280, 720, 0)]

    def camera(engine: Engine, now_s: float) -> None:
        width, height, rotation = shapes[min(int(now_s), len(shapes) - 1)]
        engine.push_video("a", flat(BLUE, width, height, rotation), ORIGIN_S + now_s)

    studio = Studio(SMALL)
    studio.engine.add_source("a", "Ada")
    studio.run(0.0, 5.0, camera)
    seen = decode(studio.finish())
    steady(seen, 5.0)
    for second in range(5):
        assert colour_at(seen, second + 0.6) == pytest.approx(BLUE, abs=12)


def test_somebody_who_reconnects_is_seen_and_heard_again() -> None:
    """The tracks go and come back under the same name, with the clock of a new connection."""
    studio = Studio(SMALL)

    def on(engine: Engine, now_s: float) -> None:
        engine.push_video("a", flat(RED), ORIGIN_S + now_s)
        engine.push_audio("a", tone(now_s, 0.01), ORIGIN_S + now_s)

    studio.engine.add_source("a", "Ada")
    studio.run(0.0, 1.5, on)
    studio.engine.remove_source("a")
    studio.run(1.5, 2.5)
    studio.engine.add_source("a", "Ada")
    studio.run(2.5, 4.0, on)
    seen = decode(studio.finish())
    steady(seen, 4.0)
    assert colour_at(seen, 2.2) != pytest.approx(RED, abs=12)
    assert colour_at(seen, 3.8) == pytest.approx(RED, abs=12)
    heard = seen.sound.reshape(-1)
    assert not heard[round(1.8 * 48_000) : round(2.4 * 48_000)].any(), "silence is silence"
    assert abs(heard[round(3.0 * 48_000) : round(3.9 * 48_000)]).max() > 0.1


def test_a_scene_that_cannot_be_drawn_stops_neither_sound_nor_time() -> None:
    studio = Studio(SMALL)

    def on(engine: Engine, now_s: float) -> None:
        engine.push_video("a", flat(RED), ORIGIN_S + now_s)
        engine.push_audio("a", tone(now_s, 0.01), ORIGIN_S + now_s)

    studio.engine.add_source("a", "Ada")
    studio.run(0.0, 1.0, on)
    studio.engine.compositor.show(Shown(title="T", brand=Brand(primary_color="no colour")))
    studio.run(1.0, 2.0, on)
    studio.engine.compositor.show(Shown())
    studio.run(2.0, 3.0, on)
    seen = decode(studio.finish())
    steady(seen, 3.0)
    assert abs(seen.sound[round(1.2 * 48_000) : round(1.9 * 48_000)]).max() > 0.1
    assert colour_at(seen, 2.8) == pytest.approx(RED, abs=12)


@pytest.mark.parametrize("quality", QUALITIES)
def test_every_quality_is_what_it_says_whatever_is_shown(quality: Quality) -> None:
    """A second of noise that would take ten times as much, then a still that would take nothing."""
    encoding, seconds = QUALITIES[quality], 3.2
    rng = np.random.default_rng(7)

    def noisy(engine: Engine, now_s: float) -> None:
        if now_s < 1.0:
            noise = rng.integers(16, 235, 640 * 540, dtype=np.uint8)
            engine.push_video("a", I420(noise, 640, 360), ORIGIN_S + now_s)

    studio = Studio(ProgrammeSpec(encoder_spec(encoding)))
    studio.engine.add_source("a", "Ada")
    studio.run(0.0, seconds, noisy)
    stream = studio.finish()
    seen = decode(stream)
    assert {(frame.width, frame.height) for frame in seen.frames} == {
        (encoding.width_px, encoding.height_px)
    }
    assert len(seen.frames) == round(seconds * encoding.fps)
    assert [round(seen.pts_s[key] - seen.pts_s[0], 4) for key in seen.keys] == [0.0, 2.0]
    bits, rate_bps = sizes_bits(stream), 1000 * encoding.video_kbps
    assert bits.sum() / seconds == pytest.approx(rate_bps, rel=0.05)
    # A buffer of one second, as the stream declares: no stretch holds more than its time and that.
    filled = np.cumsum(bits - rate_bps / encoding.fps)
    assert (filled - np.minimum.accumulate(filled)).max() <= rate_bps


def sizes_bits(stream: bytes) -> NDArray[np.int64]:
    with av.open(io.BytesIO(stream), "r") as container:
        packets = container.demux(video=0)
        return np.array([8 * packet.size for packet in packets if packet.dts is not None])
