"""The object store is away for a while: the recording is whole in the end, whoever dies meanwhile."""

import contextlib
import time
from collections.abc import AsyncIterator
from pathlib import Path

from livekit.protocol import egress as proto

from agents.egress.spool.leftovers import EVERY_S
from orchestrator.cli.probe.media import probe
from orchestrator.core.hls.playlist import NOTHING
from tests.live.egress.conftest import Studio
from tests.live.egress.control import ended, kill_all_recorders, start, stop
from tests.live.egress.stage import PATIENCE_S, publisher, until

FOLDER = "away/session/programme/1"
AWAY_S = 6
# Half a second on an idle machine.
STOP_WITHIN_S = 10.0


@contextlib.asynccontextmanager
async def store_away(studio: Studio) -> AsyncIterator[Path]:
    """A file where a folder must be lets nobody write, root neither; gives the playlist's future path."""
    studio.storage.mkdir(exist_ok=True)
    blocked = studio.storage / "away"
    blocked.write_text("")
    try:
        yield studio.storage / FOLDER / "index.m3u8"
    finally:
        blocked.unlink()


def spooled(studio: Studio, egress_id: str) -> list[Path]:
    return sorted((studio.data / "spool/egress" / egress_id).glob("seg*.m4s"))


def is_closed(playlist: Path) -> bool:
    return playlist.exists() and playlist.read_text().endswith("#EXT-X-ENDLIST\n")


def check(playlist: Path, least_s: float) -> None:
    programme = probe(str(playlist))
    assert (programme.errors, programme.audio.gaps_s) == (0, [])
    assert programme.duration_s > least_s
    named = [line for line in playlist.read_text().splitlines() if line.endswith(".m4s")]
    assert set(named) - {NOTHING} == {path.name for path in playlist.parent.glob("seg*.m4s")}


async def test_a_store_that_comes_back_gets_the_whole_recording(studio: Studio) -> None:
    async with publisher(studio.server, studio.room):
        async with store_away(studio) as playlist:
            egress_id = await start(studio, folder=FOLDER)
            await until(lambda: len(spooled(studio, egress_id)) >= AWAY_S // 2, PATIENCE_S)
        await until(playlist.exists, PATIENCE_S)
        asked_s = time.monotonic()
        final = await stop(studio, egress_id)
        took_s = time.monotonic() - asked_s
    assert final.status == proto.EgressStatus.EGRESS_COMPLETE
    assert is_closed(playlist)
    check(playlist, AWAY_S)
    assert spooled(studio, egress_id) == []
    assert took_s < STOP_WITHIN_S


async def test_recorders_that_die_meanwhile_lose_only_their_open_segments(studio: Studio) -> None:
    async with publisher(studio.server, studio.room):
        async with store_away(studio) as playlist:
            egress_id = await start(studio, folder=FOLDER)
            await until(lambda: len(spooled(studio, egress_id)) >= AWAY_S // 2, PATIENCE_S)
            await kill_all_recorders(studio, egress_id)
            final = await ended(studio, egress_id)
            left = [path.name for path in spooled(studio, egress_id)]
        await until(lambda: is_closed(playlist), EVERY_S + PATIENCE_S)
    assert final.status == proto.EgressStatus.EGRESS_FAILED
    check(playlist, 2.0 * len(left) - 0.1)
    assert sorted(path.name for path in playlist.parent.glob("seg*.m4s")) == sorted(left)


async def test_a_stop_meanwhile_ends_the_egress_and_the_worker_goes_on(studio: Studio) -> None:
    async with store_away(studio) as playlist:
        egress_id = await start(studio, folder=FOLDER)
        await until(lambda: bool(spooled(studio, egress_id)), PATIENCE_S)
        final = await stop(studio, egress_id)
        left = spooled(studio, egress_id)
    assert final.status == proto.EgressStatus.EGRESS_COMPLETE
    assert final.segment_results[0].segment_count == len(left) > 0
    await until(lambda: is_closed(playlist), EVERY_S + PATIENCE_S)
    check(playlist, 1.9)
