"""The cases that the web client's reducer is held to as well (web/src/sessions/state/folds.test.ts)."""

from pathlib import Path

import msgspec
import pytest

from orchestrator.state.session import SessionState, evolve
from orchestrator.state.view import view
from schema.state import SessionView
from tests.support.folds import Case, cases, text, views

# Where in the log one looks: no part of the state, and the same for every case.
PLACE = {"sequence", "at"}


@pytest.mark.parametrize("path", cases(), ids=lambda path: path.stem)
def test_the_fold_gives_what_the_case_says(path: Path) -> None:
    case = msgspec.json.decode(path.read_bytes(), type=Case)
    assert case.views == views(case.parts, case.log), "see tests/support/folds.py"
    assert path.read_text() == text(case)


@pytest.mark.parametrize("path", cases(), ids=lambda path: path.stem)
def test_a_state_survives_in_a_snapshot(path: Path) -> None:
    state = SessionState()
    for event in msgspec.json.decode(path.read_bytes(), type=Case).log:
        state = evolve(state, event)
        kept = msgspec.msgpack.decode(msgspec.msgpack.encode(state), type=SessionState)
        assert kept == state
        # Equal dictionaries may differ in order, and lists are made of them.
        assert views_of(kept) == views_of(state)


def views_of(state: SessionState) -> bytes:
    return msgspec.json.encode(view(state, 0, None))


def test_every_part_of_the_view_has_a_case() -> None:
    named = {
        part for path in cases() for part in msgspec.json.decode(path.read_bytes(), type=Case).parts
    }
    fields = {field.encode_name for field in msgspec.structs.fields(SessionView)}
    assert named == fields - PLACE
