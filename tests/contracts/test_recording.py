"""What the recorder writes is what the replay serves: its playlist, and all of it as one MP4 file."""

from pathlib import Path

import av
import pytest

from agents.media.segmenter import Segmenter
from orchestrator.core.crypto import Keyring
from orchestrator.core.hls.runs import Run, runs
from orchestrator.core.storage import Storage
from orchestrator.recordings.media import Media, Signer
from orchestrator.settings import Secret, Settings
from schema.errors import NotFound
from tests.agents.media.studio import ORIGIN_S, RED, Studio, decode, flat, tone

FOLDER = "tenant/session/programme/1"
LENGTH_S = 5.5


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    studio = Studio()
    written: dict[str, bytes] = {}
    studio.engine.add_source("a", "Ada")
    studio.run(
        0.0,
        LENGTH_S,
        lambda engine, now_s: engine.push_video("a", flat(RED), ORIGIN_S + now_s),
        lambda engine, now_s: engine.push_audio("a", tone(now_s, 0.01), ORIGIN_S + now_s),
    )
    studio.finish()
    segmenter = Segmenter(written.__setitem__, 2.0)
    for piece in studio.pieces[:-1]:
        segmenter.feed(piece)
    segmenter.close(studio.pieces[-1:], LENGTH_S)
    return written


@pytest.fixture
async def media(tmp_path: Path, files: dict[str, bytes]) -> Media:
    storage = Storage.from_settings(Settings(storage_url=tmp_path.as_uri()))
    for name, data in files.items():
        await storage.put(f"{FOLDER}/{name}", data)
    return Media(storage, Signer(Keyring(Secret("ab" * 32))))


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


def test_each_run_of_a_recorder_is_a_file_and_what_is_lost_is_in_none() -> None:
    lines = ["#EXTM3U", '#EXT-X-MAP:URI="seg_init.mp4"', "#EXTINF:2.0,", "seg_00000.m4s"]
    lines += ["#EXT-X-GAP", "#EXTINF:2.0,", "seg_00001.m4s", "#EXTINF:2.0,", "seg_00002.m4s"]
    lines += ["#EXT-X-DISCONTINUITY", '#EXT-X-MAP:URI="two_init.mp4"', "#EXTINF:2.0,"]
    assert runs("\n".join([*lines, "two_00000.m4s"])) == [
        Run("seg_init.mp4", {"seg_00000.m4s": 4000, "seg_00002.m4s": 2000}),
        Run("two_init.mp4", {"two_00000.m4s": 2000}),
    ]
    assert runs("\n".join(lines)) == [
        Run("seg_init.mp4", {"seg_00000.m4s": 4000, "seg_00002.m4s": 2000})
    ]
    assert runs("#EXTM3U\n#EXTINF:2.0,\nseg_00000.ts\n") == []
