"""The reconciler with the real livekit-server and the real egress worker: late, killed, and with destinations on the fly."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import av
import pytest

from orchestrator.cli.probe.media import SAMPLE_RATE, Programme, gaps, probe
from orchestrator.cli.probe.receivers import receivers
from orchestrator.cli.stack.ports import free_port
from orchestrator.core.database import Database
from orchestrator.core.hls.playlist import CUT, END, length_ms, missing_ms
from orchestrator.proof.verify import verify
from orchestrator.settings import Settings
from tests.orchestrator.egress.test_api import choose
from tests.support.school import Caller, School
from tests.support.served import serve
from tests.support.servers import LiveKitServer
from tests.support.waiting import eventually

Events = list[dict[str, Any]]


async def start_worker(
    sfu: tuple[LiveKitServer, Settings], log: Path
) -> asyncio.subprocess.Process:
    livekit, settings = sfu
    with log.open("ab") as errors:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "agents.egress",
            env={
                "REDIS_URL": livekit.redis_url,
                "LIVEKIT_URL": livekit.url,
                "LIVEKIT_API_KEY": livekit.api_key,
                "LIVEKIT_API_SECRET": livekit.api_secret,
                "LECTERN_STORAGE_URL": settings.storage_url,
                "LECTERN_DATA_DIR": settings.data_dir,
                "LECTERN_CONTROL_URL": f"http://127.0.0.1:{settings.port}",
                "LECTERN_INTERNAL_TOKEN": settings.internal_token.reveal(),
                "LECTERN_DRAIN_S": "3",
                "PATH": os.environ["PATH"],
            },
            stderr=errors,
        )


async def stop(worker: asyncio.subprocess.Process) -> None:
    if worker.returncode is None:
        worker.send_signal(signal.SIGTERM)
        await worker.wait()


async def wait_for(
    caller: Caller,
    school: School,
    session_id: UUID,
    holds: Callable[[Events], Any],
    within_s: float,
) -> Any:
    async def ask() -> Any:
        page = await caller.get(school.teacher, f"/api/sessions/{session_id}/events")
        return holds([item["payload"] for item in page.json()["items"]])

    return await eventually(ask, within_s)


def of(kind: str) -> Callable[[Events], Events]:
    return lambda events: [event for event in events if event["type"] == kind]


async def test_a_killed_worker_costs_a_gap_and_no_second_recording(
    school: School,
    database: Database,
    sfu: tuple[LiveKitServer, Settings],
    tmp_path: Path,
) -> None:
    async with serve(sfu[1]) as caller:
        session_id = await lose_a_worker(caller, school, sfu, tmp_path)
        replay = (await caller.get(school.teacher, f"/api/replays/{session_id}")).json()
        (recording,) = replay["recordings"]
        assert recording["kind"] == "programme"
        playlist = (await caller.http.get(recording["url"])).text
        assert (await asyncio.to_thread(probe, recording["url"])).errors == 0
        (film,) = recording["downloadUrls"]
        check_film(await asyncio.to_thread(probe, film), playlist)
    lines = playlist.splitlines()
    assert (lines.count(CUT), lines[-1]) == (1, END)
    stored = list(objects(sfu).glob(f"*/{session_id}/programme/*/seg_*.m4s"))
    named = [line for line in lines if "seg_" in line and not line.startswith("#")]
    assert len(named) == len(set(named)) == len(stored)
    assert recording["durationMs"] == pytest.approx(length_ms(playlist), abs=200)
    async with database.system_transaction() as tx:
        assert await verify(tx, session_id) == []


def check_film(film: Programme, playlist: str) -> None:
    """What both workers recorded is one file, and the time between them is missing in its picture as in its sound."""
    assert film.errors == 0
    assert film.duration_s == pytest.approx(length_ms(playlist) / 1000, abs=0.2)
    assert len(film.audio.samples) / SAMPLE_RATE == pytest.approx(film.duration_s, abs=0.2)
    lost_s = missing_ms(playlist) / 1000
    assert max(gaps(film.video.times_s)) == pytest.approx(lost_s, abs=0.2)
    assert max(film.audio.gaps_s) == pytest.approx(lost_s, abs=0.2)


async def lose_a_worker(
    caller: Caller, school: School, sfu: tuple[LiveKitServer, Settings], tmp_path: Path
) -> UUID:
    """A class with a destination that refuses, whose worker comes late and is killed, and comes again."""
    session_id = await caller.new_session(school)
    refusing = {
        "type": "rtmp",
        "url": f"rtmp://127.0.0.1:{free_port()}/live",
        "streamKey": "nobody-listens-here",
    }
    made = await caller.post(school.teacher, "/api/destinations", refusing)
    await choose(caller, school.teacher, session_id, [made.json()["id"]])
    await caller.command("start", school.teacher, session_id)

    first = await start_worker(sfu, tmp_path / "worker.log")
    await wait_for(caller, school, session_id, of("recording.added"), 45)
    retrying = await wait_for(
        caller,
        school,
        session_id,
        with_status("retrying"),
        20,
    )
    assert "nobody-listens-here" not in str(retrying)
    first.kill()
    await first.wait()

    second = await start_worker(sfu, tmp_path / "worker.log")
    try:
        again = await wait_for(
            caller,
            school,
            session_id,
            lambda events: [e for e in of("egress.started")(events) if e["attempt"] == 2],
            60,
        )
        await eventually(lambda: second_part(objects(sfu), session_id), 45)
        await caller.command("end", school.teacher, session_id)
        await wait_for(caller, school, session_id, of("recording.completed"), 30)
    finally:
        await stop(second)
    assert len(again) == 1
    assert len(await wait_for(caller, school, session_id, of("recording.added"), 20)) == 1
    return session_id


def objects(sfu: tuple[LiveKitServer, Settings]) -> Path:
    return Path(sfu[1].storage_url.removeprefix("file://"))


async def second_part(folder: Path, session_id: UUID) -> list[Path]:
    wanted = f"*/{session_id}/programme/2/index.m3u8"
    return await asyncio.to_thread(lambda: list(folder.glob(wanted)))


async def test_destinations_come_and_go_and_a_new_control_plane_goes_on(
    school: School,
    database: Database,
    sfu: tuple[LiveKitServer, Settings],
    tmp_path: Path,
) -> None:
    worker = await start_worker(sfu, tmp_path / "worker.log")
    try:
        async with receivers(["the-stream-key"], nginx=False) as receiver:
            async with serve(sfu[1]) as caller:
                session_id = await caller.new_session(school)
                await caller.command("start", school.teacher, session_id)
                await wait_for(caller, school, session_id, of("recording.added"), 45)
                url = receiver.url("the-stream-key")
                body = {"type": "rtmp", "url": url, "streamKey": "the-stream-key"}
                made = await caller.post(school.teacher, "/api/destinations", body)
                await choose(caller, school.teacher, session_id, [made.json()["id"]])
                await wait_for(caller, school, session_id, with_status("live"), 30)
                await measured(caller, school, session_id)
                await plays_while_live(caller, school, session_id)
            async with serve(sfu[1]) as caller:
                await choose(caller, school.teacher, session_id, [])
                await wait_for(caller, school, session_id, with_status("ended"), 30)
                await caller.command("end", school.teacher, session_id)
                await wait_for(caller, school, session_id, of("recording.completed"), 30)
                starts = await wait_for(caller, school, session_id, of("egress.started"), 20)
            (flv,) = receiver.recordings("the-stream-key")
            assert flv.stat().st_size > 50_000
        assert len(starts) == 1
    finally:
        await stop(worker)


async def measured(caller: Caller, school: School, session_id: UUID) -> None:
    """Waits for numbers of the one destination, and finds them in its timeline."""
    path = f"/api/sessions/{session_id}/destinations"

    async def numbers() -> Any:
        (one,) = (await caller.get(school.teacher, path)).json()
        # The first measurement may come before the first second of stream.
        return one["stats"] if one["stats"] and one["stats"]["bitrateBps"] else None

    stats = await eventually(numbers, 30)
    # Constant bitrate: only a machine that leaves pictures out, or one just begun, is far under it.
    assert stats["bitrateBps"] < 6_000_000
    (line,) = (await caller.get(school.teacher, f"{path}/timeline")).json()
    assert stats["at"] in {sample["at"] for sample in line["samples"]}


async def plays_while_live(caller: Caller, school: School, session_id: UUID) -> None:
    """The growing playlist opens by the link that a student is given, as a player follows it, and so do its parts."""
    path = f"/api/sessions/{session_id}/programme/playlist"
    link = (await caller.get(school.student, path)).json()["url"]

    async def growing() -> bool:
        return (await caller.http.get(link)).text.count("#EXTINF") >= 2

    await eventually(growing, 45)
    assert END not in (await caller.http.get(link)).text
    assert await asyncio.to_thread(decoded, link, 45) == 45


def decoded(url: str, count: int) -> int:
    """So many pictures from a stream that has no end yet, less those that could not be decoded."""
    with av.open(url) as playing:
        pictures = islice(playing.decode(video=0), count)
        return sum((one.width, one.height) == (1280, 720) for one in pictures)


def with_status(status: str) -> Callable[[Events], Events]:
    return lambda events: [e for e in of("destination.changed")(events) if e["status"] == status]
