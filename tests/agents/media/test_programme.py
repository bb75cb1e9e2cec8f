"""The whole programme in real time, for a few seconds."""

import io
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from PIL import Image

from agents.media.codecs.spec import EncoderSpec
from agents.media.engine import ProgrammeSpec
from agents.media.programme import Hooks, Programme
from agents.media.relay.relay import RelayStatus
from agents.media.stills import StillsSpec
from schema.programme import Shown
from tests.agents.media.studio import GREEN, RED, Decoded, decode, flat, tone

SMALL = ProgrammeSpec(EncoderSpec(width=320, height=180, video_bitrate_bps=500_000))


@dataclass(slots=True)
class Audience:
    """Everything the programme told."""

    started_ns: list[int] = field(default_factory=list)
    files: list[tuple[str, bytes]] = field(default_factory=list)
    stills: list[bytes] = field(default_factory=list)
    relays: list[RelayStatus] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)

    def hooks(self) -> Hooks:
        return Hooks(
            on_started=self.started_ns.append,
            on_file=lambda name, data: self.files.append((name, data)),
            on_still=self.stills.append,
            on_relay=self.relays.append,
            on_failed=self.failures.append,
        )

    def watch(self) -> Decoded:
        return decode(b"".join(data for name, data in self.files if not name.endswith(".m3u8")))


def go_on(duration_s: float, feed: Callable[[int], None]) -> None:
    """Calls `feed` a hundred times a second."""
    began_s = time.monotonic()
    for n in range(round(duration_s * 100)):
        feed(n)
        time.sleep(max(0.0, began_s + n / 100 - time.monotonic()))


@pytest.fixture
def audience() -> Audience:
    return Audience()


def test_a_short_programme_is_whole(audience: Audience) -> None:
    programme = Programme(audience.hooks(), SMALL, segment_prefix="part", playlist_name="live.m3u8")
    programme.add_source("a", "Ada")
    programme.push_video("a", flat(RED))
    before_ns = time.time_ns()
    programme.start()
    go_on(2.5, lambda n: programme.push_audio("a", tone(n / 100, 0.01)))
    stats = programme.stop()
    took_ns = time.time_ns() - before_ns
    assert audience.failures == []
    shown_after_ns = audience.started_ns[0] + SMALL.delay_ms * 1_000_000 - before_ns
    assert 0 <= shown_after_ns <= 500_000_000
    names = [name for name, _ in audience.files]
    assert names == [
        "part_init.mp4",
        "part_00000.m4s",
        "live.m3u8",
        "part_00001.m4s",
        "live.m3u8",
    ]
    seen = audience.watch()
    assert len(seen.frames) == stats.frames
    assert 2.4e9 <= stats.duration_ns <= took_ns + 0.04e9
    assert (stats.frames + stats.skipped_frames) / 30 == pytest.approx(stats.duration_ns / 1e9)
    assert stats.started_at_ns == audience.started_ns[0]
    assert (stats.segments, seen.keys[0]) == (2, 0)
    assert stats.bytes == sum(
        len(data) for name, data in audience.files if not name.endswith(".m3u8")
    )


def show(programme: Programme, source_id: str, colour: tuple[int, int, int]) -> int:
    """Feeds a camera for 15 frames more, however long they take; the number of the last of them."""
    enough = programme.stats().frames + 15
    while programme.stats().frames < enough:
        programme.push_video(source_id, flat(colour))
        time.sleep(0.01)
    return programme.stats().frames - 1


def test_the_scene_changes_while_it_runs(audience: Audience) -> None:
    programme = Programme(audience.hooks(), SMALL)
    programme.add_source("a", "Ada")
    programme.start()
    alone = show(programme, "a", RED)
    programme.add_source("b", "Bob")
    both = show(programme, "b", GREEN)
    assert set(programme.tile_sizes()) == {"a", "b"}
    programme.remove_source("a")
    left = show(programme, "b", GREEN)
    programme.stop()
    seen = audience.watch()
    assert seen.yuv_at(alone, 160, 40) == pytest.approx(RED, abs=12)
    assert seen.yuv_at(both, 40, 90) == pytest.approx(RED, abs=12)
    assert seen.yuv_at(both, 280, 90) == pytest.approx(GREEN, abs=12)
    assert seen.yuv_at(left, 40, 90) == pytest.approx(GREEN, abs=12)


def test_a_change_that_fails_is_left_out_and_the_next_one_is_made(audience: Audience) -> None:
    programme = Programme(audience.hooks(), SMALL)
    programme.add_source("a", "Ada")
    programme.start()
    show(programme, "a", RED)
    programme.show(Shown(background_color="no colour"))
    programme.add_source("b", "Bob")
    both = show(programme, "b", GREEN)
    programme.stop()
    assert audience.failures == []
    assert audience.watch().yuv_at(both, 280, 90) == pytest.approx(GREEN, abs=12)


def test_stills_show_what_the_programme_shows(audience: Audience) -> None:
    programme = Programme(audience.hooks(), SMALL, stills=StillsSpec(160, 90, every_s=1))
    programme.add_source("a", "")
    programme.push_video("a", flat(RED))
    programme.start()
    go_on(3.3, lambda _: None)
    programme.stop()
    assert len(audience.stills) == 2
    still = Image.open(io.BytesIO(audience.stills[-1]))
    assert (still.format, still.size) == ("JPEG", (160, 90))
    still.draft("YCbCr", still.size)
    luma, *chroma = np.asarray(still)[45, 80]
    # JPEG has full range where the programme has 16 to 235.
    assert luma == pytest.approx((RED[0] - 16) * 255 / 219, abs=4)
    stretched = [min(255, 128 + (c - 128) * 255 / 224) for c in RED[1:]]
    assert chroma == pytest.approx(stretched, abs=4)


def test_a_programme_that_never_started_stops_with_nothing(audience: Audience) -> None:
    stats = Programme(audience.hooks(), SMALL).stop()
    assert (stats.frames, stats.segments, audience.files) == (0, 0, [])


def test_what_kills_the_encoder_is_told_and_what_was_made_is_kept(audience: Audience) -> None:
    """The third file cannot be taken: the programme says so, and the stop still closes in order."""

    def full(name: str, data: bytes) -> None:
        audience.files.append((name, data))
        if len(audience.files) == 3:
            raise OSError(28, "No space left on device")

    hooks = replace(audience.hooks(), on_file=full)
    quick = ProgrammeSpec(EncoderSpec(width=320, height=180, gop_frames=15))
    programme = Programme(hooks, quick)
    programme.start()
    while not audience.failures:
        time.sleep(0.02)
    programme.stop()
    assert [type(failure) for failure in audience.failures] == [OSError]
    assert audience.files[-1][1].endswith(b"#EXT-X-ENDLIST\n")
