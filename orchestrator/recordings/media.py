"""Signed links to objects, and what a player gets behind them: ranges, playlists with signed parts, whole speaker tracks."""

import base64
import hashlib
import hmac
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import PurePosixPath
from urllib.parse import quote, urlencode

from orchestrator.core.clock import Clock, utc_now
from orchestrator.core.crypto import Keyring
from orchestrator.core.hls.download import Downloads, Part
from orchestrator.core.hls.fragments import placed
from orchestrator.core.hls.playlist import END, MAP_URI
from orchestrator.core.hls.programme import is_live, key_of, read_live, read_playlist
from orchestrator.core.storage import Storage
from orchestrator.recordings.domain import WHOLE_FILM, WHOLE_TRACK
from orchestrator.settings import LONGEST_LINK_S, Settings
from schema.errors import NotFound

LONGEST = timedelta(seconds=LONGEST_LINK_S)
CHUNK_BYTES = 256 * 1024
MIME = {
    ".m3u8": "application/vnd.apple.mpegurl",
    ".ts": "video/mp2t",
    ".m4s": "video/mp4",
    ".mp4": "video/mp4",
    ".ogg": "audio/ogg",
    ".json": "application/json",
    ".vtt": "text/vtt",
    ".srt": "application/x-subrip",
    ".txt": "text/plain",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".webp": "image/webp",
    ".jpeg": "image/jpeg",
}
RANGE = re.compile(r"bytes=(\d*)-(\d*)")


class Signer:
    """HMAC-SHA256 over key and expiry, with a key derived from the encryption key; nothing opens for longer than `lifetime`."""

    def __init__(
        self, keyring: Keyring, lifetime: timedelta = LONGEST, clock: Clock = utc_now
    ) -> None:
        self._key = keyring.derive("media links")
        self._clock = clock
        self.lifetime = lifetime

    def link(self, key: str) -> str:
        """A path on this server."""
        expires = int((self._clock() + self.lifetime).timestamp())
        return f"/media/{quote(key)}?{self._query(key, expires)}"

    def steady(self, key: str) -> str:
        """As `link`, and the same for whoever asks in the next while, so that nothing is loaded twice: it opens for half as long at least."""
        return f"/media/{quote(key)}?{self.steady_query(key)}"

    def steady_query(self, key: str) -> str:
        step_s = int(self.lifetime.total_seconds()) // 2
        return self._query(key, (int(self._clock().timestamp()) // step_s + 2) * step_s)

    def _query(self, key: str, expires: int) -> str:
        return urlencode({"exp": expires, "sig": self._signature(key, expires)})

    def allows(self, key: str, expires: int, signature: str) -> bool:
        fresh = expires >= self._clock().timestamp()
        right = hmac.compare_digest(self._signature(key, expires).encode(), signature.encode())
        return fresh and right

    def _signature(self, key: str, expires: int) -> str:
        digest = hmac.digest(self._key, f"{key}\n{expires}".encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


class Media:
    """Reads what a link points to. Raises NotFound, StorageUnavailable."""

    def __init__(self, storage: Storage, signer: Signer) -> None:
        self._storage = storage
        self._signer = signer
        self._downloads = Downloads(storage)

    async def parts(self, key: str) -> list[Part]:
        """The objects whose bytes, one after the other, are the answer: one, or all segments of a speaker's track.

        Ogg files may be chained (RFC 3533), so that closed segments are together one file; so are the header, an
        index and the fragments of an MP4.
        """
        folder, _, name = key.rpartition("/")
        if film := WHOLE_FILM.fullmatch(name):
            return await self._downloads.parts(folder, int(film[1]))
        if name != WHOLE_TRACK:
            return [Part(key, await self._storage.size(key))]
        keys = [name for name in await self._storage.list(folder) if name.endswith(".ogg")]
        if not keys:
            raise NotFound("There is no such object.")
        return [Part(name, await self._storage.size(name)) for name in keys]

    async def read(self, parts: list[Part], start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes [start, end) of the parts put together, in chunks."""
        offset = 0
        for part in parts:
            first, last = max(start - offset, 0), min(end - offset, part.size_bytes)
            if part.place is not None and first < last:
                whole = placed(await self._storage.get(part.key), part.place)
                yield whole[first:last]
            else:
                for at in range(first, last, CHUNK_BYTES):
                    yield await self._bytes(part, at, min(at + CHUNK_BYTES, last))
            offset += part.size_bytes

    async def _bytes(self, part: Part, start: int, end: int) -> bytes:
        if part.made is not None:
            return part.made[start:end]
        return await self._storage.get_range(part.key, start, end)

    async def playlist(self, key: str, *, over: bool) -> str:
        """An HLS playlist whose parts are signed; closed when it is `over`, whatever recorders that died wrote."""
        read = read_live if is_live(key) else read_playlist
        text = await read(self._storage, key)
        folder = key.rpartition("/")[0]
        links = {
            name: await self._part_link(key_of(folder, name), name)
            for name in sorted(part_names(text))
        }
        return rewrite(text, links, over=over)

    async def _part_link(self, key: str, name: str) -> str:
        if self._storage.signs:
            return await self._storage.signed_url(key, self._signer.lifetime)
        # A player reads a growing playlist every two seconds, and would load a header anew under each new address.
        return f"{quote(name)}?{self._signer.steady_query(key)}"


def public_base(settings: Settings, asked: str) -> str:
    """What links start with; `asked` is the address of this request, which in production may be a proxy's."""
    return (settings.public_url if settings.mode == "production" else asked).rstrip("/")


def part_names(playlist: str) -> set[str]:
    lines = playlist.splitlines()
    named = {line for line in lines if line and not line.startswith("#")}
    return named | {match[2] for line in lines if (match := MAP_URI.search(line))}


def rewrite(playlist: str, links: dict[str, str], *, over: bool) -> str:
    lines = [_rewrite_line(line, links) for line in playlist.splitlines() if line != END]
    return "\n".join([*lines, *([END] if over else [])]) + "\n"


def _rewrite_line(line: str, links: dict[str, str]) -> str:
    if line.startswith("#"):
        return MAP_URI.sub(lambda match: f"{match[1]}{links[match[2]]}{match[3]}", line)
    return links.get(line, line)


def mime_type(key: str) -> str:
    return MIME.get(PurePosixPath(key).suffix, "application/octet-stream")


def byte_range(header: str | None, size: int) -> tuple[int, int] | None:
    """The half-open range that one `Range` header asks for; None for none or a kind we need not honour.

    Raises ValueError when it lies outside (RFC 9110: answer 416).
    """
    match = RANGE.fullmatch(header.strip()) if header else None
    if match is None or (not match[1] and not match[2]):
        return None
    if not match[1]:
        start, end = max(0, size - int(match[2])), size
    else:
        start = int(match[1])
        end = min(size, int(match[2]) + 1) if match[2] else size
        if match[2] and int(match[2]) < start:
            return None
    if start >= end:
        raise ValueError("outside the object")
    return start, end
