"""The programme as films: all that recorders wrote one after the other is one, as long as a player needs one header for it."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress

import msgspec

from orchestrator.core.hls.programme import key_of
from orchestrator.core.hls.runs import Run, runs
from orchestrator.core.storage import Storage
from schema.errors import NotFound


class Film(msgspec.Struct, frozen=True):
    """Of at least one run, whose headers are all this one; without one for MPEG-TS."""

    header: bytes
    runs: list[Run]

    def begin_ms(self, run: Run) -> int:
        """How long after the film's begin one of its runs has its own."""
        return run.begin_ms - self.runs[0].begin_ms

    def segments(self) -> Iterator[tuple[str, int, int]]:
        """Name, length in ms, and when its recorder began, in ms of the film."""
        for run in self.runs:
            for name, length_ms in run.segments.items():
                yield name, length_ms, self.begin_ms(run)


def films(found: Iterable[Run], headers: Mapping[str, bytes]) -> list[Film]:
    """Another encoder or quality begins another film; `headers` are by name, and a run without its own is in none."""
    made: list[Film] = []
    for run in found:
        if (header := headers.get(run.header)) is None:
            continue
        if made and made[-1].header == header:
            made[-1].runs.append(run)
        else:
            made.append(Film(header, [run]))
    return made


async def read_films(storage: Storage, folder: str, playlist: str) -> list[Film]:
    """Those that can be read as MP4. A recorder whose header is not there yet is left out.

    Raises StorageUnavailable.
    """
    found = runs(playlist)
    headers: dict[str, bytes] = {}
    for name in {run.header for run in found if run.header}:
        with suppress(NotFound):
            headers[name] = await storage.get(key_of(folder, name))
    return films(found, headers)
