import io
import re
from datetime import datetime
from pathlib import Path

import av
import pytest

from agents.media.mux import Chunk, boxes, split_at_keyframes
from agents.media.segmenter import Segmenter
from tests.agents.media.studio import ORIGIN_S, RED, Studio, decode, flat


@pytest.fixture(scope="module")
def lesson() -> Studio:
    """5.5 seconds: two whole GOPs and a part."""
    studio = Studio()
    studio.engine.add_source("a", "Ada")
    studio.run(0.0, 5.5, lambda engine, now_s: engine.push_video("a", flat(RED), ORIGIN_S + now_s))
    studio.finish()
    return studio


@pytest.fixture(scope="module")
def files(lesson: Studio) -> list[tuple[str, bytes]]:
    """What the segmenter wrote, in order."""
    written: list[tuple[str, bytes]] = []
    segmenter = Segmenter(
        lambda name, data: written.append((name, data)),
        segment_s=2.0,
        started_at_ns=1_795_262_069_469_000_000,
    )
    live, rest = lesson.pieces[:-1], lesson.pieces[-1:]
    for piece in live:
        segmenter.feed(piece)
    segmenter.close(rest, 5.5)
    assert segmenter.count == 3
    return written


def segments(files: list[tuple[str, bytes]]) -> list[bytes]:
    return [data for name, data in files if name.endswith(".m4s")]


def test_each_segment_comes_before_the_playlist_that_names_it(
    files: list[tuple[str, bytes]],
) -> None:
    assert [name for name, _ in files] == [
        "seg_init.mp4",
        "seg_00000.m4s",
        "index.m3u8",
        "seg_00001.m4s",
        "index.m3u8",
        "seg_00002.m4s",
        "index.m3u8",
    ]


def test_each_segment_plays_from_its_first_frame_after_the_header_alone(
    files: list[tuple[str, bytes]],
) -> None:
    header = files[0][1]
    for number, (data, frames) in enumerate(zip(segments(files), (60, 60, 45), strict=True)):
        decoded = decode(header + data)
        assert decoded.pts_s[0] == pytest.approx(2.0 * number, abs=1e-4)
        assert decoded.sound_start_s == pytest.approx(2.0 * number, abs=0.022)
        assert decoded.keys == [0]
        assert len(decoded.frames) == frames
        assert decoded.yuv_at(frames - 1, 640, 300) == pytest.approx(RED, abs=6)
        assert len(decoded.sound) > 0


def test_the_header_tells_a_browser_how_to_decode_the_sound(files: list[tuple[str, bytes]]) -> None:
    """ISO 14496-3, 1.6.2.1: AAC-LC, 48 kHz, two channels; libav plays without it, Media Source Extensions do not."""
    with av.open(io.BytesIO(files[0][1] + segments(files)[0])) as film:
        told = film.streams.audio[0].codec_context.extradata
    assert told is not None
    bits = int.from_bytes(told[:2])
    assert (bits >> 11, bits >> 7 & 0xF, bits >> 3 & 0xF) == (2, 3, 2)


def test_the_header_tells_a_browser_how_large_the_picture_is(
    files: list[tuple[str, bytes]],
) -> None:
    """ISO 14496-12, 8.3.2: the track header ends with width and height as 16.16; browsers stretch the picture to them."""
    header = files[0][1]
    at = header.index(b"tkhd") - 4
    told = header[at : at + int.from_bytes(header[at : at + 4])][-8:]
    assert (int.from_bytes(told[:4]) >> 16, int.from_bytes(told[4:]) >> 16) == (1280, 720)


def test_the_segments_joined_are_the_programme(
    lesson: Studio, files: list[tuple[str, bytes]]
) -> None:
    joined = files[0][1] + b"".join(segments(files))
    assert joined == lesson.recording
    whole = decode(joined)
    assert len(whole.frames) == 165
    assert whole.pts_s == pytest.approx([n / 30 for n in range(165)], abs=1e-4)
    assert [whole.pts_s[key] for key in whole.keys] == pytest.approx([0.0, 2.0, 4.0])


def test_the_playlist_grows_while_live_and_is_closed_at_the_end(
    files: list[tuple[str, bytes]],
) -> None:
    playlists = [data.decode() for name, data in files if name == "index.m3u8"]
    assert [len(re.findall("#EXTINF", text)) for text in playlists] == [1, 2, 3]
    assert ["#EXT-X-ENDLIST" in text for text in playlists] == [False, False, True]
    assert all("#EXT-X-PLAYLIST-TYPE:EVENT" in text for text in playlists)
    durations = [float(d) for d in re.findall(r"#EXTINF:([\d.]+),", playlists[-1])]
    assert durations == [2.0, 2.0, 1.5]


def test_the_playlist_says_when_its_first_frame_was(files: list[tuple[str, bytes]]) -> None:
    found = re.search("#EXT-X-PROGRAM-DATE-TIME:(.+)", files[-1][1].decode())
    assert found is not None
    began = datetime.fromisoformat(found[1])
    assert began.timestamp() == pytest.approx(1_795_262_069.469)


def test_a_player_reads_the_whole_from_the_playlist(
    files: list[tuple[str, bytes]], tmp_path: Path
) -> None:
    for name, data in files:
        (tmp_path / name).write_bytes(data)
    with av.open(str(tmp_path / "index.m3u8")) as container:
        assert (container.duration or 0) / 1e6 == pytest.approx(5.5)
        assert sum(1 for _ in container.decode(video=0)) == 165


def test_nothing_is_written_for_a_programme_that_never_began() -> None:
    written: list[str] = []
    Segmenter(lambda name, _data: written.append(name), 2.0).close([], 0.0)
    assert written == []


def test_the_index_that_ends_a_file_is_in_no_segment(lesson: Studio) -> None:
    kinds = [kind for piece in lesson.pieces for kind, _, _ in boxes(piece.data)]
    assert kinds == [b"ftyp", b"moov", *[b"moof", b"mdat"] * 3]


def test_chunks_are_cut_only_before_tables(lesson: Studio) -> None:
    stream = b"".join(chunk.data for chunk in lesson.chunks)
    chunks = split_at_keyframes(stream)
    assert [chunk.key for chunk in chunks] == [True, True, True]
    assert b"".join(chunk.data for chunk in chunks) == stream
    assert split_at_keyframes(b"") == []
    headless = stream[188 * 4 : 188 * 6]
    assert split_at_keyframes(headless) == [Chunk(headless, key=False)]
    with av.open(io.BytesIO(chunks[1].data), "r") as container:
        assert next(container.decode(video=0)).key_frame
