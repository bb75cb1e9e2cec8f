"""The cases to which both reducers are held, Python's and the web client's: tests/data/folds/*.json.

A case is a log, and the parts of a SessionView that it is about, before the first event and after each. To write one, give
`parts` and a `log` whose entries have a `payload`; `python -m tests.support.folds` fills in the rest. Then read it: it is
what members will see.
"""

import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from orchestrator.state.session import SessionState, evolve
from orchestrator.state.view import view
from schema.events import StoredEvent

FOLDER = Path(__file__).parents[1] / "data" / "folds"
START = datetime(2026, 11, 21, 9, tzinfo=UTC)

View = dict[str, Any]


class Seen(msgspec.Struct, frozen=True):
    """`at` is the sequence of the last event that counts."""

    at: int
    view: View


class Case(msgspec.Struct, frozen=True):
    """`parts` are fields of SessionView, by their names on the wire."""

    parts: list[str]
    log: list[StoredEvent]
    views: list[Seen]


def cases() -> list[Path]:
    return sorted(FOLDER.glob("*.json"))


def views(parts: Sequence[str], log: Sequence[StoredEvent]) -> list[Seen]:
    states = accumulate(log, evolve, initial=SessionState())
    whole = (msgspec.json.decode(msgspec.json.encode(view(one, 0, None))) for one in states)
    return [Seen(n, {part: one[part] for part in parts}) for n, one in enumerate(whole)]


def completed(case: dict[str, Any]) -> Case:
    """Entries of the log get an id, a sequence and a time, one a second, unless they have them."""
    log = [
        {
            "id": str(UUID(int=n)),
            "sessionId": str(UUID(int=0)),
            "sequence": n,
            "createdAt": (START + timedelta(seconds=n)).isoformat(),
            **entry,
        }
        for n, entry in enumerate(case["log"], start=1)
    ]
    events = msgspec.convert(log, list[StoredEvent])
    return Case(case["parts"], events, views(case["parts"], events))


def text(case: Case) -> str:
    """A line for each event and each view, so that a change shows as what it is."""
    parts = msgspec.json.encode(case.parts).decode()
    return f'{{\n"parts": {parts},\n"log": {_lines(case.log)},\n"views": {_lines(case.views)}\n}}\n'


def _lines(entries: Iterable[msgspec.Struct]) -> str:
    return "[\n" + ",\n".join(msgspec.json.encode(entry).decode() for entry in entries) + "\n]"


if __name__ == "__main__":
    for path in cases():
        path.write_text(text(completed(msgspec.json.decode(path.read_bytes()))))
        sys.stdout.write(f"{path.name}\n")
