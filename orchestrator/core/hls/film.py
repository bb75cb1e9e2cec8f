"""The programme as MP4 files: all that recorders wrote one after the other is one, as long as a player needs one header for it."""

from collections.abc import Iterator

import msgspec

from orchestrator.core.hls.programme import key_of
from orchestrator.core.hls.runs import Run, runs
from orchestrator.core.storage import Storage
from schema.errors import NotFound


class Film(msgspec.Struct, frozen=True):
    """Of at least one run, whose headers are all this one."""

    header: bytes
    runs: list[Run]

    def segments(self) -> Iterator[tuple[str, int, int]]:
        """Name, length in ms, and the time in ms that lies between the film's begin and its recorder's."""
        for run in self.runs:
            for name, length_ms in run.segments.items():
                yield name, length_ms, run.begin_ms - self.runs[0].begin_ms


async def films(storage: Storage, folder: str, playlist: str) -> list[Film]:
    """Another encoder or quality begins another film. A recorder whose header is not there yet is left out.

    Raises StorageUnavailable.
    """
    found: list[Film] = []
    for run in runs(playlist):
        try:
            header = await storage.get(key_of(folder, run.header))
        except NotFound:
            continue
        if found and found[-1].header == header:
            found[-1].runs.append(run)
        else:
            found.append(Film(header, [run]))
    return found
