"""A recorder that is killed is followed by another: the same egress, the same playlist, the same destinations."""

import os
import signal
from pathlib import Path

from livekit.protocol import egress as proto

from orchestrator.cli.probe.media import probe
from orchestrator.cli.probe.receivers import receivers
from orchestrator.core.crypto import Keyring
from orchestrator.core.hls.playlist import NOTHING, length_ms, missing_ms
from orchestrator.core.storage import Storage
from orchestrator.recordings.media import Media, Signer
from orchestrator.settings import Secret, Settings
from tests.live.egress.conftest import Studio
from tests.live.egress.control import FOLDER, recorder_of, start, stop
from tests.live.egress.stage import PATIENCE_S, info, publisher, until
from tests.support.waiting import eventually

KEY = "steady-stream"


def lines_of(playlist: Path) -> list[str]:
    return playlist.read_text().splitlines() if playlist.exists() else []


def named(playlist: Path, prefix: str) -> list[str]:
    return [line for line in lines_of(playlist) if line.startswith(prefix)]


async def connected(studio: Studio, egress_id: str) -> None:
    """Waits until the one destination is live."""

    async def ask() -> bool:
        (stream,) = (await info(studio.lk, egress_id)).stream_results
        return stream.status == proto.StreamInfo.ACTIVE and stream.started_at > 0

    await eventually(ask, PATIENCE_S)


async def test_a_killed_recorder_costs_a_gap_and_nothing_else(studio: Studio) -> None:
    playlist = studio.storage / FOLDER / "index.m3u8"
    async with receivers([KEY]) as peers, publisher(studio.server, studio.room):
        egress_id = await start(studio, f"{peers.url(KEY)}/{KEY}")
        await until(lambda: len(named(playlist, "seg_")) >= 2, PATIENCE_S)
        await connected(studio, egress_id)
        os.kill(recorder_of(studio, egress_id), signal.SIGKILL)
        await until(lambda: len(named(playlist, "seg-2_")) >= 2, PATIENCE_S)
        await connected(studio, egress_id)
        final = await stop(studio, egress_id)
        await until(lambda: len(peers.recordings(KEY)) == 2, PATIENCE_S)
    check(final, playlist)
    check_film(await film_of(studio), playlist)
    assert [name for name, _ in studio.hooks.egress(egress_id)].count("egress_ended") == 1


def check(final: proto.EgressInfo, playlist: Path) -> None:
    lines = lines_of(playlist)
    (segments,) = final.segment_results
    assert final.status == proto.EgressStatus.EGRESS_COMPLETE
    assert lines.count("#EXT-X-DISCONTINUITY") == 1
    assert lines[-1] == "#EXT-X-ENDLIST"
    stored = sorted(path.name for path in playlist.parent.glob("seg*.m4s"))
    assert sorted(named(playlist, "seg")) == stored
    assert segments.segment_count == len(stored)
    assert probe(str(playlist)).errors == 0
    lengths = [line for line in lines if line.startswith("#EXTINF:")]
    whole_s = sum(float(line.removeprefix("#EXTINF:").rstrip(",")) for line in lengths)
    assert abs(segments.duration / 1e9 - whole_s) < 0.2
    # The open segment and the next recorder's start, which `lectern bench programme recovery` measures.
    assert 0 < missing_ms(playlist.read_text()) < PATIENCE_S * 1000
    assert NOTHING in lines


async def film_of(studio: Studio) -> bytes:
    storage = Storage.from_settings(Settings(storage_url=studio.storage.as_uri()))
    media = Media(storage, Signer(Keyring(Secret("ab" * 32))))
    parts = await media.parts(f"{FOLDER}/programme-1.mp4")
    chunks = [one async for one in media.read(parts, 0, sum(part.size_bytes for part in parts))]
    return b"".join(chunks)


def check_film(film: bytes, playlist: Path) -> None:
    """Both recorders' parts are one file that plays, as long as the playlist."""
    file = playlist.with_name("whole.mp4")
    file.write_bytes(film)
    played = probe(str(file))
    assert played.errors == 0
    assert (played.video.times_s[1:] > played.video.times_s[:-1]).all()
    shown_s = played.video.times_s[-1] - played.video.times_s[0]
    assert abs(shown_s - length_ms(playlist.read_text()) / 1000) < 0.2
