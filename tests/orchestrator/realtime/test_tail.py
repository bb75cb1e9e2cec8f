"""The tail: whatever comes in whatever order, what it gives is a part of the log without a gap."""

from datetime import UTC, datetime
from uuid import UUID

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from orchestrator.realtime.tail import KEPT_BYTES, KEPT_EVENTS, Tail, frame_of
from schema.events import ChatDeleted, ChatSent, Event, SessionEnded, StoredEvent

NOBODY = UUID(int=1)


def chat(content: str, message_id: UUID = NOBODY) -> ChatSent:
    return ChatSent(message_id=message_id, participant_id=NOBODY, user_id=NOBODY, content=content)


def stored(sequence: int, payload: Event | None = None) -> StoredEvent:
    return StoredEvent(
        id=UUID(int=sequence),
        session_id=NOBODY,
        sequence=sequence,
        created_at=datetime(2026, 11, 21, tzinfo=UTC),
        payload=payload or chat(f"text {sequence}"),
    )


def sequences(tail: Tail, after: int) -> list[int] | None:
    frames = tail.since(after)
    return None if frames is None else [frame.event.sequence for frame in frames]


@given(
    start=st.integers(0, 5),
    batches=st.lists(st.tuples(st.integers(1, 12), st.integers(1, 4)), max_size=20),
    after=st.integers(0, 20),
)
def test_what_it_gives_follows_without_a_gap(
    start: int, batches: list[tuple[int, int]], after: int
) -> None:
    tail = Tail(start, over=False)
    for first, count in batches:
        before = tail.last
        taken = tail.extend([stored(n) for n in range(first, first + count)])
        assert taken == (first <= before + 1)
        assert tail.last == (max(before, first + count - 1) if taken else before)
    if after < start:
        assert tail.since(after) is None
    else:
        assert sequences(tail, after) == list(range(after + 1, tail.last + 1))


def test_it_holds_the_newest_and_says_when_it_no_longer_has_what_is_asked() -> None:
    tail = Tail(0, over=False)
    tail.extend([stored(n) for n in range(1, KEPT_EVENTS + 11)])
    assert tail.since(9) is None
    assert sequences(tail, 10) == list(range(11, KEPT_EVENTS + 11))


def test_large_events_push_out_more() -> None:
    tail = Tail(0, over=False)
    large = chat("x" * (KEPT_BYTES // 4))
    for sequence in range(1, 10):
        tail.extend([stored(sequence, large)])
    frames = tail.since(7)
    assert frames is not None
    assert tail.since(4) is None
    assert sum(len(frame.data) for frame in frames) <= KEPT_BYTES


def test_the_last_word_of_a_class_ends_it_and_what_follows_is_still_told() -> None:
    tail = Tail(3, over=False)
    tail.extend([stored(4)])
    before = tail.over
    tail.extend([stored(5, SessionEnded(reason="command")), stored(6)])
    assert (before, tail.over) == (False, True)
    assert sequences(tail, 3) == [4, 5, 6]


def test_the_text_of_a_deleted_message_is_held_no_longer() -> None:
    tail, message_id = Tail(0, over=False), UUID(int=9)
    tail.extend([stored(1), stored(2, chat("secret", message_id)), stored(3)])
    tail.extend([stored(4, ChatDeleted(message_id=message_id, deleted_by=NOBODY))])
    assert sequences(tail, 2) == [3, 4]
    assert tail.since(1) is None


@given(st.text())
def test_a_frame_is_one_server_sent_event_whatever_people_write(text: str) -> None:
    event = stored(7, chat(text))
    number, data, *rest = frame_of(event).data.decode().split("\n")
    assert (number, rest) == ("id: 7", ["", ""])
    assert "\r" not in data
    assert msgspec.json.decode(data.removeprefix("data: "), type=StoredEvent) == event
