"""The newest part of a media playlist that grows: of a long class, a player asks for hours of names every two seconds; pure."""

import msgspec

from orchestrator.core.hls.playlist import CUT, END, EXTINF, MAP, OF_SEGMENTS

SEQUENCE = "#EXT-X-MEDIA-SEQUENCE:"
CUTS = "#EXT-X-DISCONTINUITY-SEQUENCE:"
# All that grows is kept in one of this type (RFC 8216, 4.3.3.5), and names are taken from the front here.
TYPE = "#EXT-X-PLAYLIST-TYPE:"


class Entry(msgspec.Struct):
    """A segment with the lines before it that are its own; `header` is the line of the one it needs."""

    lines: list[str]
    header: str = ""
    length_s: float = 0.0


def newest(playlist: str, window_s: float) -> str:
    """The last segments, `window_s` at most but one at least, each by the number it had before (RFC 8216, 6.2.2)."""
    head, entries, tail = _read(playlist)
    first = _first(entries, window_s)
    gone, kept = entries[:first], entries[first:]
    cuts = sum(CUT in entry.lines for entry in gone)
    lines = [*head, f"{SEQUENCE}{first}", f"{CUTS}{cuts}"]
    if gone and kept[0].header not in ("", *kept[0].lines):
        lines.append(kept[0].header)
    return "\n".join([*lines, *(line for entry in kept for line in entry.lines), *tail]) + "\n"


def _read(playlist: str) -> tuple[list[str], list[Entry], list[str]]:
    """What stands at the head, the segments, and what ends it."""
    head: list[str] = []
    entries: list[Entry] = []
    open_ = Entry([])
    lines = playlist.splitlines()
    for line in lines:
        if line.startswith((SEQUENCE, CUTS, TYPE)):
            continue
        if line.startswith(MAP):
            open_.header = line
        elif match := EXTINF.match(line):
            open_.length_s = float(match[1])
        if line.startswith(OF_SEGMENTS):
            open_.lines.append(line)
        elif line and not line.startswith("#"):
            open_.lines.append(line)
            entries.append(open_)
            open_ = Entry([], open_.header)
        elif line != END:
            head.append(line)
    return head, entries, [END] if END in lines else []


def _first(entries: list[Entry], window_s: float) -> int:
    """The index of the first that is kept."""
    kept_s = 0.0
    for index in reversed(range(len(entries))):
        kept_s += entries[index].length_s
        if kept_s > window_s:
            return min(index + 1, len(entries) - 1)
    return 0
