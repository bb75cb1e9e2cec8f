"""Fragments of MP4 (ISO 14496-12) that go on after those of another recorder: each begins its time at zero; pure."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

# Size and type stand before a box's body, version and flags before what a full box says.
HEAD, FULL = 8, 4


class Place(NamedTuple):
    """Where a fragment stands in the whole file: its number, from 1 on, and when its recorder began.

    `scales` are the ticks a second of each track.
    """

    number: int
    begin_ms: int
    scales: Mapping[int, int]


def placed(fragment: bytes, place: Place) -> bytes:
    """Of the same size."""
    moved = bytearray(fragment)
    for moof in _within(moved, b"moof"):
        for mfhd in _within(moved, b"mfhd", moof):
            at = mfhd.start + FULL
            moved[at : at + 4] = place.number.to_bytes(4)
        for traf in _within(moved, b"traf", moof):
            _delay(moved, traf, place)
    return bytes(moved)


def timescales(header: bytes) -> dict[int, int]:
    """Ticks a second, by the number of the track."""
    found = {}
    for moov in _within(header, b"moov"):
        for trak in _within(header, b"trak", moov):
            (tkhd,) = _within(header, b"tkhd", trak)
            (mdia,) = _within(header, b"mdia", trak)
            (mdhd,) = _within(header, b"mdhd", mdia)
            found[_number(header, _past_dates(header, tkhd))] = _number(
                header, _past_dates(header, mdhd)
            )
    return found


def _delay(moved: bytearray, traf: range, place: Place) -> None:
    (tfhd,), (tfdt,) = _within(moved, b"tfhd", traf), _within(moved, b"tfdt", traf)
    ticks = round(place.begin_ms * place.scales[_number(moved, tfhd.start + FULL)] / 1000)
    width = 8 if moved[tfdt.start] else 4
    time = slice(tfdt.start + FULL, tfdt.start + FULL + width)
    moved[time] = (int.from_bytes(moved[time]) + ticks).to_bytes(width)


def _within(data: bytes | bytearray, kind: bytes, outer: range | None = None) -> Iterator[range]:
    """The bodies of all boxes of a kind in the body of another, or at the top."""
    at, end = (outer.start, outer.stop) if outer else (0, len(data))
    while at + HEAD <= end:
        size = _number(data, at)
        if data[at + 4 : at + HEAD] == kind:
            yield range(at + HEAD, at + size)
        # A size of zero, to the end of the file, is none that we write.
        at += max(size, HEAD)


def _past_dates(data: bytes, box: range) -> int:
    """Where `tkhd` and `mdhd` go on after the times of making and change, which version 1 writes in 64 bits."""
    return box.start + FULL + (16 if data[box.start] else 8)


def _number(data: bytes | bytearray, at: int) -> int:
    return int.from_bytes(data[at : at + 4])
