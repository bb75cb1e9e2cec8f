"""Real RTMP: one programme to good and bad destinations at once."""

import queue
import re
import resource
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from agents.media.codecs.spec import EncoderSpec
from agents.media.engine import ProgrammeSpec
from agents.media.mux import TS_PACKET, Chunk
from agents.media.relay.dial import Trust
from agents.media.relay.fanout import Fanout
from agents.media.relay.relay import RelayLimits, RelayStatus
from orchestrator.cli.stack.ports import free_port
from tests.agents.media.nodemedia import NodeMediaServer, node_media_server
from tests.agents.media.peers import (
    HAS_RTMP,
    RtmpServer,
    rtmp_server,
    server_away,
    silent_server,
    tap,
)
from tests.agents.media.studio import talk

pytestmark = pytest.mark.skipif(not HAS_RTMP, reason="nginx's RTMP module is not installed")

KEY = "canary-7f3a91-secret"
# All that a test sends fits, for it is sent faster than it plays; nobody stalls who has merely got everything.
PATIENT = RelayLimits(queue_bytes=20_000_000, connect_s=20.0, stall_s=60.0)
LOCAL = Trust(private=True)
SMALL = ProgrammeSpec(EncoderSpec(width=320, height=180))
# The packet identifier of the second stream, the sound, as libav numbers them.
SOUND = (0x01, 0x01)
SECONDS = 30
FRAMES = 30 * SECONDS


@pytest.fixture(scope="module")
def lesson() -> list[Chunk]:
    """Thirty seconds, fifteen GOPs, in small pictures at the full bitrate."""
    return talk(SMALL, SECONDS)


@pytest.fixture(scope="module")
def server() -> Iterator[RtmpServer]:
    with rtmp_server() as running:
        yield running


@pytest.fixture(scope="module")
def other_server() -> Iterator[NodeMediaServer]:
    with node_media_server() as running:
        yield running


class Broadcast:
    """A fanout that sends a lesson in the background, and the changes of state it told."""

    def __init__(
        self,
        lesson: list[Chunk],
        limits: RelayLimits = PATIENT,
        trust: Trust = LOCAL,
        pace: float = 0.1,
    ) -> None:
        self._pace = pace
        self.changes: queue.Queue[RelayStatus] = queue.Queue()
        self.fanout = Fanout(self.changes.put, limits, trust)
        self.slowest_s = 0.0
        self._sender = threading.Thread(target=self._send, args=(lesson,))
        self._off = threading.Event()

    def begin(self) -> None:
        self._sender.start()

    def wait_sent(self) -> None:
        """Until the whole lesson has been offered."""
        self._sender.join()

    def wait(self, relay_id: str, state: str, timeout_s: float = 25.0) -> RelayStatus:
        """The next change of that relay, which must be to that state."""
        end_s = time.monotonic() + timeout_s
        while True:
            status = self.changes.get(timeout=max(0.01, end_s - time.monotonic()))
            if status.relay_id == relay_id:
                assert status.state == state, status
                return status

    def close(self) -> None:
        self._off.set()
        if self._sender.ident is not None:
            self._sender.join()
        self.fanout.close()

    def _send(self, lesson: list[Chunk]) -> None:
        """Ten times as fast as it plays, if nothing else was asked."""
        for chunk in lesson:
            began_s = time.monotonic()
            self.fanout.offer(chunk)
            self.slowest_s = max(self.slowest_s, time.monotonic() - began_s)
            if self._off.wait(self._pace * SECONDS / len(lesson)):
                return


@pytest.fixture
def broadcast(lesson: list[Chunk]) -> Iterator[Broadcast]:
    made = Broadcast(lesson)
    yield made
    made.close()
    assert children() == []


def children() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if "child.py" in str(child.cmdline())]


def test_a_destination_gets_every_frame(server: RtmpServer, broadcast: Broadcast) -> None:
    broadcast.fanout.add("good", server.url("every"))
    broadcast.begin()
    assert broadcast.wait("good", "live").connected_at_ns > 0
    broadcast.wait_sent()
    broadcast.fanout.close()
    done = broadcast.wait("good", "finished")
    assert (done.frames, done.dropped_chunks, done.reason) == (FRAMES, 0, None)
    received = server.received("every")
    assert received.frames == FRAMES
    assert received.keys_s == pytest.approx(list(range(0, SECONDS, 2)), abs=0.002)
    assert received.first_sound_s == pytest.approx(0.0, abs=0.03)


@pytest.mark.parametrize("scheme", ["rtmp", "rtmps"])
def test_another_kind_of_server_gets_every_frame_too(
    other_server: NodeMediaServer, lesson: list[Chunk], scheme: str
) -> None:
    trust = Trust(private=True, ca_file=str(other_server.ca_file))
    broadcast = Broadcast(lesson, trust=trust)
    broadcast.fanout.add("good", other_server.url(scheme, scheme))
    broadcast.begin()
    broadcast.wait("good", "live")
    broadcast.wait_sent()
    broadcast.fanout.close()
    done = broadcast.wait("good", "finished")
    assert (done.frames, done.dropped_chunks, done.reason) == (FRAMES, 0, None)
    received = other_server.received(scheme)
    assert received.frames == FRAMES
    assert received.keys_s == pytest.approx(list(range(0, SECONDS, 2)), abs=0.002)


def test_a_server_that_cannot_prove_its_name_gets_nothing(
    other_server: NodeMediaServer, broadcast: Broadcast
) -> None:
    broadcast.fanout.add("anybody", other_server.url(KEY, "rtmps"))
    broadcast.begin()
    failed = broadcast.wait("anybody", "failed")
    assert (failed.reason, failed.frames) == ("untrusted", 0)
    assert not list(other_server.folder.glob(f"live/{KEY}/*"))


def test_bad_destinations_fail_and_do_not_touch_the_good_one(
    server: RtmpServer, lesson: list[Chunk]
) -> None:
    connect_s = 6.0
    broadcast = Broadcast(lesson, replace(PATIENT, connect_s=connect_s))
    with silent_server() as black_hole, server_away() as away:
        bad = {
            "refusing": f"rtmp://127.0.0.1:{free_port()}/live/{KEY}",
            "away": f"rtmp://127.0.0.1:{away}/live/{KEY}",
            "silent": f"rtmp://127.0.0.1:{black_hole}/live/{KEY}",
            "denied": server.url(KEY, "closed"),
            "unknown": f"rtmp://nowhere.invalid/live/{KEY}",
        }
        for relay_id, url in bad.items():
            broadcast.fanout.add(relay_id, url)
        broadcast.fanout.add("good", server.url("beside"))
        broadcast.begin()
        failed: dict[str, str | None] = {}
        while len(failed) < len(bad):
            status = broadcast.changes.get(timeout=25)
            assert KEY not in repr(status)
            if status.state == "failed":
                failed[status.relay_id] = status.reason
    broadcast.wait_sent()
    broadcast.fanout.close()
    assert failed == {
        "refusing": "refused",
        "away": "no_rtmp",
        "silent": "connect_timeout",
        "denied": "rejected",
        "unknown": "unreachable",
    }
    assert server.received("beside").frames == FRAMES
    # A thread may have to wait for its turn, but for no connection.
    assert broadcast.slowest_s < connect_s / 2


def test_a_late_destination_begins_with_the_gop_under_way(
    server: RtmpServer, lesson: list[Chunk]
) -> None:
    keys = [i for i, chunk in enumerate(lesson) if chunk.key]
    broadcast = Broadcast(lesson[keys[-2] + 50 :])
    for chunk in lesson[: keys[-2] + 50]:
        broadcast.fanout.offer(chunk)
    broadcast.fanout.add("late", server.url("late"))
    broadcast.begin()
    broadcast.wait_sent()
    broadcast.close()
    received = server.received("late")
    assert received.frames == 120
    assert received.keys_s == pytest.approx([0.0, 2.0], abs=0.002)
    assert received.first_sound_s == pytest.approx(0.0, abs=0.03)


def test_a_programme_that_begins_late_costs_no_destination(
    server: RtmpServer, lesson: list[Chunk]
) -> None:
    """It waits for the room to be joined: that silence is not the server's."""
    broadcast = Broadcast(lesson, replace(PATIENT, connect_s=1.0))
    broadcast.fanout.add("early", server.url("early"))
    with pytest.raises(queue.Empty):
        broadcast.changes.get(timeout=2.0)
    broadcast.begin()
    broadcast.wait("early", "live")
    broadcast.close()


def test_a_child_that_breaks_says_where_without_its_url(
    server: RtmpServer, lesson: list[Chunk]
) -> None:
    """On a programme without sound, which no engine of ours makes."""
    broadcast = Broadcast([Chunk(without_sound(chunk.data), chunk.key) for chunk in lesson])
    broadcast.fanout.add("soundless", server.url(KEY))
    broadcast.begin()
    failed = broadcast.wait("soundless", "failed")
    assert failed.reason == "crashed"
    assert re.fullmatch(r"\w+Error at child.py:\d+", failed.message)
    broadcast.close()


def without_sound(packets: bytes) -> bytes:
    whole = [packets[at : at + TS_PACKET] for at in range(0, len(packets), TS_PACKET)]
    return b"".join(one for one in whole if (one[1] & 0x1F, one[2]) != SOUND)


def test_a_peer_that_hangs_up_is_closed(server: RtmpServer, broadcast: Broadcast) -> None:
    with tap(server.port) as way:
        broadcast.fanout.add("cut", f"rtmp://127.0.0.1:{way.port}/live/{KEY}")
        broadcast.begin()
        broadcast.wait("cut", "live")
        way.cut()
        assert broadcast.wait("cut", "failed").reason == "closed"


def test_a_peer_that_stops_reading_is_stalled_and_loses_gops(
    server: RtmpServer, lesson: list[Chunk]
) -> None:
    broadcast = Broadcast(lesson, RelayLimits(queue_bytes=1_000_000, connect_s=20.0, stall_s=1.0))
    with tap(server.port) as way:
        broadcast.fanout.add("stuck", f"rtmp://127.0.0.1:{way.port}/live/{KEY}")
        broadcast.begin()
        broadcast.wait("stuck", "live")
        way.block()
        status = broadcast.wait("stuck", "failed")
        assert status.reason == "stalled"
        assert status.dropped_chunks > 0
    broadcast.close()


def test_a_slow_reader_and_one_that_keeps_resetting_do_not_touch_the_good_one(
    server: RtmpServer, lesson: list[Chunk]
) -> None:
    broadcast = Broadcast(lesson, pace=0.3)
    broadcast.fanout.add("good", server.url("steady"))
    with tap(server.port) as slow:
        broadcast.fanout.add("slow", f"rtmp://127.0.0.1:{slow.port}/live/slow-{KEY}")
        broadcast.begin()
        told = {broadcast.changes.get(timeout=25).relay_id for _ in range(2)}
        assert told == {"good", "slow"}
        slow.slow()
        for _ in range(2):
            with tap(server.port) as reset:
                broadcast.fanout.add("reset", f"rtmp://127.0.0.1:{reset.port}/live/reset-{KEY}")
                broadcast.wait("reset", "live")
                reset.cut()
                assert broadcast.wait("reset", "failed").reason == "closed"
        broadcast.wait_sent()
        behind = {status.relay_id: status for status in broadcast.fanout.statuses()}["slow"]
        assert (behind.state, behind.reason) == ("live", None)
        assert behind.queued_bytes > 0
        broadcast.close()
    assert server.received("steady").frames == FRAMES


def test_a_stop_waits_once_for_all_silent_peers(lesson: list[Chunk]) -> None:
    broadcast = Broadcast(lesson, replace(PATIENT, goodbye_s=(goodbye_s := 2.0)))
    with silent_server() as black_hole:
        for n in range(3):
            broadcast.fanout.add(f"silent-{n}", f"rtmp://127.0.0.1:{black_hole}/live/{KEY}")
        broadcast.begin()
        while len(children()) < 3:
            time.sleep(0.02)
        began_s = time.monotonic()
        broadcast.fanout.close()
        assert time.monotonic() - began_s < 3 * goodbye_s
    broadcast.close()
    assert children() == []


def test_a_removed_one_is_finished_and_may_come_again(
    server: RtmpServer, broadcast: Broadcast
) -> None:
    broadcast.fanout.add("a", server.url("first"))
    broadcast.begin()
    broadcast.wait("a", "live")
    broadcast.fanout.remove("a")
    assert broadcast.fanout.statuses() == []
    broadcast.wait("a", "finished")
    broadcast.fanout.add("a", server.url("second"))
    broadcast.wait("a", "live")
    assert [status.relay_id for status in broadcast.fanout.statuses()] == ["a"]


@pytest.mark.skipif(not Path("/proc").exists(), reason="no /proc to look into")
def test_the_key_is_in_nobodys_command_line_or_environment(
    server: RtmpServer, broadcast: Broadcast
) -> None:
    broadcast.fanout.add("a", server.url(KEY))
    broadcast.begin()
    broadcast.wait("a", "live")
    assert len(children()) == 1
    for process in Path("/proc").glob("[0-9]*"):
        for name in ("cmdline", "environ"):
            try:
                shown = (process / name).read_bytes()
            except OSError:  # ended meanwhile, or not ours to read
                continue
            assert KEY.encode() not in shown


def test_a_child_that_cannot_be_started_is_told(broadcast: Broadcast) -> None:
    """On a machine that is out of files, here; the next try may find some."""
    usual = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, usual[1]))
    try:
        broadcast.fanout.add("a", "rtmp://127.0.0.1:9/live/key")
        assert broadcast.wait("a", "failed").reason == "crashed"
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, usual)


def test_what_is_added_while_all_are_closed_is_not_begun(broadcast: Broadcast) -> None:
    broadcast.fanout.close()
    broadcast.fanout.add("late", f"rtmp://127.0.0.1:{free_port()}/live/{KEY}")
    assert (broadcast.fanout.statuses(), broadcast.changes.empty()) == ([], True)


def test_a_child_that_dies_is_told(server: RtmpServer, broadcast: Broadcast) -> None:
    broadcast.fanout.add("a", server.url("killed"))
    broadcast.begin()
    broadcast.wait("a", "live")
    children()[0].kill()
    assert broadcast.wait("a", "failed").reason == "crashed"


ORPHAN = """
import pathlib, sys, time
from agents.media.codecs.encoder import split_at_keyframes
from agents.media.relay.dial import Trust
from agents.media.relay.fanout import Fanout
from agents.media.relay.relay import RelayLimits
fanout = Fanout(print, RelayLimits.of_rate(3_000_000), Trust(private=True))
fanout.add("silent", sys.argv[1])
for chunk in split_at_keyframes(pathlib.Path(sys.argv[2]).read_bytes()):
    fanout.offer(chunk)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux kills the children of the dead")
def test_no_child_outlives_a_parent_that_was_killed(lesson: list[Chunk], tmp_path: Path) -> None:
    """A child that waits for a peer's answer does not notice the end of its stdin."""
    stream = tmp_path / "lesson.ts"
    stream.write_bytes(b"".join(chunk.data for chunk in lesson[:200]))
    with silent_server() as black_hole:
        url = f"rtmp://127.0.0.1:{black_hole}/live/x"
        parent = psutil.Popen([sys.executable, "-c", ORPHAN, url, str(stream)])
        try:
            child = _connected_child(parent)
        finally:
            parent.kill()
            parent.wait(5)
        psutil.wait_procs([child], timeout=5)
        assert not child.is_running()


def _connected_child(parent: psutil.Process) -> psutil.Process:
    end_s = time.monotonic() + 10
    while time.monotonic() < end_s:
        for child in parent.children():
            if child.net_connections():
                return child
        time.sleep(0.05)
    raise TimeoutError("the relay's child never connected")
