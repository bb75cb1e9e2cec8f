"""Real SRT: ffmpeg listens, beside an RTMP server, to one programme."""

import contextlib
import threading
import time
from pathlib import Path

import av
import psutil
import pytest

from agents.media.codecs.spec import EncoderSpec
from agents.media.engine import ProgrammeSpec
from agents.media.mux import Chunk
from agents.media.relay.dial import Trust
from agents.media.relay.fanout import Fanout
from agents.media.relay.relay import RelayLimits, RelayStatus
from orchestrator.cli.stack.ports import free_port
from tests.agents.media.peers import HAS_RTMP, rtmp_server, srt_listener
from tests.agents.media.studio import talk

SECONDS = 6
FRAMES = 30 * SECONDS
PASSPHRASE = "a-pass-phrase-7f3a91"
KEY = "publish:canary-7f3a91"
PATIENT = RelayLimits(queue_bytes=20_000_000, connect_s=20.0, stall_s=60.0)


@pytest.fixture(scope="module")
def lesson() -> list[Chunk]:
    return talk(
        ProgrammeSpec(EncoderSpec(width=320, height=180, video_bitrate_bps=500_000)), SECONDS
    )


class Air:
    """Destinations, and what they came to."""

    def __init__(self, **urls: str) -> None:
        self.live = {name: threading.Event() for name in urls}
        self.over = {name: threading.Event() for name in urls}
        self.last: dict[str, RelayStatus] = {}
        self.fanout = Fanout(self._changed, PATIENT, Trust(private=True))
        for name, url in urls.items():
            self.fanout.add(name, url)

    def _changed(self, status: RelayStatus) -> None:
        self.last[status.relay_id] = status
        if status.state == "live":
            self.live[status.relay_id].set()
        if status.state in {"failed", "finished"}:
            self.over[status.relay_id].set()

    def send(self, lesson: list[Chunk]) -> None:
        """Three times as fast as it plays."""
        for chunk in lesson:
            self.fanout.offer(chunk)
            time.sleep(SECONDS / 3 / len(lesson))


@pytest.mark.skipif(not HAS_RTMP, reason="nginx's RTMP module is not installed")
def test_one_programme_goes_out_by_rtmp_and_srt(lesson: list[Chunk], tmp_path: Path) -> None:
    port, file = free_port(), tmp_path / "heard.ts"
    with rtmp_server() as server, srt_listener(port, PASSPHRASE, file) as ffmpeg:
        secret = f"streamid={KEY}&passphrase={PASSPHRASE}&latency=300"
        air = Air(srt=f"srt://127.0.0.1:{port}?{secret}", rtmp=server.url("beside"))
        air.send(lesson)
        assert all(live.wait(30) for live in air.live.values())
        running = [child.cmdline() for child in psutil.Process().children(recursive=True)]
        air.fanout.close()
        ffmpeg.wait(30)
        assert server.received("beside").frames == FRAMES
    assert not any(KEY in word for command in running for word in command)
    assert {name: (status.state, status.frames) for name, status in air.last.items()} == {
        "srt": ("finished", FRAMES),
        "rtmp": ("finished", FRAMES),
    }
    with av.open(str(file)) as heard:
        packets = [packet for packet in heard.demux(video=0) if packet.pts is not None]
    assert len(packets) == FRAMES
    assert [n for n, packet in enumerate(packets) if packet.is_keyframe] == [0, 60, 120]


@pytest.mark.parametrize(
    ("said", "reason"), [(PASSPHRASE + "-wrong", "rejected"), (PASSPHRASE, "connect_timeout")]
)
def test_who_is_not_let_in_hears_why(
    lesson: list[Chunk], said: str, reason: str, tmp_path: Path
) -> None:
    """With the right pass phrase there is nobody to let it in."""
    port = free_port()
    peer = srt_listener(port, PASSPHRASE, tmp_path / "nothing.ts")
    with peer if reason == "rejected" else contextlib.nullcontext():
        air = Air(srt=f"srt://127.0.0.1:{port}?streamid={KEY}&passphrase={said}")
        air.send(lesson)
        assert air.over["srt"].wait(30)
        air.fanout.close()
    status = air.last["srt"]
    assert (status.state, status.reason) == ("failed", reason)
    assert status.message
    assert PASSPHRASE not in repr(status)
    assert KEY not in repr(status)
