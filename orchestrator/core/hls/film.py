"""The programme as MP4 files: all that recorders wrote one after the other is one, as long as a player needs one header for it."""

import re
from collections.abc import Iterator

import msgspec

from orchestrator.core.hls.playlist import EXTINF, GAP
from orchestrator.core.hls.programme import key_of
from orchestrator.core.storage import Storage
from schema.errors import NotFound

MAP = re.compile(r'#EXT-X-MAP:URI="([^"]+)"')


class Run(msgspec.Struct, frozen=True):
    """What one recorder wrote, by file name: a header, and segments with their lengths in ms, in order.

    `begin_ms` is its place in the playlist.
    """

    header: str
    begin_ms: int
    segments: dict[str, int]


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


def runs(playlist: str) -> list[Run]:
    """None for MPEG-TS, nor for what is lost."""
    found: list[Run] = []
    lost, length_s, end_s = False, 0.0, 0.0
    for line in playlist.splitlines():
        if match := MAP.match(line):
            found.append(Run(match[1], round(end_s * 1000), {}))
        elif match := EXTINF.match(line):
            length_s = float(match[1])
            end_s += length_s
        elif line and not line.startswith("#"):
            if found and lost:
                _lengthen_last(found[-1].segments, round(length_s * 1000))
            elif found:
                found[-1].segments[line] = round(length_s * 1000)
            lost = False
        lost |= line == GAP
    return [run for run in found if run.segments]


def _lengthen_last(segments: dict[str, int], length_ms: int) -> None:
    """What is lost belongs to the one before it: the next has its own time."""
    if segments:
        segments[next(reversed(segments))] += length_ms
