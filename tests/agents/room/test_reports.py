"""Reports against a control plane that goes away and comes back, and an object store that does."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID, uuid4

import msgspec
import pytest

from agents.control import Deliverer, spool_folder, sweep
from agents.manifest import Gap, Manifest
from agents.room.reports import Reports, SpeakerFiles
from agents.room.text.captions import Caption
from agents.room.track.captioner import Speaker, Spoken
from agents.room.track.recorder import Segment
from orchestrator.core.control_client import ControlClient
from orchestrator.core.storage import Storage
from orchestrator.settings import Secret, Settings
from schema.agents import RoomInfo
from schema.events import Word
from tests.support.control_plane import TOKEN, FakeControlPlane, fake_control_plane

PERSON = UUID("0f9c68cd-75bb-5e88-9969-b3c3b9156d28")
START_MS = 1_795_262_415_534


@pytest.fixture
async def plane() -> AsyncIterator[FakeControlPlane]:
    async with fake_control_plane() as plane:
        yield plane


@pytest.fixture
def configured(plane: FakeControlPlane, tmp_path: Path) -> Settings:
    return Settings(
        control_url=plane.url,
        internal_token=Secret(TOKEN),
        storage_url=f"file://{tmp_path}/objects",
        data_dir=str(tmp_path),
    )


@pytest.fixture
async def deliverer(configured: Settings) -> AsyncIterator[Deliverer]:
    async with ControlClient(configured, attempts=1) as control:
        yield Deliverer(control, Storage.from_settings(configured), spool_folder(configured))


def info() -> RoomInfo:
    return RoomInfo(session_id=uuid4(), tenant_id=uuid4(), last_sequence=0)


def spoken(number: int) -> Spoken:
    start_ms = START_MS + number * 1000
    caption = Caption(
        f"SG_TR_1_{start_ms}",
        str(PERSON),
        "TR_1",
        f"word {number}",
        "en",
        start_ms,
        start_ms + 500,
        True,
    )
    word = Word(start_unix_ms=start_ms, end_unix_ms=start_ms + 500, text=f"word {number}")
    return Spoken(caption, [word])


def texts(plane: FakeControlPlane, room: RoomInfo) -> list[str]:
    return [caption.text for caption in plane.captions.get(room.session_id, [])]


async def test_finals_reach_the_control_plane_in_order(
    plane: FakeControlPlane, configured: Settings, deliverer: Deliverer
) -> None:
    room = info()
    reports = Reports(room, spool_folder(configured), deliverer)
    for number in range(50):
        reports.caption(PERSON, spoken(number))
    await reports.close(within_s=10)
    assert texts(plane, room) == [f"word {number}" for number in range(50)]
    assert list(spool_folder(configured).iterdir()) == []


async def test_reports_wait_while_the_control_plane_is_away(
    plane: FakeControlPlane, configured: Settings, deliverer: Deliverer
) -> None:
    room = info()
    reports = Reports(room, spool_folder(configured), deliverer)
    plane.away = True
    for number in range(3):
        reports.caption(PERSON, spoken(number))
    await asyncio.sleep(0)
    assert texts(plane, room) == []
    plane.away = False
    await plane.until(lambda: len(texts(plane, room)) == 3, within_s=10)
    await reports.close(within_s=20)
    assert texts(plane, room) == ["word 0", "word 1", "word 2"]


async def test_what_a_job_left_behind_is_swept_once_and_without_duplicates(
    plane: FakeControlPlane, configured: Settings, deliverer: Deliverer
) -> None:
    room = info()
    files = SpeakerFiles(PERSON, Speaker(str(PERSON), "TR_1"))
    reports = Reports(room, spool_folder(configured), deliverer)
    reports.caption(PERSON, spoken(0))
    await plane.until(lambda: len(texts(plane, room)) == 1, within_s=20)
    plane.away = True
    reports.caption(PERSON, spoken(1))
    reports.segment(files, Segment(START_MS, 10_000, b"ogg"))
    await reports.close(within_s=0.2)
    assert len(list(spool_folder(configured).iterdir())) == 3
    plane.away = False
    # The same report again, as after a death between its delivery and its removal.
    again = Reports(room, spool_folder(configured), deliverer)
    again.caption(PERSON, spoken(0))
    await again.close(within_s=20)
    assert await sweep(spool_folder(configured), deliverer) == 2
    assert texts(plane, room) == ["word 0", "word 1"]
    assert len(plane.segments[room.session_id]) == 1
    assert await sweep(spool_folder(configured), deliverer) == 0
    assert list(spool_folder(configured).iterdir()) == []


async def test_the_sweep_leaves_living_jobs_alone(
    plane: FakeControlPlane, configured: Settings, deliverer: Deliverer
) -> None:
    plane.away = True
    reports = Reports(info(), spool_folder(configured), deliverer)
    reports.caption(PERSON, spoken(0))
    assert await sweep(spool_folder(configured), deliverer) == 0
    plane.away = False
    await reports.close(within_s=20)


async def test_a_segment_is_in_the_store_before_it_is_reported(
    plane: FakeControlPlane, configured: Settings, deliverer: Deliverer
) -> None:
    room = info()
    files = SpeakerFiles(PERSON, Speaker(str(PERSON), "TR_1"))
    reports = Reports(room, spool_folder(configured), deliverer)
    reports.segment(files, Segment(START_MS, 10_000, b"first"))
    reports.segment(files, Segment(START_MS + 10_000, 4_360, b"second"))
    await reports.close(within_s=20)
    storage = Storage.from_settings(configured)
    first, second = plane.segments[room.session_id]
    for report, data in ((first, b"first"), (second, b"second")):
        assert await storage.get(report.key) == data
        assert report.sha256 == hashlib.sha256(data).hexdigest()
        assert report.size_bytes == len(data)
    assert first.key.startswith(f"{room.tenant_id}/{room.session_id}/speakers/{PERSON}/TR_1/")
    assert second.started_at_unix_ms == first.started_at_unix_ms + first.duration_ms


async def test_a_manifest_beside_the_files_says_what_is_there_and_what_is_missing(
    plane: FakeControlPlane, configured: Settings, deliverer: Deliverer
) -> None:
    room, muted = info(), Gap(ms=1_500, reason="muted")
    files = SpeakerFiles(PERSON, Speaker(str(PERSON), "TR_1"))
    reports = Reports(room, spool_folder(configured), deliverer)
    reports.segment(files, Segment(START_MS, 10_000, b"first", drift_ms=12))
    await plane.until(lambda: room.session_id in plane.segments, within_s=20)
    plane.away = True
    reports.segment(files, Segment(START_MS + 11_500, 4_000, b"second", gap_before=muted))
    await reports.close(within_s=0.2)
    plane.away = False
    # The job is dead; another process, which never heard of the first file, delivers the second.
    async with ControlClient(configured, attempts=1) as control:
        storage = Storage.from_settings(configured)
        await sweep(spool_folder(configured), Deliverer(control, storage, spool_folder(configured)))
    (report, _) = plane.segments[room.session_id]
    folder, _, name = report.key.rpartition("/")
    stored = await storage.get(f"{folder}/manifest-{name.removesuffix('.ogg')}.json")
    manifest = msgspec.json.decode(stored, type=Manifest)
    assert (manifest.participant_id, manifest.track_sid) == (PERSON, "TR_1")
    assert [
        (s.started_at_unix_ms, s.duration_ms, s.drift_ms, s.gap_before) for s in manifest.segments
    ] == [(START_MS, 10_000, 12, None), (START_MS + 11_500, 4_000, 0, muted)]
    assert [s.sha256 for s in manifest.segments] == [
        s.sha256 for s in plane.segments[room.session_id]
    ]


async def test_a_store_that_is_away_for_a_minute_loses_nothing(
    plane: FakeControlPlane, configured: Settings, deliverer: Deliverer
) -> None:
    """Six files of ten seconds wait on disk, captions do not wait with them."""
    room, objects = info(), Path(configured.data_dir) / "objects"
    objects.rmdir()
    objects.write_bytes(b"no folder, so the store takes nothing")
    files = SpeakerFiles(PERSON, Speaker(str(PERSON), "TR_1"))
    reports = Reports(room, spool_folder(configured), deliverer)
    sound = [bytes([number]) * 50_000 for number in range(6)]
    for number, data in enumerate(sound):
        reports.segment(files, Segment(START_MS + number * 10_000, 10_000, data))
        reports.caption(PERSON, spoken(number))
    await plane.until(lambda: len(texts(plane, room)) == len(sound), within_s=20)
    assert room.session_id not in plane.segments
    objects.unlink()
    objects.mkdir()
    await reports.close(within_s=15)
    storage = Storage.from_settings(configured)
    stored = [await storage.get(report.key) for report in plane.segments[room.session_id]]
    assert stored == sound
    assert list(spool_folder(configured).iterdir()) == []


async def test_a_refused_report_is_set_aside_and_holds_up_nothing(
    plane: FakeControlPlane, configured: Settings, deliverer: Deliverer
) -> None:
    room = info()
    files = SpeakerFiles(PERSON, Speaker(str(PERSON), "TR_1"))
    reports = Reports(room, spool_folder(configured), deliverer)
    plane.refuse = lambda body: b"TR_1_1795262416534" in body or b'"sizeBytes":5' in body
    for number in range(4):
        reports.caption(PERSON, spoken(number))
    reports.segment(files, Segment(START_MS, 10_000, b"first"))
    reports.segment(files, Segment(START_MS + 10_000, 10_000, b"second"))
    await reports.close(within_s=20)
    assert texts(plane, room) == ["word 0", "word 2", "word 3"]
    assert [s.size_bytes for s in plane.segments[room.session_id]] == [len(b"second")]
    caption, segment = sorted(spool_folder(configured).glob("*.refused"))
    assert b"word 1" in caption.read_bytes()
    assert segment.read_bytes().count(b"\n") == 1


async def test_a_report_of_another_version_does_not_stop_the_sweep(
    plane: FakeControlPlane, configured: Settings, deliverer: Deliverer
) -> None:
    folder = spool_folder(configured)
    folder.mkdir()
    (folder / "old.captions.jsonl").write_bytes(b'{"sessionOf": 1}\n')
    assert await sweep(folder, deliverer) == 1
    assert [path.name for path in folder.iterdir()] == ["old.captions.refused"]
    assert plane.deliveries == 0


def test_an_index_is_never_taken_twice_even_by_a_job_that_starts_anew() -> None:
    speaker = Speaker(str(PERSON), "TR_1")
    files = SpeakerFiles(PERSON, speaker)
    first = [files.next_index(START_MS + offset) for offset in (0, 300, 600, 10_600)]
    assert first == sorted(set(first))
    restarted = SpeakerFiles(PERSON, speaker).next_index(START_MS + 21_000)
    assert restarted > first[-1]
