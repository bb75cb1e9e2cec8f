"""Parts of one recording as one HLS media playlist (RFC 8216); pure."""

import re
from datetime import datetime

END = "#EXT-X-ENDLIST"
GAP = "#EXT-X-GAP"
DURATION = "#EXTINF:"
DATE = "#EXT-X-PROGRAM-DATE-TIME:"
TARGET = "#EXT-X-TARGETDURATION:"
# What belongs to single segments; everything else stands once, at the head.
CUT = "#EXT-X-DISCONTINUITY"
MAP = "#EXT-X-MAP:"
OF_SEGMENTS = (DURATION, DATE, GAP, MAP, CUT)
# The name of a segment that nobody made; players never ask for one that is marked as a gap.
NOTHING = "missing.m4s"
# Less than a frame is no gap.
LEAST_GAP_S = 0.03
MAP_URI = re.compile(r'(URI=")([^"]+)(")')
EXTINF = re.compile(r"^#EXTINF:([0-9.]+)", re.MULTILINE)


def continued(before: str, after: str) -> str:
    """One playlist of an interrupted one and that of the recorder which went on: the time between is marked as a gap, so that
    what comes later keeps its place, and the new part as a discontinuity (RFC 8216, 4.3.2.3)."""
    if not before or not after:
        return before or after
    lines = [line for line in before.splitlines() if line != END]
    new = after.splitlines()
    segment_s = max(_target_s(lines), _target_s(new))
    head = [f"{TARGET}{segment_s}" if line.startswith(TARGET) else line for line in lines]
    gap = _gap(_end_of(lines), _begin_of(new), segment_s)
    part = [line for line in new if line == END or _of_segment(line)]
    return "\n".join([*head, *gap, CUT, *part]) + "\n"


def below(playlist: str, folder: str) -> str:
    """The playlist as it is read elsewhere: every file's name below `folder`, which ends with a slash."""
    return "\n".join(_below(line, folder) for line in playlist.splitlines()) + "\n"


def length_ms(playlist: str) -> int:
    """The length of a media playlist, whether it was closed or not."""
    return round(sum(float(seconds) for seconds in EXTINF.findall(playlist)) * 1000)


def missing_ms(playlist: str) -> int:
    """How much of it is marked as a gap."""
    _, *after = playlist.split(f"{GAP}\n")
    return round(sum(float(EXTINF.findall(text)[0]) for text in after) * 1000)


def _below(line: str, folder: str) -> str:
    if line.startswith("#"):
        return MAP_URI.sub(lambda match: f"{match[1]}{folder}{match[2]}{match[3]}", line)
    return folder + line if line else line


def _of_segment(line: str) -> bool:
    return not line.startswith("#") or line.startswith(OF_SEGMENTS)


def _target_s(lines: list[str]) -> int:
    told = (int(line.removeprefix(TARGET)) for line in lines if line.startswith(TARGET))
    return max(told, default=1)


def _begin_of(lines: list[str]) -> float | None:
    dates = [line.removeprefix(DATE) for line in lines if line.startswith(DATE)]
    return datetime.fromisoformat(dates[0]).timestamp() if dates else None


def _end_of(lines: list[str]) -> float | None:
    """Unix time at which the last segment ends, by the last date and the lengths since."""
    end_s: float | None = None
    for line in lines:
        if line.startswith(DATE):
            end_s = datetime.fromisoformat(line.removeprefix(DATE)).timestamp()
        elif line.startswith(DURATION) and end_s is not None:
            end_s += float(line.removeprefix(DURATION).split(",")[0])
    return end_s


def _gap(end_s: float | None, begin_s: float | None, segment_s: int) -> list[str]:
    """No piece of it is longer than a segment may be."""
    left_s = begin_s - end_s if end_s is not None and begin_s is not None else 0.0
    lines: list[str] = []
    while left_s > LEAST_GAP_S:
        piece_s = min(left_s, float(segment_s))
        lines += [GAP, f"{DURATION}{piece_s:.6f},", NOTHING]
        left_s -= piece_s
    return lines
