"""The recording reaches the store in order, also when the store was away."""

import asyncio
from pathlib import Path

import msgspec
import pytest

from agents.egress.plan import Hls
from agents.egress.recorder import messages
from agents.egress.recorder.segments import SegmentStore
from orchestrator.core.storage import Storage
from orchestrator.settings import Settings

HLS = Hls("t/s/", "seg", "index.m3u8")


@pytest.fixture
def said() -> list[messages.Report]:
    return []


@pytest.fixture
def store(tmp_path: Path, said: list[messages.Report]) -> SegmentStore:
    storage = Storage.from_settings(Settings(storage_url=f"file://{tmp_path}/objects"))
    return SegmentStore(storage, HLS, 2.0, said.append)


async def test_totals_count_what_is_stored(
    store: SegmentStore, said: list[messages.Report], tmp_path: Path
) -> None:
    for number in range(2):
        store.add(f"seg_{number}.ts", b"x" * 10)
        store.add("index.m3u8", f"list {number}".encode())
    store.close()
    await store.run()
    store.finish(3_500_000_000)
    assert said == [
        messages.SegmentsStored(1, 10, 2_000_000_000),
        messages.SegmentsStored(2, 20, 4_000_000_000),
        messages.SegmentsStored(2, 20, 3_500_000_000),
    ]
    assert (tmp_path / "objects/t/s/index.m3u8").read_text() == "list 1"


async def test_a_store_that_was_away_gets_everything_later(
    store: SegmentStore, said: list[messages.Report], tmp_path: Path
) -> None:
    blocked = tmp_path / "objects/t"  # a file where a folder must be: nothing can be put
    blocked.write_text("")
    store.add("seg_0.ts", b"x")
    store.add("index.m3u8", b"list")
    store.close()
    running = asyncio.create_task(store.run())
    await asyncio.wait([running], timeout=0.2)
    assert not running.done()
    assert said == []
    blocked.unlink()
    await running
    assert (tmp_path / "objects/t/s/seg_0.ts").read_bytes() == b"x"
    assert said == [messages.SegmentsStored(1, 1, 2_000_000_000)]


@pytest.mark.parametrize(
    "line",
    [
        messages.Stop(3.0),
        messages.RemoveTarget("ST_1"),
        messages.Ended("Failure", "broken"),
        messages.SegmentsStored(1, 2, 3),
    ],
)
def test_lines_between_worker_and_recorder_survive_json(line: msgspec.Struct) -> None:
    kind = messages.Command if isinstance(line, messages.Command) else messages.Report
    assert msgspec.json.decode(msgspec.json.encode(line), type=kind) == line
