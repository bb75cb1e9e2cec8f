"""Signed links, ranges and playlists."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.core.crypto import Keyring
from orchestrator.core.hls.download import Part
from orchestrator.core.storage import Storage
from orchestrator.recordings.media import Media, Signer, byte_range, mime_type, rewrite
from orchestrator.settings import LONGEST_LINK_S, Secret, Settings

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
PLAYLIST = """#EXTM3U
#EXT-X-MAP:URI="init.mp4"
#EXTINF:2.0,
seg_0.m4s
#EXTINF:1.5,
seg_1.m4s
"""


class Time:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def media(tmp_path: Path) -> Media:
    storage = Storage.from_settings(Settings(storage_url=f"file://{tmp_path}"))
    return Media(storage, Signer(Keyring(Secret("ab" * 32)), clock=lambda: NOW))


def parse(link: str) -> tuple[str, int, str]:
    path, _, query = link.partition("?")
    fields = dict(part.split("=") for part in query.split("&"))
    return path.removeprefix("/media/"), int(fields["exp"]), fields["sig"]


def test_a_link_opens_its_object_for_ten_minutes_and_nothing_else() -> None:
    time = Time()
    signer = Signer(Keyring(Secret("ab" * 32)), clock=time)
    key, expires, signature = parse(signer.link("tenant/session/index.m3u8"))
    assert signer.allows(key, expires, signature)
    assert not signer.allows("tenant/session/other.m3u8", expires, signature)
    assert not signer.allows(key, expires + 1, signature)
    assert not signer.allows(key, expires, signature[:-1] + "_")
    assert not signer.allows(key, expires, "")
    other = Signer(Keyring(Secret("cd" * 32)), clock=time)
    assert not other.allows(key, expires, signature)
    time.now += timedelta(minutes=10, seconds=1)
    assert not signer.allows(key, expires, signature)


@given(st.integers(2, LONGEST_LINK_S), st.datetimes(datetime(2026, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_no_link_opens_for_longer_than_is_set(lifetime_s: int, now: datetime) -> None:
    time = Time()
    time.now = now
    signer = Signer(Keyring(Secret("ab" * 32)), timedelta(seconds=lifetime_s), time)
    for link, least_s in (
        (signer.link("t/a"), lifetime_s - 1),
        (signer.steady("t/a"), lifetime_s // 2 - 1),
    ):
        open_s = parse(link)[1] - now.timestamp()
        assert least_s <= open_s <= lifetime_s


def test_a_steady_link_stays_the_same_for_a_while() -> None:
    time = Time()
    signer = Signer(Keyring(Secret("ab" * 32)), clock=time)
    first = signer.steady("t/a")
    time.now += timedelta(minutes=4, seconds=59)
    assert signer.steady("t/a") == first
    time.now += timedelta(seconds=1)
    assert signer.steady("t/a") != first


async def test_what_the_store_itself_signs_opens_no_longer() -> None:
    storage = Storage.from_settings(
        Settings(
            storage_url="s3://lectern",
            s3_endpoint="http://127.0.0.1:9",
            s3_access_key=Secret("a"),
            s3_secret_key=Secret("b"),
        )
    )
    media = Media(storage, Signer(Keyring(Secret("ab" * 32))))
    signed = await media._part_link("t/s/seg_0.m4s", "seg_0.m4s")
    assert int(parse_qs(urlsplit(signed).query)["X-Amz-Expires"][0]) == LONGEST_LINK_S


@given(st.integers(1, 5_000), st.integers(0, 6_000), st.integers(0, 6_000))
def test_a_range_is_what_was_asked_for_or_refused(size: int, first: int, last: int) -> None:
    header = f"bytes={first}-{last}"
    if last < first:
        assert byte_range(header, size) is None
    elif first >= size:
        with pytest.raises(ValueError, match="outside"):
            byte_range(header, size)
    else:
        assert byte_range(header, size) == (first, min(last + 1, size))


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, None),
        ("bytes=5-", (5, 10)),
        ("bytes=-3", (7, 10)),
        ("bytes=-99", (0, 10)),
        ("bytes=-", None),
        ("bytes=0-1,3-4", None),
        ("items=0-1", None),
    ],
)
def test_other_kinds_of_range(header: str | None, expected: tuple[int, int] | None) -> None:
    assert byte_range(header, 10) == expected


async def test_the_bytes_of_many_parts_are_one_file(media: Media) -> None:
    content = [b"0123456789", b"abc", b"", b"XYZ"]
    for n, data in enumerate(content):
        await media._storage.put(f"t/s/speakers/p/TR/{n:06d}.ogg", data)
    parts = await media.parts("t/s/speakers/p/TR/all.ogg")
    assert [part.size_bytes for part in parts] == [10, 3, 0, 3]
    whole = b"".join(content)
    for start, end in ((0, 16), (8, 12), (9, 14), (12, 16), (3, 3)):
        read = b"".join([chunk async for chunk in media.read(parts, start, end)])
        assert read == whole[start:end]


async def test_a_large_object_comes_in_chunks(media: Media) -> None:
    data = bytes(range(256)) * 2_500
    await media._storage.put("t/s/seg.ts", data)
    chunks = [c async for c in media.read([Part("t/s/seg.ts", len(data))], 10, len(data))]
    assert len(chunks) > 1
    assert b"".join(chunks) == data[10:]


async def test_every_part_of_a_playlist_has_a_link_that_opens_it(media: Media) -> None:
    await media._storage.put("t/s/index.m3u8", PLAYLIST.encode())
    text = await media.playlist("t/s/index.m3u8", over=True)
    lines = text.splitlines()
    names = [line for line in lines if line and not line.startswith("#")]
    init = next(line for line in lines if "MAP" in line).split('"')[1]
    for link in (*names, init):
        name, expires, signature = parse(link)
        assert media._signer.allows(f"t/s/{name}", expires, signature)
    assert lines[-1] == "#EXT-X-ENDLIST"
    assert [line for line in lines if line.startswith("#EXTINF")] == [
        "#EXTINF:2.0,",
        "#EXTINF:1.5,",
    ]


def test_a_playlist_still_growing_stays_open_and_a_closed_one_is_closed_once() -> None:
    links = {"seg_0.m4s": "a", "seg_1.m4s": "b", "init.mp4": "c"}
    assert "ENDLIST" not in rewrite(PLAYLIST, links, over=False)
    closed = rewrite(PLAYLIST + "#EXT-X-ENDLIST\n", links, over=True)
    assert closed.count("#EXT-X-ENDLIST") == 1


def test_types_of_media() -> None:
    assert mime_type("a/b.m3u8") == "application/vnd.apple.mpegurl"
    assert mime_type("a/b.ts") == "video/mp2t"
    assert mime_type("a/b.exe") == "application/octet-stream"
