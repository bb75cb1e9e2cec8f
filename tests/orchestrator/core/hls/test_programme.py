"""A recording that several egresses carried is read as one, also when a machine brings its part late."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from orchestrator.core.hls.playlist import length_ms, missing_ms
from orchestrator.core.hls.programme import key_of, read_playlist
from orchestrator.core.storage import Storage
from orchestrator.settings import Settings
from schema.errors import NotFound

PROGRAMME = "tenant/session/programme"
FIRST = f"{PROGRAMME}/1/index.m3u8"
NOON_S = 1_795_262_400


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage.from_settings(Settings(storage_url=tmp_path.as_uri()))


async def put(
    storage: Storage, attempt: int, count: int, begins_s: float, *, ended: bool = False
) -> None:
    """As a recorder leaves it, with segments of two seconds."""
    date = datetime.fromtimestamp(NOON_S + begins_s, UTC).isoformat(timespec="milliseconds")
    lines = ["#EXTM3U", "#EXT-X-TARGETDURATION:2", '#EXT-X-MAP:URI="seg_init.mp4"']
    lines.append(f"#EXT-X-PROGRAM-DATE-TIME:{date}")
    for number in range(count):
        lines += ["#EXTINF:2.000000,", f"seg_{number:05d}.m4s"]
    text = "\n".join([*lines, *["#EXT-X-ENDLIST"][: int(ended)]]) + "\n"
    await storage.put(f"{PROGRAMME}/{attempt}/index.m3u8", text.encode())


def named(playlist: str) -> list[str]:
    names = (line for line in playlist.splitlines() if not line.startswith("#"))
    return [key_of(f"{PROGRAMME}/1", name) for name in names if "missing" not in name]


def expected(*parts: tuple[int, int]) -> list[str]:
    return [f"{PROGRAMME}/{a}/seg_{n:05d}.m4s" for a, count in parts for n in range(count)]


async def test_what_another_worker_went_on_with_is_the_same_playlist(storage: Storage) -> None:
    await put(storage, 1, 3, 0, ended=True)
    await put(storage, 2, 2, 9, ended=True)
    await put(storage, 10, 1, 20)
    whole = await read_playlist(storage, FIRST)
    assert named(whole) == expected((1, 3), (2, 2), (10, 1))
    assert length_ms(whole) == 22_000
    assert missing_ms(whole) == 3_000 + 7_000
    assert "#EXT-X-ENDLIST" not in whole
    assert whole.count("#EXT-X-DISCONTINUITY") == 2
    headers = [line.split('"')[1] for line in whole.splitlines() if "MAP" in line]
    assert [key_of(f"{PROGRAMME}/1", name) for name in headers] == [
        f"{PROGRAMME}/{attempt}/seg_init.mp4" for attempt in (1, 2, 10)
    ]


async def test_what_a_dead_machine_brings_late_takes_its_place(storage: Storage) -> None:
    await put(storage, 1, 3, 0)
    await put(storage, 2, 1, 20, ended=True)
    before = await read_playlist(storage, FIRST)
    assert named(before) == expected((1, 3), (2, 1))
    await put(storage, 1, 7, 0, ended=True)
    after = await read_playlist(storage, FIRST)
    assert named(after) == expected((1, 7), (2, 1))
    assert length_ms(before) == length_ms(after) == 22_000
    assert after.endswith("#EXT-X-ENDLIST\n")


async def test_an_attempt_that_showed_nothing_leaves_no_mark(storage: Storage) -> None:
    await put(storage, 2, 2, 0)
    await storage.put(f"{PROGRAMME}/3/seg_init.mp4", b"header")
    whole = await read_playlist(storage, f"{PROGRAMME}/2/index.m3u8")
    assert whole.count("#EXT-X-DISCONTINUITY") == 0
    assert [line for line in whole.splitlines() if line.endswith(".m4s")] == [
        "seg_00000.m4s",
        "seg_00001.m4s",
    ]
    with pytest.raises(NotFound):
        await read_playlist(storage, FIRST)
