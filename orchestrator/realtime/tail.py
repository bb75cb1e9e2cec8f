"""The newest part of one session's log, held by a process for all who follow it; pure."""

from collections import deque
from collections.abc import Sequence
from uuid import UUID

import msgspec

from schema.events import (
    CaptionCorrected,
    CaptionFinalized,
    CaptionsRedacted,
    ChatDeleted,
    ChatEdited,
    ChatSent,
    StoredEvent,
    event_type,
)

# Whoever falls further behind than this reads the log itself.
KEPT_EVENTS = 512
KEPT_BYTES = 2_000_000
LAST_WORDS = {"session.ended", "session.cancelled"}


class Frame(msgspec.Struct, frozen=True):
    """An event, and the bytes that every viewer of it gets."""

    event: StoredEvent
    data: bytes


def frame_of(event: StoredEvent) -> Frame:
    """As the HTML standard wants a server-sent event; JSON holds no line breaks."""
    return Frame(event, b"id: %d\ndata: %b\n\n" % (event.sequence, msgspec.json.encode(event)))


class Tail:
    """Events up to `last` without gaps; `over` when the class has ended, though its log may still grow."""

    def __init__(self, last: int, *, over: bool) -> None:
        self.last = last
        self.over = over
        self._frames: deque[Frame] = deque()
        self._bytes = 0

    def extend(self, events: Sequence[StoredEvent]) -> bool:
        """Takes what is new; False when events before these are missing."""
        for event in events:
            if event.sequence > self.last + 1:
                return False
            if event.sequence == self.last + 1:
                self._take(event)
        return True

    def since(self, after: int) -> list[Frame] | None:
        """What follows `after`; None when that is no longer held."""
        count = max(self.last - after, 0)
        if count > len(self._frames):
            return None
        return [self._frames[-step] for step in range(count, 0, -1)]

    def _take(self, event: StoredEvent) -> None:
        match event.payload:
            case ChatDeleted(message_id=gone) | CaptionsRedacted(participant_id=gone):
                self._forget(gone)
            case _:
                pass
        frame = frame_of(event)
        self._frames.append(frame)
        self._bytes += len(frame.data)
        self.last = event.sequence
        self.over = self.over or event_type(event.payload) in LAST_WORDS
        while len(self._frames) > KEPT_EVENTS or self._bytes > KEPT_BYTES:
            self._drop()

    def _forget(self, gone: UUID) -> None:
        """Who comes later reads the log, which no longer tells the text of a deleted message or a redacted speaker."""
        holds = [_says(frame.event, gone) for frame in self._frames]
        for _ in range(len(holds) - holds[::-1].index(True) if any(holds) else 0):
            self._drop()

    def _drop(self) -> None:
        self._bytes -= len(self._frames.popleft().data)


def _says(event: StoredEvent, gone: UUID) -> bool:
    match event.payload:
        case ChatSent(message_id=key) | ChatEdited(message_id=key):
            return key == gone
        case CaptionFinalized(participant_id=key) | CaptionCorrected(participant_id=key):
            return key == gone
        case _:
            return False
