"""What the recorder writes is what the replay serves: its playlist, and all of it as one MP4 file."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import av
import pytest

from agents.media.segmenter import Segmenter
from orchestrator.core.crypto import Keyring
from orchestrator.core.hls.download import Downloads
from orchestrator.core.hls.playlist import continued
from orchestrator.core.hls.programme import PLAYLIST
from orchestrator.core.hls.runs import Run, runs
from orchestrator.core.storage import Storage
from orchestrator.recordings.media import Media, Signer
from orchestrator.settings import Secret, Settings
from schema.errors import NotFound
from tests.agents.media.studio import GREEN, RED, Studio, decode
from tests.support.programme import record

WentOn = Callable[[Storage, dict[str, bytes], dict[str, bytes]], Awaitable[None]]

FOLDER = "tenant/session/programme/1"
OF_ANOTHER_WORKER = "tenant/session/programme/2"
BEGIN_S, LENGTH_S, GAP_S = 1_700_000_000.0, 5.5, 3.0


def recorded(color: tuple[int, int, int], prefix: str, begin_s: float) -> dict[str, bytes]:
    """All that one recorder writes."""
    written: dict[str, bytes] = {}
    segmenter = Segmenter(written.__setitem__, 2.0, prefix, started_at_ns=round(begin_s * 1e9))
    record(Studio(), color, LENGTH_S, segmenter)
    return written


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return recorded(RED, "seg", BEGIN_S)


@pytest.fixture(scope="module")
def more() -> dict[str, bytes]:
    return recorded(GREEN, "seg-2", BEGIN_S + LENGTH_S + GAP_S)


@pytest.fixture
async def media(tmp_path: Path, files: dict[str, bytes]) -> Media:
    storage = Storage.from_settings(Settings(storage_url=tmp_path.as_uri()))
    await store(storage, FOLDER, files)
    return Media(storage, Signer(Keyring(Secret("ab" * 32))))


async def store(storage: Storage, folder: str, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        await storage.put(f"{folder}/{name}", data)


async def whole(media: Media, number: int) -> bytes:
    parts = await media.parts(f"{FOLDER}/programme-{number}.mp4")
    size = sum(part.size_bytes for part in parts)
    return b"".join([chunk async for chunk in media.read(parts, 0, size)])


async def test_the_whole_class_is_one_file_that_plays(media: Media) -> None:
    played = decode(await whole(media, 1))
    assert len(played.frames) == 165
    assert played.pts_s == pytest.approx([n / 30 for n in range(165)], abs=1e-4)
    assert played.yuv_at(100, 640, 300) == pytest.approx(RED, abs=6)
    assert len(played.sound) / 48_000 == pytest.approx(LENGTH_S, abs=0.05)
    with pytest.raises(NotFound):
        await media.parts(f"{FOLDER}/programme-2.mp4")


async def test_the_file_says_how_long_it_is_and_where_each_place_lies(
    media: Media, tmp_path: Path
) -> None:
    file = tmp_path / "class.mp4"
    file.write_bytes(await whole(media, 1))
    with av.open(str(file)) as container:
        assert container.duration == pytest.approx(LENGTH_S * av.time_base, rel=0.02)
        container.seek(int(4.5 * av.time_base))
        packet = next(container.demux(video=0))
        assert packet.is_keyframe
        assert packet.time_base is not None
        assert float((packet.pts or 0) * packet.time_base) == pytest.approx(4.0, abs=0.05)


async def by_the_same_worker(
    storage: Storage, files: dict[str, bytes], more: dict[str, bytes]
) -> None:
    both = continued(files[PLAYLIST].decode(), more[PLAYLIST].decode())
    await store(storage, FOLDER, {**more, PLAYLIST: both.encode()})


async def by_another_worker(
    storage: Storage, files: dict[str, bytes], more: dict[str, bytes]
) -> None:
    await store(storage, OF_ANOTHER_WORKER, more)


@pytest.mark.parametrize("went_on", [by_the_same_worker, by_another_worker])
async def test_a_class_whose_recorder_was_killed_is_one_file_with_the_gap_in_its_place(
    media: Media, files: dict[str, bytes], more: dict[str, bytes], went_on: WentOn, tmp_path: Path
) -> None:
    await went_on(media._storage, files, more)
    data = await whole(media, 1)
    played = decode(data)
    gap = [n / 30 for n in range(165)] + [LENGTH_S + GAP_S + n / 30 for n in range(165)]
    assert played.pts_s == pytest.approx(gap, abs=1e-3)
    assert played.yuv_at(100, 640, 300) == pytest.approx(RED, abs=6)
    assert played.yuv_at(300, 640, 300) == pytest.approx(GREEN, abs=6)
    file = tmp_path / "class.mp4"
    file.write_bytes(data)
    with av.open(str(file)) as container:
        assert container.duration == pytest.approx(14.0 * av.time_base, rel=0.02)
        container.seek(int(12.9 * av.time_base))
        packet = next(container.demux(video=0))
        assert packet.is_keyframe
        assert packet.time_base is not None
        assert float((packet.pts or 0) * packet.time_base) == pytest.approx(12.5, abs=0.05)
    with pytest.raises(NotFound):
        await media.parts(f"{FOLDER}/programme-2.mp4")


async def test_any_range_of_it_is_that_part_of_the_file(
    media: Media, files: dict[str, bytes], more: dict[str, bytes]
) -> None:
    await by_the_same_worker(media._storage, files, more)
    parts = await media.parts(f"{FOLDER}/programme-1.mp4")
    data = await whole(media, 1)
    size = len(data)
    for start, end in ((0, 10), (size // 2 - 7, size // 2 + 50_000), (size - 3, size)):
        read = b"".join([chunk async for chunk in media.read(parts, start, end)])
        assert read == data[start:end]


class Counting(Storage):
    """Counts what is asked of the store."""

    asked = 0

    async def get(self, key: str) -> bytes:
        self.asked += 1
        return await super().get(key)

    async def get_range(self, key: str, start: int, end: int) -> bytes:
        self.asked += 1
        return await super().get_range(key, start, end)

    async def sizes(self, prefix: str) -> dict[str, int]:
        self.asked += 1
        return await super().sizes(prefix)

    async def folders(self, prefix: str) -> tuple[str, ...]:
        self.asked += 1
        return await super().folders(prefix)


@pytest.mark.parametrize("went_on", [by_the_same_worker, by_another_worker])
async def test_a_range_costs_what_it_serves(
    files: dict[str, bytes], more: dict[str, bytes], went_on: WentOn, tmp_path: Path
) -> None:
    storage = Counting.from_settings(Settings(storage_url=tmp_path.as_uri()))
    assert isinstance(storage, Counting)
    await store(storage, FOLDER, files)
    await went_on(storage, files, more)
    media = Media(storage, Signer(Keyring(Secret("ab" * 32))))
    size = len(await whole(media, 1))
    # One of each run: as its recorder wrote it, and moved to its place; the header is known.
    for start, reads in ((0, 0), (size // 4, 1), (size * 3 // 4, 1)):
        before = storage.asked
        parts = await media.parts(f"{FOLDER}/programme-1.mp4")
        read = b"".join([chunk async for chunk in media.read(parts, start, start + 10)])
        assert (len(read), storage.asked - before) == (10, reads)


async def test_what_comes_late_is_in_the_file_a_minute_after_it_was_asked_for(
    files: dict[str, bytes], more: dict[str, bytes], tmp_path: Path
) -> None:
    now_s = 0.0
    storage = Storage.from_settings(Settings(storage_url=tmp_path.as_uri()))
    downloads = Downloads(storage, lambda: now_s)
    await store(storage, FOLDER, files)
    before = await downloads.parts(FOLDER, 1)
    await by_another_worker(storage, files, more)
    now_s = 59.0
    assert await downloads.parts(FOLDER, 1) == before
    now_s = 60.0
    after = await downloads.parts(FOLDER, 1)
    assert len(after) == 2 * len(before) - 2


async def test_what_needs_another_header_is_another_file(
    media: Media, files: dict[str, bytes], more: dict[str, bytes]
) -> None:
    other = more | {"seg-2_init.mp4": more["seg-2_init.mp4"].replace(b"iso6mp41", b"iso5mp41")}
    await by_the_same_worker(media._storage, files, other)
    assert decode(await whole(media, 1)).yuv_at(100, 640, 300) == pytest.approx(RED, abs=6)
    assert decode(await whole(media, 2)).yuv_at(100, 640, 300) == pytest.approx(GREEN, abs=6)


def test_a_recorder_has_its_place_in_the_playlist_and_what_is_lost_belongs_to_what_was_before() -> (
    None
):
    lines = ["#EXTM3U", '#EXT-X-MAP:URI="seg_init.mp4"', "#EXTINF:2.0,", "seg_00000.m4s"]
    lines += ["#EXT-X-GAP", "#EXTINF:2.0,", "seg_00001.m4s", "#EXTINF:2.0,", "seg_00002.m4s"]
    lines += ["#EXT-X-DISCONTINUITY", '#EXT-X-MAP:URI="two_init.mp4"', "#EXTINF:2.0,"]
    assert runs("\n".join([*lines, "two_00000.m4s"])) == [
        Run("seg_init.mp4", {"seg_00000.m4s": 4000, "seg_00002.m4s": 2000}),
        Run("two_init.mp4", {"two_00000.m4s": 2000}, begin_ms=6000),
    ]
    assert runs("\n".join(lines)) == [
        Run("seg_init.mp4", {"seg_00000.m4s": 4000, "seg_00002.m4s": 2000})
    ]
    assert runs(
        "#EXTM3U\n#EXTINF:2.0,\nseg_00000.ts\n#EXT-X-DISCONTINUITY\n#EXTINF:1.0,\nb.ts\n"
    ) == [
        Run("", {"seg_00000.ts": 2000}),
        Run("", {"b.ts": 1000}, begin_ms=2000),
    ]
