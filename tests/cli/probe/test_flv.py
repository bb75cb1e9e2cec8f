"""What came when, read from an FLV file while a server still writes it."""

import time
from pathlib import Path

from orchestrator.cli.probe.flv import HEADER_BYTES, Watch, tags
from tests.support.waiting import eventually

AUDIO, VIDEO = 8, 9
HEADER, PICTURE = b"\x17\x00", b"\x17\x01"


def tag(kind: int, at_ms: int, content: bytes) -> bytes:
    size, low = len(content).to_bytes(3), (at_ms & 0xFFFFFF).to_bytes(3)
    head = bytes([kind]) + size + low + bytes([at_ms >> 24]) + b"\0\0\0"
    return head + content + (11 + len(content)).to_bytes(4)


async def seen(watch: Watch, count: int) -> None:
    async def all_of_them() -> bool:
        return len(watch.arrivals) >= count

    await eventually(all_of_them, within_s=30)


def test_only_whole_tags_are_read() -> None:
    data = tag(AUDIO, 0, b"a") + tag(VIDEO, 0, PICTURE)
    assert list(tags(data)) == [(0, 16), (16, 33)]
    assert list(tags(data[:-1])) == [(0, 16)]
    assert list(tags(b"")) == []


async def test_pictures_are_seen_as_they_come_and_nothing_else(tmp_path: Path) -> None:
    began_s = time.monotonic()
    async with Watch(tmp_path, "key") as watch:
        file = tmp_path / "key-1.flv"
        late = tag(VIDEO, 1 << 24, PICTURE)
        early = tag(VIDEO, 0, HEADER) + tag(AUDIO, 5, PICTURE) + tag(VIDEO, 7, PICTURE)
        file.write_bytes(b"\0" * HEADER_BYTES + early + late[:9])
        await seen(watch, 1)
        with file.open("ab") as growing:
            growing.write(late[9:])
        await seen(watch, 2)
    assert [one.at_ms for one in watch.arrivals] == [7, 1 << 24]
    assert began_s < watch.arrivals[0].seen_s < watch.arrivals[1].seen_s
