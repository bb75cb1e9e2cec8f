"""Cases that both who draw a programme are held to: `python -m tests.support.layouts` writes tests/data/layouts.json."""

from itertools import product
from pathlib import Path
from typing import Any

import msgspec

from agents.media.geometry import Cast, Rect
from agents.media.layouts.registry import LAYOUTS

FILE = Path(__file__).parents[1] / "data" / "layouts.json"
AREAS = (Rect(0, 0, 1280, 720), Rect(0, 60, 1280, 660), Rect(0, 0, 720, 1280))
COUNTS = (0, 1, 2, 3, 5, 8)


def cases() -> list[dict[str, Any]]:
    return [
        {
            "layout": layout,
            "cast": cast._asdict(),
            "area": area,
            "tiles": [{"id": tile.source_id, "rect": tile.rect} for tile in arrange(cast, area)],
        }
        for layout, arrange in LAYOUTS.items()
        for cast in casts()
        for area in AREAS
    ]


def casts() -> list[Cast]:
    made = []
    for count, screen, surface in product(COUNTS, (None, "screen"), (None, "surface")):
        people = tuple(f"p{n}" for n in range(count))
        everyone = (*people[:1], screen, *people[1:]) if screen else people
        made.append(Cast(everyone, people[-1] if people else None, screen, surface))
    return made


def encoded() -> bytes:
    """A line a case, so that a change can be read."""
    lines = b",\n".join(msgspec.json.encode(case) for case in cases())
    return b"[\n" + lines + b"\n]\n"


if __name__ == "__main__":
    FILE.write_bytes(encoded())
