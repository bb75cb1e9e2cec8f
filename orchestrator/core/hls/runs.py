"""A playlist by its recorders: what each wrote is a header, where it is fragmented MP4, and its segments; pure."""

from datetime import datetime

import msgspec
from msgspec.structs import replace

from orchestrator.core.hls.playlist import CUT, DATE, END, EXTINF, GAP, MAP, MAP_URI, TARGET


class Run(msgspec.Struct, frozen=True):
    """What one recorder wrote, by file name: a header, empty for MPEG-TS, and segments with their lengths in ms, in order.

    `started_at` is None where the playlist does not say it; `begin_ms` is the run's place in the playlist.
    """

    header: str
    segments: dict[str, int]
    started_at: datetime | None = None
    begin_ms: int = 0


def runs(playlist: str) -> list[Run]:
    """None for what is lost."""
    found = [Run("", {})]
    lost, length_s, end_s = False, 0.0, 0.0
    for line in playlist.splitlines():
        if match := MAP_URI.search(line):
            found.append(Run(match[2], {}, begin_ms=round(end_s * 1000)))
        elif line == CUT:
            found.append(Run(found[-1].header, {}, begin_ms=round(end_s * 1000)))
        elif match := EXTINF.match(line):
            length_s = float(match[1])
            end_s += length_s
        elif line.startswith(DATE) and not found[-1].segments:
            started_at = datetime.fromisoformat(line.removeprefix(DATE))
            found[-1] = replace(found[-1], started_at=started_at)
        elif line and not line.startswith("#"):
            if lost:
                _lengthen_last(found[-1].segments, round(length_s * 1000))
            else:
                found[-1].segments[line] = round(length_s * 1000)
            lost = False
        lost |= line == GAP
    return [run for run in found if run.segments]


def playlist_of(run: Run) -> str:
    """That of a recording which is over."""
    target_s = -(-max(run.segments.values()) // 1000)
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-PLAYLIST-TYPE:VOD", f"{TARGET}{target_s}"]
    lines.append(f'{MAP}URI="{run.header}"')
    if run.started_at:
        lines.append(f"{DATE}{run.started_at.isoformat(timespec='milliseconds')}")
    for name, length_ms in run.segments.items():
        lines += [f"#EXTINF:{length_ms / 1000:.3f},", name]
    return "\n".join([*lines, END]) + "\n"


def _lengthen_last(segments: dict[str, int], length_ms: int) -> None:
    """What is lost belongs to the one before it: the next has its own time."""
    if segments:
        segments[next(reversed(segments))] += length_ms
