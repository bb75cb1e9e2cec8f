"""Streams come and go, recorders die, workers leave: one output's trouble stays its own, and LiveKit always hears of it."""

import asyncio
import signal
import time
from collections.abc import Sequence

import psutil
import pytest
from livekit import api
from livekit.protocol import egress as proto

from orchestrator.cli.probe.media import probe
from orchestrator.cli.probe.receivers import ClosedPort, receivers
from tests.live.egress.conftest import Studio
from tests.live.egress.control import (
    FOLDER,
    ended,
    kill_all_recorders,
    start,
    stop,
)
from tests.live.egress.stage import PATIENCE_S, info, publisher, request, until, worker

ACTIVE, FINISHED, FAILED = (
    proto.StreamInfo.ACTIVE,
    proto.StreamInfo.FINISHED,
    proto.StreamInfo.FAILED,
)


async def streams(studio: Studio, egress_id: str, *wanted: int) -> list[proto.StreamInfo]:
    """The stream results once they have these states and each active one is connected."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            found = list((await info(studio.lk, egress_id)).stream_results)
            connected = all(one.started_at for one in found if one.status == ACTIVE)
            if [one.status for one in found] == list(wanted) and connected:
                return found
            await asyncio.sleep(0.1)


async def update(
    studio: Studio, egress_id: str, *, add: Sequence[str] = (), remove: Sequence[str] = ()
) -> proto.EgressInfo:
    return await studio.lk.egress.update_stream(
        proto.UpdateStreamRequest(
            egress_id=egress_id, add_output_urls=add, remove_output_urls=remove
        )
    )


async def test_streams_fail_come_and_go_while_the_others_flow(studio: Studio) -> None:
    keys = ["steady-stream", "second-stream"]
    async with receivers(keys) as peers, publisher(studio.server, studio.room):
        steady, second = (f"{peers.url(key)}/{key}" for key in keys)
        with ClosedPort() as closed:
            egress_id = await start(studio, steady, f"{closed}/refused-stream")
            _, refused = await streams(studio, egress_id, ACTIVE, FAILED)
        assert refused.error.startswith("refused")
        assert refused.ended_at
        with pytest.raises(api.TwirpError) as unknown:
            await update(studio, egress_id, remove=["rtmp://h/a/no-such-stream"])
        assert "no-such-stream" not in unknown.value.message
        await update(studio, egress_id, add=[second])
        await streams(studio, egress_id, ACTIVE, FAILED, ACTIVE)
        await asyncio.sleep(3)
        removed = await update(studio, egress_id, remove=[second])
        assert removed.stream_results[2].status == FINISHED
        await asyncio.sleep(2)
        final = await stop(studio, egress_id)
        assert final.status == proto.EgressStatus.EGRESS_COMPLETE
        assert [one.status for one in final.stream_results] == [FINISHED, FAILED, FINISHED]
        whole, part = (probe(str(peers.recordings(key)[0])) for key in keys)
        assert whole.video.fps == pytest.approx(30, abs=0.5)
        assert (whole.errors, part.errors) == (0, 0)
        assert part.duration_s < whole.duration_s - 1


async def test_the_same_url_again_is_a_new_stream(studio: Studio) -> None:
    async with publisher(studio.server, studio.room), receivers(["again-stream"]) as peers:
        url = f"{peers.url('again-stream')}/again-stream"
        with ClosedPort() as closed:
            refused = f"{closed}/again-refused"
            egress_id = await start(studio, refused)
            await streams(studio, egress_id, FAILED)
            await update(studio, egress_id, add=[refused, url])
            first, again, good = await streams(studio, egress_id, FAILED, FAILED, ACTIVE)
        assert first.url == again.url == f"{closed}/{{aga...sed}}"
        assert good.url.endswith("/{aga...eam}")
        await stop(studio, egress_id)


async def test_the_last_stream_takes_the_egress_with_it(studio: Studio) -> None:
    with ClosedPort() as closed:
        egress_id = await start(studio, f"{closed}/only-stream", folder=None)
        final = await ended(studio, egress_id)
    assert final.status == proto.EgressStatus.EGRESS_FAILED
    assert final.error == "every stream output failed"


async def test_removing_the_last_stream_ends_the_egress(studio: Studio) -> None:
    async with receivers(["last-stream"]) as peers:
        url = f"{peers.url('last-stream')}/last-stream"
        egress_id = await start(studio, url, folder=None)
        await streams(studio, egress_id, ACTIVE)
        await update(studio, egress_id, remove=[url])
        final = await ended(studio, egress_id)
    assert final.status == proto.EgressStatus.EGRESS_COMPLETE
    assert final.details == "End reason: All streams stopped"


async def test_recorders_that_keep_dying_fail_their_egress_and_no_other(studio: Studio) -> None:
    playlist = studio.storage / FOLDER / "index.m3u8"
    doomed = await start(studio)
    # On a busy machine one that records already takes no second egress; an idle one does.
    async with worker(studio.server, studio.folder):
        survivor = await start(studio, folder="other/programme")
        for folder in (FOLDER, "other/programme"):
            await until((studio.storage / folder / "index.m3u8").exists, PATIENCE_S)
        await kill_all_recorders(studio, doomed)
        failed = await ended(studio, doomed)
        assert failed.status == proto.EgressStatus.EGRESS_FAILED
        assert failed.details == "End reason: Process killed"
        assert failed.ended_at
        await until(lambda: playlist.read_text().endswith("#EXT-X-ENDLIST\n"), PATIENCE_S)
        assert probe(str(playlist)).errors == 0
        final = await stop(studio, survivor)
    assert final.status == proto.EgressStatus.EGRESS_COMPLETE


async def test_sigterm_closes_the_recording_and_tells_livekit(studio: Studio) -> None:
    async with publisher(studio.server, studio.room), receivers(["drained-stream"]) as peers:
        egress_id = await start(studio, f"{peers.url('drained-stream')}/drained-stream")
        await streams(studio, egress_id, ACTIVE)
        children = psutil.Process(studio.worker.process.pid).children(recursive=True)
        assert await studio.worker.stop() == 0
        final = await ended(studio, egress_id)
    assert final.status == proto.EgressStatus.EGRESS_COMPLETE
    assert final.details == "End reason: Process killed"
    playlist = studio.storage / FOLDER / "index.m3u8"
    assert playlist.read_text().endswith("#EXT-X-ENDLIST\n")
    assert probe(str(playlist)).errors == 0
    await until(lambda: not any(map(runs, children)), PATIENCE_S)


@pytest.mark.parametrize("drain_s", [3600])
async def test_a_draining_worker_ends_with_its_class_while_another_takes_the_next(
    studio: Studio,
) -> None:
    leaving = studio.worker
    playlist = studio.storage / FOLDER / "index.m3u8"
    egress_id = await start(studio)
    await until(playlist.exists, PATIENCE_S)
    leaving.process.send_signal(signal.SIGTERM)
    await until(lambda: leaving.said("draining"), PATIENCE_S)
    before = playlist.read_text().count("#EXTINF")
    async with worker(studio.server, studio.folder) as other:
        later = await start(studio, folder="later/programme")
        await until(lambda: recorders(other.log) == [later], PATIENCE_S)
        await until(lambda: playlist.read_text().count("#EXTINF") > before, PATIENCE_S)
        assert leaving.process.returncode is None
        final = await stop(studio, egress_id)
        assert await leaving.process.wait() == 0
        assert (await stop(studio, later)).status == proto.EgressStatus.EGRESS_COMPLETE
    assert final.details == "End reason: StopEgress API", "nobody cut the class"
    assert playlist.read_text().endswith("#EXT-X-ENDLIST\n")


def runs(process: psutil.Process) -> bool:
    """A zombie does not: whoever adopted it has only not asked for its exit code yet."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


async def test_children_die_with_a_killed_worker(studio: Studio) -> None:
    await start(studio)
    playlist = studio.storage / FOLDER / "index.m3u8"
    await until(playlist.exists, PATIENCE_S)
    children = psutil.Process(studio.worker.process.pid).children(recursive=True)
    assert children
    studio.worker.process.kill()
    await until(lambda: not any(map(runs, children)), PATIENCE_S)
    assert playlist.read_text().endswith("#EXT-X-ENDLIST\n"), "closed although nobody asked"
    assert list((studio.data / "spool/egress").iterdir()) == [], "nothing is left to bring"


async def test_a_stop_before_the_first_frame_aborts(studio: Studio) -> None:
    egress_id = await start(studio)
    final = await stop(studio, egress_id)
    assert final.status == proto.EgressStatus.EGRESS_ABORTED
    assert (final.error, final.error_code) == ("Stop called before pipeline could start", 412)
    with pytest.raises(api.TwirpError, match="cannot be stopped"):
        await studio.lk.egress.stop_egress(proto.StopEgressRequest(egress_id=egress_id))


async def test_what_is_not_served_is_refused_at_once_with_its_reason(studio: Studio) -> None:
    composite = request(studio.room, FOLDER)
    composite.layout = "mosaic"
    with pytest.raises(api.TwirpError, match="layout mosaic is not served") as refusal:
        await studio.lk.egress.start_room_composite_egress(composite)
    assert refusal.value.status == 400


async def test_two_workers_share_and_each_egress_runs_once(studio: Studio) -> None:
    async with worker(studio.server, studio.folder) as second:
        ids = [await start(studio, folder=f"share/{number}") for number in range(2)]
        await until(lambda: len(recorders(studio.worker.log, second.log)) == 2, PATIENCE_S)
        assert recorders(studio.worker.log, second.log) == sorted(ids)
        for egress_id in ids:
            await stop(studio, egress_id)


def recorders(*logs: list[dict[str, object]]) -> list[str]:
    return sorted(
        str(entry["egress"]) for log in logs for entry in log if entry["event"] == "recording"
    )


async def test_a_server_that_goes_down_takes_only_its_own_stream(studio: Studio) -> None:
    async with receivers(["steady-stream"]) as steady, publisher(studio.server, studio.room):
        async with receivers(["dying-stream"], nginx=False) as dying:
            urls = [
                f"{peers.url(key)}/{key}"
                for peers, key in ((steady, "steady-stream"), (dying, "dying-stream"))
            ]
            egress_id = await start(studio, *urls)
            await streams(studio, egress_id, ACTIVE, ACTIVE)
            await asyncio.sleep(2)
        _, gone = await streams(studio, egress_id, ACTIVE, FAILED)
        assert gone.error.startswith("closed")
        assert gone.duration > 1e9
        await asyncio.sleep(2)
        final = await stop(studio, egress_id)
        assert final.status == proto.EgressStatus.EGRESS_COMPLETE
        whole = probe(str(steady.recordings("steady-stream")[0]))
        assert len(steady.recordings("steady-stream")) == 1
        assert (whole.errors, whole.audio.gaps_s) == (0, [])
        assert whole.duration_s > 4


async def test_a_peer_that_never_answers_delays_nothing(studio: Studio) -> None:
    async def swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(swallow, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        egress_id = await start(studio, f"rtmp://127.0.0.1:{port}/live/silent-stream")
        await until((studio.storage / FOLDER / "index.m3u8").exists, PATIENCE_S)
        waiting = (await info(studio.lk, egress_id)).stream_results[0]
        assert (waiting.status, waiting.started_at) == (ACTIVE, 0), "still connecting"
        asked_s = time.monotonic()
        final = await stop(studio, egress_id)
        assert time.monotonic() - asked_s < 8
    assert final.status == proto.EgressStatus.EGRESS_COMPLETE
    assert final.stream_results[0].started_at == 0
