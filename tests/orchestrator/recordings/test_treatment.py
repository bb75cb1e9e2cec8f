"""What the careful pass is told of a class that had captions off, for a while or as a whole."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from orchestrator.recordings.making.treatment import NEVER_MS, silent, treatment
from orchestrator.state.captions import CaptionState
from orchestrator.state.session import SessionState
from schema import events as e
from schema.captions import USUAL, CaptionSettings
from schema.jobs import Span

START = datetime(2026, 11, 21, 9, tzinfo=UTC)
START_MS = round(START.timestamp() * 1000)
ON, OFF = USUAL, CaptionSettings(False, "", (), False, "staff")


def switched(*settings: CaptionSettings) -> list[e.StoredEvent]:
    """A change every minute."""
    return [
        e.StoredEvent(
            id=UUID(int=minute),
            session_id=UUID(int=1),
            sequence=minute + 1,
            created_at=START + timedelta(minutes=minute),
            payload=e.CaptionsConfigured(settings=one, changed_by=UUID(int=2)),
        )
        for minute, one in enumerate(settings)
    ]


def off(from_minute: int | None, until: int | None) -> Span:
    return Span(
        start_unix_ms=0 if from_minute is None else START_MS + 60_000 * from_minute,
        end_unix_ms=NEVER_MS if until is None else START_MS + 60_000 * until,
    )


@pytest.mark.parametrize(
    ("course", "settings", "expected"),
    [
        (ON, [], []),
        (OFF, [], [off(None, None)]),
        (ON, [OFF, OFF, ON, OFF, ON], [off(0, 2), off(3, 4)]),
        (OFF, [ON], [off(None, 0)]),
        (OFF, [OFF, ON], [off(None, 1)]),
        (ON, [ON, OFF], [off(1, None)]),
    ],
)
def test_silence_lasts_from_off_to_on(
    course: CaptionSettings, settings: list[CaptionSettings], expected: list[Span]
) -> None:
    assert list(silent(switched(*settings), course)) == expected


def test_captions_that_are_off_now_were_never_wanted() -> None:
    state = SessionState(captions=CaptionState(settings=OFF))
    assert treatment(switched(ON, OFF), state, ON).silent == (off(None, None),)


def test_a_class_follows_its_course_in_everything_else_too() -> None:
    person = UUID(int=5)
    course = CaptionSettings(True, "de", ("Barton",), True, "staff")
    state = SessionState(captions=CaptionState(languages={person: "fr"}))
    made = treatment([], state, course)
    assert (made.language, made.glossary, made.mask_profanity) == ("de", ("Barton",), True)
    assert made.languages == {str(person): "fr"}
