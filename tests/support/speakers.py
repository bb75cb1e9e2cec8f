"""Who speaks, block by block, for both who draw a programme: `python -m tests.support.speakers` writes tests/data/speakers.json."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from agents.media.sound.speaker import ActiveSpeaker

FILE = Path(__file__).parents[1] / "data" / "speakers.json"
BLOCK_S = 1 / 30
QUIET, FAINT, LOUD, LOUDER = -60.0, -40.0, -30.0, -20.0
SECONDS = 30
Levels = dict[str, float]


def encoded() -> bytes:
    """A line a case, so that a change can be read."""
    lines = b",\n".join(msgspec.json.encode(case) for case in cases())
    return b"[\n" + lines + b"\n]\n"


def cases() -> list[dict[str, Any]]:
    """Spells of blocks with the same levels, and who is shown after each; somebody without a level has left."""
    return [
        case("a faint click is no voice", [({"a": FAINT}, 2), ({"a": QUIET}, 60)]),
        case("a voice takes the place", [({"a": LOUD}, 8), ({"a": LOUD}, 2)]),
        case("a pause keeps it", [({"a": LOUD, "b": QUIET}, 15), ({"a": QUIET, "b": QUIET}, 200)]),
        case("a louder one has to wait", [({"a": LOUD}, 15), *both(40), *both(10)]),
        case("who left speaks no more", [({"a": LOUD, "b": QUIET}, 15), ({"b": QUIET}, 1)]),
        case("a room full of talk", list(talk())),
    ]


def both(blocks: int) -> list[tuple[Levels, int]]:
    return [({"a": LOUD, "b": LOUDER}, blocks)]


def talk() -> Iterator[tuple[Levels, int]]:
    chance = random.Random(7)
    for _ in range(SECONDS):
        levels = {name: round(chance.uniform(-65, -15), 1) for name in "abcd"}
        yield levels, chance.randint(1, 60)


def case(name: str, spells: list[tuple[Levels, int]]) -> dict[str, Any]:
    speaker, told = ActiveSpeaker(), []
    there: set[str] = set()
    for levels, blocks in spells:
        for gone in sorted(there - levels.keys()):
            speaker.forget(gone)
        there = set(levels)
        for _ in range(blocks):
            speaker.hear(levels, BLOCK_S)
        told.append({"levels": levels, "blocks": blocks, "current": speaker.current})
    return {"name": name, "blockS": BLOCK_S, "spells": told}


if __name__ == "__main__":
    FILE.write_bytes(encoded())
