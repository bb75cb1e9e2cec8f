"""A class as its recording and its viewers get it: picture, sound, sync, and what the API and webhooks say."""

import asyncio
import time
from pathlib import Path

import pytest
from livekit.protocol import egress as proto
from livekit.protocol.room import DeleteRoomRequest

from orchestrator.cli.probe.media import probe
from orchestrator.cli.probe.receivers import receivers
from orchestrator.cli.probe.sync import measure
from tests.live.egress.conftest import Studio
from tests.live.egress.stage import PATIENCE_S, Stalls, info, publisher, request, until

FOLDER = "tenant/session/programme/1"
# Milliseconds when idle; a start that waits for anything would take the SFU's next attempt, seconds later.
ACCEPTED_WITHIN_S = 3.0
MISSED_FPS = 3


def check(source: str, seconds: float, stalled_ms: float) -> None:
    """Everything that a platform and a viewer ask of the programme, from its first second on."""
    programme = probe(source)
    assert programme.errors == 0
    video, audio = programme.video, programme.audio
    assert (video.codec, video.width, video.height) == ("h264", 1280, 720)
    assert (audio.codec, audio.sample_rate) == ("aac", 48_000)
    # A machine that runs other tests beside this one may leave pictures out, but the sound never has a hole.
    assert video.fps == pytest.approx(30, abs=MISSED_FPS)
    assert audio.gaps_s == []
    assert [round(gop, 3) for gop in video.gop_s] == [2.0] * len(video.gop_s)
    assert abs(video.times_s[0] - audio.start_s) < 0.05
    assert programme.duration_s > seconds
    sync = measure(programme)
    assert sync.beeps_s[0] < 2.1, "the first beep after the start is heard"
    assert sync.flashes_s[0] < 2.1, "the first flash after the start is seen"
    assert len(sync.offsets_ms) >= seconds // 2 - 1
    assert abs(sync.typical_ms) < 80 + stalled_ms
    # One frame of the source and one of ours may stand between a flash and its true time.
    assert sync.worst_ms < 80 + 74 + 2 * stalled_ms


async def test_recording_and_two_destinations_from_one_encode(studio: Studio) -> None:
    async with (
        receivers(["first-key", "second-key"]) as peers,
        publisher(studio.server, studio.room),
    ):
        urls = [f"{peers.url(key)}/{key}" for key in ("first-key", "second-key")]
        stalls = Stalls()
        watching = asyncio.create_task(stalls.watch())
        asked_s = time.monotonic()
        started = await studio.lk.egress.start_room_composite_egress(
            request(studio.room, FOLDER, *urls)
        )
        assert time.monotonic() - asked_s < ACCEPTED_WITHIN_S
        await until(lambda: bool(studio.hooks.egress()[1:]), PATIENCE_S)
        await asyncio.sleep(9)
        live = await info(studio.lk, started.egress_id)
        assert live.status == proto.EgressStatus.EGRESS_ACTIVE
        assert [stream.status for stream in live.stream_results] == [proto.StreamInfo.ACTIVE] * 2
        assert all(stream.started_at for stream in live.stream_results)
        assert "first-key" not in str(live)
        playlist = studio.storage / FOLDER / "index.m3u8"
        assert "#EXT-X-ENDLIST" not in playlist.read_text()

        stopped = await studio.lk.egress.stop_egress(
            proto.StopEgressRequest(egress_id=started.egress_id)
        )
        assert stopped.status == proto.EgressStatus.EGRESS_ENDING
        await until(studio.hooks.ended, PATIENCE_S)
        recordings = [peers.recordings(key) for key in ("first-key", "second-key")]
        assert [len(files) for files in recordings] == [1, 1], "nobody had to connect twice"
        watching.cancel()
        check(str(playlist), 8, stalls.worst_ms)
        for files in recordings:
            check(str(files[0]), 7, stalls.worst_ms)
    final = await info(studio.lk, started.egress_id)
    assert_record(final, playlist)
    assert_webhooks(studio.hooks.egress())


def assert_record(final: proto.EgressInfo, playlist: Path) -> None:
    assert final.status == proto.EgressStatus.EGRESS_COMPLETE
    assert final.details == "End reason: StopEgress API"
    segments = final.segment_results[0]
    assert segments.playlist_name == f"{FOLDER}/index.m3u8"
    text = playlist.read_text()
    assert text.endswith("#EXT-X-ENDLIST\n")
    files = sorted(playlist.parent.glob("seg_*.m4s"))
    assert segments.segment_count == len(files) == text.count("#EXTINF")
    assert text.count('#EXT-X-MAP:URI="seg_init.mp4"') == 1
    header = playlist.with_name("seg_init.mp4")
    assert segments.size == sum(file.stat().st_size for file in (header, *files))
    lengths = [float(line[8:-1]) for line in text.splitlines() if line.startswith("#EXTINF")]
    assert segments.duration == pytest.approx(sum(lengths) * 1e9, rel=1e-6)
    assert segments.started_at == final.started_at
    assert segments.ended_at == segments.started_at + segments.duration <= final.ended_at


def assert_webhooks(events: list[tuple[str, str]]) -> None:
    assert events[0] == ("egress_started", "EGRESS_STARTING")
    assert events[-1] == ("egress_ended", "EGRESS_COMPLETE")
    between = [status for name, status in events[1:-1] if name == "egress_updated"]
    assert between[0] == "EGRESS_ACTIVE"
    assert between[-1] == "EGRESS_ENDING"
    assert len(events) == len(between) + 2


async def test_the_room_ends_the_egress(studio: Studio) -> None:
    async with publisher(studio.server, studio.room):
        started = await studio.lk.egress.start_room_composite_egress(request(studio.room, FOLDER))
        playlist = studio.storage / FOLDER / "index.m3u8"
        await until(playlist.exists, PATIENCE_S)
        await studio.lk.room.delete_room(DeleteRoomRequest(room=studio.room))
        await until(studio.hooks.ended, PATIENCE_S)
    final = await info(studio.lk, started.egress_id)
    assert final.status == proto.EgressStatus.EGRESS_COMPLETE
    assert final.details == "End reason: Source closed"
    assert playlist.read_text().endswith("#EXT-X-ENDLIST\n")


async def test_an_empty_room_is_a_programme_too(studio: Studio) -> None:
    """A teacher who starts the recording before the camera loses nothing: picture and silence run from the start."""
    started = await studio.lk.egress.start_room_composite_egress(request(studio.room, FOLDER))
    playlist = studio.storage / FOLDER / "index.m3u8"
    await until(playlist.exists, PATIENCE_S)
    async with publisher(studio.server, studio.room, white=True):
        await asyncio.sleep(4)
    await studio.lk.egress.stop_egress(proto.StopEgressRequest(egress_id=started.egress_id))
    await until(studio.hooks.ended, PATIENCE_S)
    programme = probe(str(playlist))
    assert programme.errors == 0
    assert programme.video.fps == pytest.approx(30, abs=MISSED_FPS)
    assert programme.audio.gaps_s == []
    assert programme.video.white[0] < 0.1
    assert programme.video.white.max() > 0.9, "who came later is in the picture"
    assert measure(programme).beeps_s, "and heard"
