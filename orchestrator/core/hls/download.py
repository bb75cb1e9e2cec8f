"""A film as one file: the objects whose bytes it is put together from. Players and downloads ask for it range by range, so that
what it takes to know them is read once for many."""

import time
from collections.abc import Callable
from math import inf

import msgspec

from orchestrator.core.hls.film import Film, read_films
from orchestrator.core.hls.fragments import Place, timescales
from orchestrator.core.hls.programme import PLAYLIST, key_of, read_playlist
from orchestrator.core.hls.seeking import Fragment, index
from orchestrator.core.storage import Storage
from schema.errors import NotFound

# What a dead machine brings late is in it so soon; a file that changes under a download would be worse than one without it.
KNOWN_S = 60.0
# Of an hour each is some 400 KB.
MOST = 32


class Part(msgspec.Struct, frozen=True):
    """`made` are the bytes of one that is in no store, `place` is another one than its recorder gave it."""

    key: str
    size_bytes: int
    made: bytes | None = None
    place: Place | None = None


class Downloads:
    def __init__(self, storage: Storage, clock: Callable[[], float] = time.monotonic) -> None:
        self._storage = storage
        self._clock = clock
        self._known: dict[tuple[str, int], tuple[float, list[Part]]] = {}

    async def parts(self, folder: str, number: int) -> list[Part]:
        """Of the n-th film, from 1 on, of the recording with its playlist there. Raises NotFound, StorageUnavailable."""
        read_at, parts = self._known.get((folder, number), (-inf, []))
        if self._clock() - read_at < KNOWN_S:
            return parts
        parts = await self._read(folder, number)
        self._known.pop((folder, number), None)
        self._known[folder, number] = self._clock(), parts
        if len(self._known) > MOST:
            self._known.pop(next(iter(self._known)))
        return parts

    async def _read(self, folder: str, number: int) -> list[Part]:
        playlist = await read_playlist(self._storage, f"{folder}/{PLAYLIST}")
        found = await read_films(self._storage, folder, playlist)
        if not 1 <= number <= len(found):
            raise NotFound("There is no such object.")
        film = found[number - 1]
        fragments = await self._fragments(folder, film)
        made = index(film.header, [Fragment(part.size_bytes, ms) for part, ms in fragments])
        return [_made(film.header), _made(made), *(part for part, _ in fragments)]

    async def _fragments(self, folder: str, film: Film) -> list[tuple[Part, int]]:
        """Those that are there, with their lengths in ms."""
        sizes: dict[str, int] = {}
        for one in {key_of(folder, run.header).rpartition("/")[0] for run in film.runs}:
            sizes |= await self._storage.sizes(one)
        scales = timescales(film.header)
        parts: list[tuple[Part, int]] = []
        for name, length_ms, begin_ms in film.segments():
            if (key := key_of(folder, name)) in sizes:
                place = Place(len(parts) + 1, begin_ms, scales) if begin_ms else None
                parts.append((Part(key, sizes[key], place=place), length_ms))
        return parts


def _made(data: bytes) -> Part:
    return Part("", len(data), data)
