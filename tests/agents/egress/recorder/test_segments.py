"""The recording reaches the store in order; while the store is away it waits on disk."""

import asyncio
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from agents.egress.plan import Hls
from agents.egress.recorder import messages
from agents.egress.recorder.segments import IN_MEMORY, SegmentStore, begin_spool
from agents.egress.spool.folder import PLAYLIST, About, SpoolFolder
from tests.agents.egress.store import Store, ticks

HLS = Hls("t/s/", "seg", "index.m3u8")
LONG_NS = 3_500_000_000


class Full(SpoolFolder):
    """A disk without a byte to spare."""

    def has_room(self, size_bytes: int) -> bool:
        return False


@pytest.fixture
def said() -> list[messages.Report]:
    return []


@pytest.fixture
def objects() -> Store:
    return Store()


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[SpoolFolder]:
    spool = begin_spool(tmp_path / "EG_1", About(HLS, 2.0))
    assert spool is not None
    yield spool
    spool.close()


@pytest.fixture
def store(objects: Store, spool: SpoolFolder, said: list[messages.Report]) -> SegmentStore:
    return SegmentStore(objects.put, HLS, 2.0, spool, said.append)


def add(store: SegmentStore, numbers: range) -> None:
    for number in numbers:
        store.add(f"seg_{number}.ts", b"x" * 10)
        store.add("index.m3u8", f"list {number}\nseg_{number}.ts\n".encode())


async def test_totals_count_what_is_stored(
    store: SegmentStore, objects: Store, said: list[messages.Report], spool: SpoolFolder
) -> None:
    running = asyncio.create_task(store.run())
    for number in range(2):
        add(store, range(number, number + 1))
        await ticks()
    store.close()
    await running
    store.finish(LONG_NS)
    assert said == [
        messages.SegmentsStored(1, 10, 2_000_000_000),
        messages.SegmentsStored(2, 20, 4_000_000_000),
        messages.SegmentsStored(2, 20, LONG_NS),
    ]
    assert objects.keys == ["t/s/seg_0.ts", "t/s/index.m3u8", "t/s/seg_1.ts", "t/s/index.m3u8"]
    assert not spool.path.exists(), "nothing is left on disk"


async def test_a_store_that_was_away_gets_everything_in_order(
    store: SegmentStore, objects: Store, said: list[messages.Report], spool: SpoolFolder
) -> None:
    objects.away = True
    many = IN_MEMORY * 3
    running = asyncio.create_task(store.run())
    add(store, range(many))
    await ticks()
    assert (objects.keys, said) == ([], [])
    names = [f"seg_{number}.ts" for number in range(many)]
    assert spool.segments() == names
    assert spool.playlist().startswith(f"list {many - 1}\n")
    objects.away = False
    store.close()
    await running
    store.finish(LONG_NS)
    assert objects.keys == [*(f"t/s/{name}" for name in names), "t/s/index.m3u8"]
    assert objects.files["t/s/index.m3u8"].startswith(b"list 11\n")
    assert said[-1] == messages.SegmentsStored(many, 10 * many, LONG_NS)
    assert not spool.path.exists()


async def test_what_is_not_stored_at_the_end_stays_on_disk_and_counts(
    store: SegmentStore, objects: Store, said: list[messages.Report], spool: SpoolFolder
) -> None:
    running = asyncio.create_task(store.run())
    add(store, range(1))
    await ticks()
    objects.away = True
    add(store, range(1, 3))
    store.close()
    await ticks()
    running.cancel()
    store.finish(LONG_NS)
    assert said[-1] == messages.SegmentsStored(3, 30, LONG_NS)
    assert spool.segments() == ["seg_1.ts", "seg_2.ts"]
    assert spool.playlist().startswith("list 2\n")


@pytest.mark.parametrize("disk", ["full", "none"])
async def test_without_room_on_disk_memory_stays_bounded_and_a_gap_is_said(
    disk: str, objects: Store, said: list[messages.Report], tmp_path: Path
) -> None:
    objects.away = True
    (tmp_path / "file").write_text("")
    spool = (
        Full(tmp_path / "EG_1", About(HLS, 2.0))
        if disk == "full"
        else begin_spool(tmp_path / "file" / "EG_1", About(HLS, 2.0))
    )
    store = SegmentStore(objects.put, HLS, 2.0, spool, said.append)
    running = asyncio.create_task(store.run())
    add(store, range(IN_MEMORY + 1))
    objects.away = False
    store.close()
    await running
    store.finish(LONG_NS)
    assert objects.keys[:-1] == [f"t/s/seg_{number}.ts" for number in range(IN_MEMORY)]
    lost = f"list {IN_MEMORY}\n#EXT-X-GAP\nseg_{IN_MEMORY}.ts\n"
    assert objects.files["t/s/index.m3u8"].decode() == lost
    assert said[-1] == messages.SegmentsStored(IN_MEMORY, 10 * IN_MEMORY, LONG_NS)


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


def listed(prefix: str, names: list[str]) -> bytes:
    head = f'#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXT-X-MAP:URI="{prefix}_init.mp4"\n'
    return (head + "".join(f"#EXTINF:2.0,\n{name}\n" for name in names)).encode()


async def test_the_next_recorder_stores_what_the_dead_one_left_and_goes_on_with_its_playlist(
    tmp_path: Path, objects: Store, said: list[messages.Report]
) -> None:
    with closing(SpoolFolder(tmp_path / "EG_2", About(HLS, 2.0))) as dead:
        dead.keep("seg_0.m4s", b"old")
        dead.keep("seg_1.m4s", b"old")
        dead.keep(PLAYLIST, listed("seg", ["seg_0.m4s"]))
    spool = begin_spool(tmp_path / "EG_2", About(HLS, 2.0))
    store = SegmentStore(objects.put, HLS, 2.0, spool, said.append)
    store.add("seg-2_init.mp4", b"head")
    store.add("seg-2_0.m4s", b"new")
    store.add("index.m3u8", listed("seg-2", ["seg-2_0.m4s"]) + b"#EXT-X-ENDLIST\n")
    store.close()
    await store.run()
    store.finish(LONG_NS)
    assert objects.keys == [
        f"t/s/{name}"
        for name in ("seg_0.m4s", "seg_1.m4s", "seg-2_init.mp4", "seg-2_0.m4s", "index.m3u8")
    ]
    parts = [
        line
        for line in objects.files["t/s/index.m3u8"].decode().splitlines()
        if "EXTINF" not in line
    ]
    assert parts[2:] == [
        '#EXT-X-MAP:URI="seg_init.mp4"',
        "seg_0.m4s",
        "seg_1.m4s",
        "#EXT-X-DISCONTINUITY",
        '#EXT-X-MAP:URI="seg-2_init.mp4"',
        "seg-2_0.m4s",
        "#EXT-X-ENDLIST",
    ]
    assert said[-1] == messages.SegmentsStored(3, 13, LONG_NS)
    assert not (tmp_path / "EG_2").exists()
