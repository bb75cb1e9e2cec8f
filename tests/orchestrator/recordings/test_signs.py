"""What of a class's log the makers of artifacts are told: reactions as they stood at the end."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from orchestrator.recordings.making.signs import signs
from schema import events as e
from schema.audience import Emoji

START = datetime(2026, 11, 21, 9, tzinfo=UTC)
MESSAGE = UUID(int=7)


def reacted(who: int, emoji: Emoji) -> e.ChatReacted:
    own = UUID(int=who)
    return e.ChatReacted(message_id=MESSAGE, participant_id=own, user_id=own, emoji=emoji)


def withdrawn(who: int, emoji: Emoji) -> e.ChatReactionWithdrawn:
    own = UUID(int=who)
    return e.ChatReactionWithdrawn(message_id=MESSAGE, participant_id=own, user_id=own, emoji=emoji)


def told(payloads: Sequence[e.Event]) -> list[tuple[str, UUID | None, str]]:
    """One event a second."""
    log = [
        e.StoredEvent(
            id=UUID(int=n),
            session_id=UUID(int=1),
            sequence=n + 1,
            created_at=START + timedelta(seconds=n),
            payload=payload,
        )
        for n, payload in enumerate(payloads)
    ]
    return [(sign.kind, sign.participant_id, sign.text) for sign in signs(log)]


def test_reactions_are_told_but_for_those_taken_back() -> None:
    log: list[e.Event] = [
        reacted(2, "laugh"),
        reacted(3, "heart"),
        reacted(3, "laugh"),
        withdrawn(3, "heart"),
    ]
    assert told(log) == [
        ("reaction", UUID(int=2), "laugh"),
        ("reaction", UUID(int=3), "laugh"),
    ]


@given(st.lists(st.tuples(st.booleans(), st.integers(2, 4)), max_size=20))
def test_who_reacts_at_the_end_is_told_and_nobody_else(steps: list[tuple[bool, int]]) -> None:
    there = {who: now for now, who in steps}
    log = [reacted(who, "laugh") if now else withdrawn(who, "laugh") for now, who in steps]
    assert {who for _, who, _ in told(log)} == {UUID(int=who) for who, now in there.items() if now}
